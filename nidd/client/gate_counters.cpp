#include "nidd/client/gate_counters.h"

#include <algorithm>

namespace scef::nidd {
namespace {

constexpr std::array<std::string_view, call_outcome_count> outcome_names{
    "success",      "redirect", "client_error", "throttled",
    "server_error", "not_sent", "ambiguous",    "held_back"};

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
    if (answer.status == 429 || answer.status == 503) return CallOutcome::throttled;
    if (answer.status < 300) return CallOutcome::success;
    if (answer.status < 400) return CallOutcome::redirect;
    return answer.status < 500 ? CallOutcome::client_error : CallOutcome::server_error;
}

void GateMeter::on_held_back(T8Request::Operation operation) {
    ++operations_[static_cast<std::size_t>(operation)]
          .outcomes[static_cast<std::size_t>(CallOutcome::held_back)];
}

void GateMeter::on_ended(T8Request::Operation operation, const T8Answer& answer, Duration took) {
    Operation& counts = operations_[static_cast<std::size_t>(operation)];
    ++counts.outcomes[static_cast<std::size_t>(outcome_of(answer))];
    ++counts.durations[bucket_of(took)];
    counts.duration_sum += took.count();
}

GateCounters GateMeter::counters() const {
    GateCounters copy;
    copy.state = state_;
    copy.opened_total = opened_;
    copy.shed_total = shed_;
    copy.blocked_total = blocked_;
    copy.creations_waiting = waiting_;
    for (std::size_t at = 0; at < operations_.size(); ++at) {
        const Operation& from = operations_[at];
        GateCounters::Operation& to = copy.operations[at];
        std::copy(from.outcomes.begin(), from.outcomes.end(), to.outcomes.begin());
        std::copy(from.durations.begin(), from.durations.end(), to.durations.begin());
        to.duration_sum = Duration(from.duration_sum);
    }
    return copy;
}

}  // namespace scef::nidd
