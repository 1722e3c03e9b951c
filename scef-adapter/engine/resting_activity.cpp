#include "scef-adapter/engine/resting_activity.h"

#include <algorithm>

#include "scef-adapter/engine/packed_numbers.h"

/// Messages are named by their place in the list of the device's messages.
namespace scef::adapter {

using namespace packed;
using queueing::DeviceQueue;
using queueing::OrderClass;

namespace {

/// Each time the device is looked at, all of them are built anew: many are better left as they are.
constexpr std::size_t messages_max = 16;

std::size_t place_of(const DeviceActivity& activity, const MessageId& id) {
    const auto& all = activity.messages;
    return static_cast<std::size_t>(std::find(all.begin(), all.end(), id) - all.begin());
}

bool is_listed(const DeviceActivity& activity, const MessageId& id) {
    return place_of(activity, id) < activity.messages.size();
}

void append_id(Bytes& octets, const MessageId& id) {
    octets.insert(octets.end(), id.octets().begin(), id.octets().end());
}

MessageId take_id(const std::uint8_t*& place) {
    const MessageId id = MessageId::from_octets(ByteView{place, 16});
    place += 16;
    return id;
}

/// Zero: never, or over.
void append_deadline(Bytes& octets, Instant value, Instant now) {
    const bool is_ahead = value > now && value != never;
    append_number(octets, is_ahead ? count_of(value, false) : 0);
}

Instant take_deadline(const std::uint8_t*& place, Instant otherwise) {
    const std::uint64_t count = take_number(place);
    return count == 0 ? otherwise : time_of<Instant>(count, false);
}

}  // namespace

bool may_rest(const DeviceActivity& activity) {
    const bool is_quiet = activity.in_flight.empty() && activity.uplinks.empty() &&
                          activity.replacing.empty() && activity.early_statuses.empty() &&
                          activity.late_answers.empty() && activity.kept_answers.empty() &&
                          activity.reconcile_open == 0;
    if (!is_quiet || activity.messages.empty() || activity.messages.size() > messages_max) {
        return false;
    }
    const auto& places = activity.queue.places();
    const auto& tokens = activity.open_by_token;
    return std::all_of(places.begin(), places.end(),
                       [&](const auto& place) { return is_listed(activity, place.id); }) &&
           std::all_of(tokens.begin(), tokens.end(),
                       [&](const auto& open) { return is_listed(activity, open.second); });
}

Bytes packed_activity(const DeviceActivity& activity, Instant now) {
    Bytes octets;
    append_number(octets, activity.messages.size());
    for (const MessageId& id : activity.messages) append_id(octets, id);
    append_number(octets, activity.queue.size());
    for (const DeviceQueue::Place& place : activity.queue.places()) {
        append_number(octets, place_of(activity, place.id));
        octets.push_back(static_cast<std::uint8_t>(place.order_class));
        octets.push_back(place.haste);
    }
    append_number(octets, activity.open_by_token.size());
    for (const auto& [token, id] : activity.open_by_token) {
        append_number(octets, token.view().size());
        octets.insert(octets.end(), token.view().begin(), token.view().end());
        append_number(octets, place_of(activity, id));
    }
    append_number(octets, activity.queued_bytes);
    const std::size_t newest = place_of(activity, activity.newest_change);
    append_number(octets, newest);
    if (newest == activity.messages.size()) append_id(octets, activity.newest_change);
    append_deadline(octets, activity.pump_at, now);
    append_deadline(octets, activity.owner_answers_by, now);
    append_deadline(octets, activity.watched_until, now);
    append_deadline(octets, activity.throttled_until, now);
    append_number(octets, activity.throttles);
    return octets;
}

std::unique_ptr<DeviceActivity> unpacked_activity(ByteView octets) {
    auto activity = std::make_unique<DeviceActivity>();
    const std::uint8_t* place = octets.data();
    activity->messages.resize(take_number(place));
    for (MessageId& id : activity->messages) id = take_id(place);
    for (std::uint64_t left = take_number(place); left > 0; --left) {
        const MessageId id = activity->messages[take_number(place)];
        const auto order_class = static_cast<OrderClass>(*place++);
        activity->queue.push(DeviceQueue::Place{order_class, *place++, id});
    }
    for (std::uint64_t left = take_number(place); left > 0; --left) {
        const std::uint64_t size = take_number(place);
        const coap::Token token(ByteView{place, size});
        place += size;
        activity->open_by_token.emplace(token, activity->messages[take_number(place)]);
    }
    activity->queued_bytes = take_number(place);
    const std::uint64_t newest = take_number(place);
    activity->newest_change =
        newest == activity->messages.size() ? take_id(place) : activity->messages[newest];
    activity->pump_at = take_deadline(place, never);
    activity->owner_answers_by = take_deadline(place, Instant{});
    activity->watched_until = take_deadline(place, Instant{});
    activity->throttled_until = take_deadline(place, Instant{});
    activity->throttles = static_cast<std::uint32_t>(take_number(place));
    return activity;
}

}  // namespace scef::adapter
