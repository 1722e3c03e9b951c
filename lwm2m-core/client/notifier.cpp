#include "lwm2m-core/client/notifier.h"

#include <algorithm>

#include "lwm2m-core/client/block_transfer.h"

namespace scef::client {
namespace {

using coap::Message;
namespace options = coap::options;
using std::chrono::seconds;

constexpr std::size_t observations_max = 32;
constexpr std::uint32_t sequence_mask = 0xffffff;
/// A server's interest is checked by a confirmable notification at least this often
/// (RFC 7641 4.5).
constexpr Duration confirmable_period = std::chrono::hours(24);

std::uint32_t server_default(const ObjectModel& model, std::uint16_t resource) {
    const Object* const servers = model.object(1);
    if (servers == nullptr || servers->instances.empty()) return 0;
    const Resource* const found = servers->instances.front().resource(resource);
    const Value* const value = found == nullptr ? nullptr : found->value();
    const auto* const number = value == nullptr ? nullptr : std::get_if<std::int64_t>(value);
    return number == nullptr || *number < 0 || *number > 0xffffffffLL
               ? 0
               : static_cast<std::uint32_t>(*number);
}

}  // namespace

std::optional<std::uint32_t> Notifier::observe(const Message& request, std::vector<Path> paths,
                                               Instant now) {
    auto place =
        std::find_if(observations_.begin(), observations_.end(),
                     [&](const Observation& entry) { return entry.token == request.token; });
    if (place == observations_.end()) {
        if (observations_.size() >= observations_max) return std::nullopt;
        place = observations_.emplace(observations_.end());
    }
    place->token = request.token;
    place->paths = std::move(paths);
    place->accept = request.uint_option(options::accept);
    if (request.code == coap::codes::fetch && !place->accept) place->accept = formats::senml_json;
    place->sequence = (place->sequence + 1) & sequence_mask;
    place->pending = false;
    place->is_gone = false;
    place->last_sent = now;
    place->last_confirmable = now;
    place->reported = number_at(*place);
    return place->sequence;
}

bool Notifier::cancel(const coap::Token& token) {
    return std::erase_if(observations_, [&](const auto& entry) { return entry.token == token; }) >
           0;
}

bool Notifier::cancel_by_message_id(std::uint16_t message_id) {
    return std::erase_if(observations_, [&](const Observation& entry) {
               return entry.has_message_id && entry.last_message_id == message_id;
           }) > 0;
}

void Notifier::remove_below(const Path& path) {
    for (Observation& entry : observations_) {
        const bool is_single = entry.paths.size() == 1;
        if (is_single && path.contains(entry.paths.front())) {
            entry.pending = entry.is_gone = true;
        } else if (is_single && entry.paths.front().contains(path)) {
            entry.pending = true;
        }
    }
}

std::optional<double> Notifier::number_at(const Observation& observation) const {
    if (observation.paths.size() != 1 || observation.paths.front().depth() < 3) return std::nullopt;
    const Value* const value = model_.peek(observation.paths.front());
    return value == nullptr ? std::nullopt : as_number(*value);
}

bool Notifier::is_news(const Observation& observation, const Path& path) const {
    const bool touched =
        std::any_of(observation.paths.begin(), observation.paths.end(),
                    [&](const Path& own) { return own.contains(path) || path.contains(own); });
    if (!touched || !observation.reported) return touched;
    const auto now = number_at(observation);
    return !now ||
           attributes_.effective(observation.paths.front()).is_met(*observation.reported, *now);
}

void Notifier::on_changed(const Path& path) {
    for (Observation& entry : observations_) {
        if (is_news(entry, path)) entry.pending = true;
    }
}

Instant Notifier::due(const Observation& observation) const {
    if (observation.is_gone) return observation.last_sent;
    std::uint32_t pmin = 0;
    std::uint32_t pmax = 0;
    const std::uint32_t default_pmin = server_default(model_, 2);
    const std::uint32_t default_pmax = server_default(model_, 3);
    for (const Path& path : observation.paths) {
        const NotificationAttributes attributes = attributes_.effective(path);
        const std::uint32_t own = attributes.pmax.value_or(default_pmax);
        pmin = std::max(pmin, attributes.pmin.value_or(default_pmin));
        if (own != 0) pmax = pmax == 0 ? own : std::min(pmax, own);
    }
    if (pmax < pmin) pmax = 0;  // Core TS 5.1.2: such a pmax is ignored
    if (observation.pending) return observation.last_sent + seconds(pmin);
    return pmax == 0 ? never : observation.last_sent + seconds(pmax);
}

Instant Notifier::due() const {
    Instant earliest = never;
    for (const Observation& entry : observations_) earliest = std::min(earliest, due(entry));
    return earliest;
}

Message Notifier::notification(Observation& observation, Instant now) {
    Message message;
    const bool check = now - observation.last_confirmable >= confirmable_period;
    const bool confirmable = confirmable_ || check;
    message.type = confirmable ? coap::Type::confirmable : coap::Type::non_confirmable;
    message.token = observation.token;
    observation.pending = false;
    observation.last_sent = now;
    if (confirmable) observation.last_confirmable = now;
    auto content = operations_.read(observation.paths, observation.accept);
    if (!content) {
        message.code = content.error();
        observation.is_gone = true;
        return message;
    }
    observation.sequence = (observation.sequence + 1) & sequence_mask;
    observation.reported = number_at(observation);
    message.code = coap::codes::content;
    message.add_uint(options::observe, observation.sequence);
    message.add_uint(options::content_format, content->format);
    message.payload = std::move(content->payload);
    cut_to_block(message, nullptr);
    return message;
}

std::vector<Message> Notifier::take_due(Instant now) {
    std::vector<Message> messages;
    for (Observation& entry : observations_) {
        if (due(entry) <= now) messages.push_back(notification(entry, now));
    }
    std::erase_if(observations_, [](const Observation& entry) { return entry.is_gone; });
    return messages;
}

void Notifier::on_sent(const coap::Token& token, std::uint16_t message_id) {
    for (Observation& entry : observations_) {
        if (entry.token == token) {
            entry.last_message_id = message_id;
            entry.has_message_id = true;
        }
    }
}

}  // namespace scef::client
