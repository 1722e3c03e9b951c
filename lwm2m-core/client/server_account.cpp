#include "lwm2m-core/client/server_account.h"

#include <algorithm>
#include <limits>

#include "lwm2m-core/client/objects/definitions.h"

namespace scef::client {
namespace {

/// Seconds of a resource, never negative and never beyond what the clock holds.
Duration seconds_at(const ObjectModel& model, const Path& path, Duration otherwise) {
    constexpr std::int64_t most = 100LL * 366 * 24 * 3600;
    const auto fallback = std::chrono::duration_cast<std::chrono::seconds>(otherwise).count();
    return std::chrono::seconds(
        std::clamp<std::int64_t>(integer_at(model, path, fallback), 0, most));
}

std::uint32_t period_at(const ObjectModel& model, const Path& path) {
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(
        integer_at(model, path), 0, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

std::optional<ServerAccount> server_account(const ObjectModel& model, std::uint16_t instance) {
    namespace of = server_ids;
    const Path own(ids::server, instance);
    if (!model.exists(own)) return std::nullopt;
    ServerAccount account;
    account.instance = instance;
    account.short_server_id =
        static_cast<std::uint16_t>(integer_at(model, own.child(of::short_server_id)));
    account.lifetime_seconds = std::max<std::int64_t>(
        integer_at(model, own.child(of::lifetime), account.lifetime_seconds), 1);
    account.default_pmin = period_at(model, own.child(of::default_pmin));
    account.default_pmax = period_at(model, own.child(of::default_pmax));
    account.disable_timeout =
        seconds_at(model, own.child(of::disable_timeout), account.disable_timeout);
    account.notification_storing = boolean_at(model, own.child(of::notification_storing), true);
    const Path order = own.child(of::priority_order);
    if (model.peek(order) != nullptr) account.priority_order = integer_at(model, order);
    account.initial_delay = seconds_at(model, own.child(of::initial_delay), Duration{});
    account.failure_block = boolean_at(model, own.child(of::failure_block), false);
    account.bootstrap_on_failure = boolean_at(model, own.child(of::bootstrap_on_failure), true);
    RetryPolicy& retry = account.retry;
    retry.retry_count =
        std::max<std::int64_t>(integer_at(model, own.child(of::retry_count), retry.retry_count), 1);
    retry.retry_timer = seconds_at(model, own.child(of::retry_timer), retry.retry_timer);
    retry.sequence_delay = seconds_at(model, own.child(of::sequence_delay), retry.sequence_delay);
    retry.sequence_count = std::max<std::int64_t>(
        integer_at(model, own.child(of::sequence_count), retry.sequence_count), 1);
    account.mute_send = boolean_at(model, own.child(of::mute_send), true);
    return account;
}

}  // namespace scef::client
