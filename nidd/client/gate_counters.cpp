#include "nidd/client/gate_counters.h"

#include <algorithm>
#include <string>

namespace scef::nidd {
namespace {

constexpr std::array<std::string_view, call_outcome_count> outcome_names{
    "success",  "redirect",  "client_error", "throttled", "server_error",
    "not_sent", "ambiguous", "held_back",    "expired"};

/// Of the entry with that code, or else with that outcome.
std::size_t place_of(std::string_view code, CallOutcome outcome) {
    const auto found =
        std::find_if(call_results.begin(), call_results.end(), [&](const CallResult& result) {
            return result.code == code && (code != "none" || result.outcome == outcome);
        });
    return static_cast<std::size_t>(found - call_results.begin());
}

std::size_t bucket_of(Duration took) {
    const double seconds = std::chrono::duration<double>(took).count();
    const auto& bounds = call_seconds_bounds;
    const auto bound = std::lower_bound(bounds.begin(), bounds.end(), seconds);
    return static_cast<std::size_t>(bound - bounds.begin());
}

}  // namespace

std::string_view name_of(CallOutcome outcome) {
    return outcome_names.at(static_cast<std::size_t>(outcome));
}

CallOutcome outcome_of(const T8Answer& answer) {
    if (answer.transport == T8Answer::Transport::ambiguous) return CallOutcome::ambiguous;
    if (answer.transport == T8Answer::Transport::not_sent) return CallOutcome::not_sent;
    if (answer.transport == T8Answer::Transport::expired) return CallOutcome::expired;
    if (answer.status == 429 || answer.status == 503) return CallOutcome::throttled;
    if (answer.status < 300) return CallOutcome::success;
    if (answer.status < 400) return CallOutcome::redirect;
    return answer.status < 500 ? CallOutcome::client_error : CallOutcome::server_error;
}

std::size_t result_of(const T8Answer& answer) {
    const CallOutcome outcome = outcome_of(answer);
    if (answer.transport != T8Answer::Transport::answered) return place_of("none", outcome);
    const std::size_t known = place_of(std::to_string(answer.status), outcome);
    if (known < call_results.size()) return known;
    const int digit = std::clamp(answer.status / 100, 2, 5);
    return place_of(std::to_string(digit) + "xx", outcome);
}

void GateMeter::on_held_back(T8Request::Operation operation) {
    ++operations_[static_cast<std::size_t>(operation)]
          .results[place_of("none", CallOutcome::held_back)];
}

void GateMeter::on_ended(T8Request::Operation operation, const T8Answer& answer, Duration took) {
    Operation& counts = operations_[static_cast<std::size_t>(operation)];
    ++counts.results[result_of(answer)];
    ++counts.durations[bucket_of(took)];
    counts.duration_sum += took.count();
}

GateCounters GateMeter::counters() const {
    GateCounters copy;
    copy.state = state_;
    copy.failed_at = Instant(Duration(failed_at_));
    copy.opened_total = opened_;
    copy.shed_total = shed_;
    copy.blocked_total = blocked_;
    copy.creations_waiting = waiting_;
    for (std::size_t at = 0; at < operations_.size(); ++at) {
        const Operation& from = operations_[at];
        GateCounters::Operation& to = copy.operations[at];
        std::copy(from.results.begin(), from.results.end(), to.results.begin());
        std::copy(from.durations.begin(), from.durations.end(), to.durations.begin());
        to.duration_sum = Duration(from.duration_sum);
    }
    return copy;
}

}  // namespace scef::nidd
