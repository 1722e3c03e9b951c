#pragma once

#include <cstdint>
#include <optional>

#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::client {

/// Resources of the Server object (Core TS, appendix E.2).
namespace server_ids {
inline constexpr std::uint16_t short_server_id = 0, lifetime = 1, default_pmin = 2,
                               default_pmax = 3, disable = 4, disable_timeout = 5,
                               notification_storing = 6, binding = 7, update_trigger = 8,
                               bootstrap_trigger = 9, last_bootstrapped = 12, priority_order = 13,
                               initial_delay = 14, failure_block = 15, bootstrap_on_failure = 16,
                               retry_count = 17, retry_timer = 18, sequence_delay = 19,
                               sequence_count = 20, mute_send = 23;
}  // namespace server_ids

/// How a registration is tried (Core TS 6.2.1.1): attempts in sequences, the n-th of a sequence
/// `retry_timer` · 2^(n-1) after the one before.
struct RetryPolicy {
    std::int64_t retry_count = 5;
    Duration retry_timer = std::chrono::seconds(60);
    Duration sequence_delay = std::chrono::hours(24);
    std::int64_t sequence_count = 1;
};

/// What an instance of the Server object says, with the defaults of the TS for what it lacks.
struct ServerAccount {
    std::uint16_t instance = 0;
    std::uint16_t short_server_id = 0;
    std::int64_t lifetime_seconds = 86400;
    std::uint32_t default_pmin = 0;
    std::uint32_t default_pmax = 0;  ///< 0: none
    Duration disable_timeout = std::chrono::hours(24);
    bool notification_storing = true;
    std::optional<std::int64_t> priority_order;
    Duration initial_delay{};
    bool failure_block = false;
    bool bootstrap_on_failure = true;
    RetryPolicy retry;
    bool mute_send = true;
};

/// The account of instance `instance` of the Server object; nothing if there is none.
std::optional<ServerAccount> server_account(const ObjectModel& model, std::uint16_t instance);

}  // namespace scef::client
