#include "lwm2m-core/client/notifier.h"

#include <algorithm>

#include "lwm2m-core/client/block_transfer.h"
#include "lwm2m-core/client/objects/definitions.h"
#include "lwm2m-core/client/server_account.h"

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

std::int64_t default_period(const ObjectModel& model, std::uint16_t instance,
                            std::uint16_t resource) {
    constexpr std::int64_t most = 0xffffffff;
    return std::clamp<std::int64_t>(integer_at(model, Path(ids::server, instance, resource)), 0,
                                    most);
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
    Observation renewed;
    renewed.token = request.token;
    renewed.sequence = (place->sequence + 1) & sequence_mask;
    for (Path& path : paths) renewed.targets.push_back({path, number_at(path), false});
    renewed.accept = request.uint_option(options::accept);
    if (request.code == coap::codes::fetch && !renewed.accept) {
        renewed.accept = request.uint_option(options::content_format);
    }
    renewed.last_sent = renewed.last_evaluated = renewed.last_confirmable = now;
    *place = std::move(renewed);
    return place->sequence;
}

std::vector<std::vector<Path>> Notifier::observed() const {
    std::vector<std::vector<Path>> all;
    for (const Observation& entry : observations_) {
        auto& paths = all.emplace_back();
        for (const Target& target : entry.targets) paths.push_back(target.path);
    }
    return all;
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
        const bool is_single = entry.targets.size() == 1;
        for (Target& target : entry.targets) {
            if (!path.contains(target.path) && !target.path.contains(path)) continue;
            entry.is_pending = target.is_touched = true;
            if (is_single && path.contains(target.path)) entry.is_gone = true;
        }
    }
}

std::optional<double> Notifier::number_at(const Path& path) const {
    if (path.depth() < 3) return std::nullopt;
    const ResourceDefinition* const definition = model_.definition(path);
    if (definition == nullptr || (definition->multiple && path.depth() == 3)) return std::nullopt;
    const Value* const value = model_.peek(path);
    return value == nullptr ? std::nullopt : as_number(*value);
}

bool Notifier::is_news(const Observation& observation) const {
    return std::any_of(observation.targets.begin(), observation.targets.end(),
                       [&](const Target& target) {
                           if (!target.is_touched) return false;
                           const auto now = number_at(target.path);
                           if (!target.reported || !now) return true;
                           return attributes_.effective(target.path).is_met(*target.reported, *now);
                       });
}

void Notifier::evaluate(Observation& observation, Instant now) {
    observation.last_evaluated = now;
    observation.is_unevaluated = false;
    observation.is_pending = is_news(observation);
}

void Notifier::on_changed(const Path& path, Instant now) {
    for (Observation& entry : observations_) {
        bool is_touched = false;
        for (Target& target : entry.targets) {
            if (!target.path.contains(path) && !path.contains(target.path)) continue;
            is_touched = target.is_touched = true;
        }
        if (!is_touched || entry.is_gone) continue;
        if (now < entry.last_evaluated + periods(entry).epmin) {
            entry.is_unevaluated = true;
        } else {
            evaluate(entry, now);
        }
    }
}

/// The strictest of all paths.
Notifier::Periods Notifier::periods(const Observation& observation) const {
    const auto default_pmin = default_period(model_, server_instance_, server_ids::default_pmin);
    const auto default_pmax = default_period(model_, server_instance_, server_ids::default_pmax);
    Periods result;
    for (const Target& target : observation.targets) {
        const NotificationAttributes own = attributes_.effective(target.path);
        const Duration pmax = seconds(own.pmax ? std::int64_t{*own.pmax} : default_pmax);
        const Duration pmin = seconds(own.pmin ? std::int64_t{*own.pmin} : default_pmin);
        result.pmin = std::max(result.pmin, pmin);
        result.epmin = std::max<Duration>(result.epmin, seconds(own.epmin.value_or(0)));
        if (pmax == Duration{}) continue;
        result.pmax = result.pmax == Duration{} ? pmax : std::min(result.pmax, pmax);
    }
    if (result.pmax < result.pmin) result.pmax = {};  // Core TS 5.1.2: such a pmax is ignored
    return result;
}

Instant Notifier::due(const Observation& observation) const {
    if (observation.is_gone) return observation.last_sent;
    const Periods periods = this->periods(observation);
    Instant due = never;
    if (observation.is_unevaluated) due = observation.last_evaluated + periods.epmin;
    if (observation.is_pending) due = std::min(due, observation.last_sent + periods.pmin);
    if (periods.pmax != Duration{}) due = std::min(due, observation.last_sent + periods.pmax);
    return due;
}

Instant Notifier::due() const {
    Instant earliest = never;
    for (const Observation& entry : observations_) earliest = std::min(earliest, due(entry));
    return earliest;
}

bool Notifier::is_due(Observation& observation, Instant now) {
    if (due(observation) > now) return false;
    if (observation.is_gone) return true;
    const Periods periods = this->periods(observation);
    if (observation.is_unevaluated && now >= observation.last_evaluated + periods.epmin) {
        evaluate(observation, now);
    }
    if (observation.is_pending && now >= observation.last_sent + periods.pmin) {
        observation.is_pending = is_news(observation);
        if (observation.is_pending) return true;
    }
    return periods.pmax != Duration{} && now >= observation.last_sent + periods.pmax;
}

bool Notifier::is_confirmable(const Observation& observation, Instant now) const {
    if (now - observation.last_confirmable >= confirmable_period) return true;
    for (const Target& target : observation.targets) {
        if (const auto con = attributes_.effective(target.path).con) return *con;
    }
    return confirmable_;
}

Message Notifier::notification(Observation& observation, Instant now) {
    Message message;
    const bool confirmable = is_confirmable(observation, now);
    message.type = confirmable ? coap::Type::confirmable : coap::Type::non_confirmable;
    message.token = observation.token;
    observation.is_pending = observation.is_unevaluated = false;
    observation.last_sent = now;
    if (confirmable) observation.last_confirmable = now;
    std::vector<Path> paths;
    for (const Target& target : observation.targets) paths.push_back(target.path);
    auto content = operations_.read(paths, observation.accept);
    if (!content) {
        message.code = content.error();
        observation.is_gone = true;
        return message;
    }
    observation.sequence = (observation.sequence + 1) & sequence_mask;
    for (Target& target : observation.targets) {
        target.reported = number_at(target.path);
        target.is_touched = false;
    }
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
        if (is_due(entry, now)) messages.push_back(notification(entry, now));
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
