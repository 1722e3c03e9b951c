#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lwm2m-core/vocabulary/turn.h"
#include "nidd/client/circuit_breaker.h"
#include "nidd/types/t8_exchange.h"

namespace scef::nidd {

/// How a call ended, coarsely enough for a metric's label.
enum class CallOutcome : std::uint8_t {
    success,       ///< 2xx
    redirect,      ///< 3xx that was not followed
    client_error,  ///< 4xx
    throttled,     ///< 429, 503
    server_error,  ///< 5xx
    not_sent,      ///< failed before anything was written
    ambiguous,     ///< failed or timed out afterwards
    held_back,     ///< answered by the gate: the breaker is open, or the call was shed
    expired,       ///< not written, because what it carries had outlived its TTL
};
inline constexpr std::size_t call_outcome_count = 9;
std::string_view name_of(CallOutcome outcome);
CallOutcome outcome_of(const T8Answer& answer);

/// What a call is counted as: a status that TS 29.122 5.2.6 or HTTP gives a meaning here, the class
/// of another one, or why there was none. A closed set, whatever a SCEF answers.
struct CallResult {
    std::string_view code;  ///< `201`, `4xx`, or `none` without an answer
    CallOutcome outcome;
};
inline constexpr std::array call_results{
    CallResult{"200", CallOutcome::success},      CallResult{"201", CallOutcome::success},
    CallResult{"202", CallOutcome::success},      CallResult{"204", CallOutcome::success},
    CallResult{"2xx", CallOutcome::success},      CallResult{"307", CallOutcome::redirect},
    CallResult{"308", CallOutcome::redirect},     CallResult{"3xx", CallOutcome::redirect},
    CallResult{"400", CallOutcome::client_error}, CallResult{"401", CallOutcome::client_error},
    CallResult{"403", CallOutcome::client_error}, CallResult{"404", CallOutcome::client_error},
    CallResult{"405", CallOutcome::client_error}, CallResult{"409", CallOutcome::client_error},
    CallResult{"410", CallOutcome::client_error}, CallResult{"411", CallOutcome::client_error},
    CallResult{"413", CallOutcome::client_error}, CallResult{"415", CallOutcome::client_error},
    CallResult{"429", CallOutcome::throttled},    CallResult{"4xx", CallOutcome::client_error},
    CallResult{"500", CallOutcome::server_error}, CallResult{"501", CallOutcome::server_error},
    CallResult{"502", CallOutcome::server_error}, CallResult{"503", CallOutcome::throttled},
    CallResult{"504", CallOutcome::server_error}, CallResult{"5xx", CallOutcome::server_error},
    CallResult{"none", CallOutcome::not_sent},    CallResult{"none", CallOutcome::ambiguous},
    CallResult{"none", CallOutcome::held_back},   CallResult{"none", CallOutcome::expired},
};
/// Its place in `call_results`.
std::size_t result_of(const T8Answer& answer);

/// Upper bounds of the duration histogram's buckets, in seconds; one more bucket has no bound.
inline constexpr std::array<double, 12> call_seconds_bounds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                            0.5,   1,    2.5,   5,    10,  60};

/// What one gate counted since it was made; a plain value.
///
/// For the metrics page: `Worker::gate_counters(scef)` may be called from any thread; the sums over
/// the workers are `t8_requests_total{scef,operation,outcome,code}`, the histogram
/// `t8_request_duration_seconds{scef,operation}` (buckets here are not cumulative),
/// `t8_requests_shed_total{scef}`, `t8_breaker_opened_total{scef}`, the gauge
/// `t8_creations_waiting{scef}`, and `t8_up{scef}` if no worker's last call failed.
struct GateCounters {
    struct Operation {
        std::array<std::uint64_t, call_results.size()> results{};
        std::array<std::uint64_t, call_seconds_bounds.size() + 1> durations{};
        Duration duration_sum{};  ///< of calls that went to the SCEF
    };

    CircuitBreaker::State state = CircuitBreaker::State::closed;
    /// When the last call that ended did so without an answer or with one of a gateway; zero if it
    /// did not.
    Instant failed_at{};
    std::uint64_t opened_total = 0;
    std::uint64_t shed_total = 0;         ///< thrown away to spare a SCEF that answers 429 or 503
    std::uint64_t blocked_total = 0;      ///< held back because the breaker was open
    std::uint64_t creations_waiting = 0;  ///< now
    std::array<Operation, t8_operation_count> operations{};
};

/// Counts on the worker's thread; `counters` from any.
class GateMeter {
public:
    void on_state(CircuitBreaker::State state) { state_ = state; }
    /// Of the last call; zero if it did not fail.
    void on_failed(Instant at) { failed_at_ = at.time_since_epoch().count(); }
    void on_opened() { ++opened_; }
    void on_shed() { ++shed_; }
    void on_blocked() { ++blocked_; }
    void on_waiting(std::size_t count) { waiting_ = count; }
    void on_held_back(T8Request::Operation operation);
    void on_ended(T8Request::Operation operation, const T8Answer& answer, Duration took);

    GateCounters counters() const;

private:
    using Count = std::atomic<std::uint64_t>;
    struct Operation {
        std::array<Count, call_results.size()> results{};
        std::array<Count, call_seconds_bounds.size() + 1> durations{};
        std::atomic<Duration::rep> duration_sum{0};
    };

    std::atomic<CircuitBreaker::State> state_{CircuitBreaker::State::closed};
    std::atomic<Duration::rep> failed_at_{0};
    Count opened_{0}, shed_{0}, blocked_{0}, waiting_{0};
    std::array<Operation, t8_operation_count> operations_{};
};

}  // namespace scef::nidd
