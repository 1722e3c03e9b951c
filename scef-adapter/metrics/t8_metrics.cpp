#include "scef-adapter/metrics/t8_metrics.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace scef::adapter {
namespace {

using nidd::CircuitBreaker;
using nidd::GateCounters;
using nidd::T8Request;

GateCounters sum_of(const std::vector<GateCounters>& gates) {
    GateCounters sum;
    for (const GateCounters& gate : gates) {
        sum.opened_total += gate.opened_total;
        sum.shed_total += gate.shed_total;
        sum.blocked_total += gate.blocked_total;
        sum.creations_waiting += gate.creations_waiting;
        for (std::size_t i = 0; i < sum.operations.size(); ++i) {
            const auto& part = gate.operations[i];
            auto& whole = sum.operations[i];
            for (std::size_t n = 0; n < whole.results.size(); ++n) {
                whole.results[n] += part.results[n];
            }
            for (std::size_t n = 0; n < whole.durations.size(); ++n) {
                whole.durations[n] += part.durations[n];
            }
            whole.duration_sum += part.duration_sum;
        }
    }
    return sum;
}

/// A call that failed is repeated within 5 minutes, and an open breaker lets probes through more
/// often. Where nothing is called any more the last failure tells little after a while.
constexpr Duration failure_counts = std::chrono::minutes(10);

void write_operation(MetricWriter& out, const std::string& scef, T8Request::Operation operation,
                     const GateCounters::Operation& counts) {
    const std::string name(nidd::name_of(operation));
    for (std::size_t i = 0; i < counts.results.size(); ++i) {
        if (counts.results[i] == 0) continue;
        const nidd::CallResult& result = nidd::call_results[i];
        out.value("t8_requests_total", counts.results[i],
                  {{"scef", scef},
                   {"operation", name},
                   {"outcome", std::string(name_of(result.outcome))},
                   {"code", std::string(result.code)}});
    }
    if (std::all_of(counts.durations.begin(), counts.durations.end(),
                    [](std::uint64_t count) { return count == 0; })) {
        return;
    }
    out.histogram("t8_request_duration_seconds", counts.durations, nidd::call_seconds_bounds,
                  std::chrono::duration<double>(counts.duration_sum).count(),
                  {{"scef", scef}, {"operation", name}});
}

/// The token that ends first, and all that was asked for.
void write_tokens(MetricWriter& out, const ScefCalls& calls, Instant now) {
    if (calls.tokens.empty()) return;
    std::uint64_t granted = 0, failed = 0;
    std::optional<Instant> first;
    for (const nidd::TokenMeter::Counts& counts : calls.tokens) {
        granted += counts.granted;
        failed += counts.failed;
        if (counts.expires_at) first = std::min(first.value_or(never), *counts.expires_at);
    }
    for (const auto& [result, count] :
         {std::pair("granted", granted), std::pair("failed", failed)}) {
        out.value("t8_token_requests_total", count, {{"scef", calls.scef}, {"result", result}});
    }
    if (!first) return;
    out.value("t8_token_expiry_seconds",
              std::max(std::chrono::duration<double>(*first - now).count(), 0.0),
              {{"scef", calls.scef}});
}

}  // namespace

void write_t8(MetricWriter& out, const ScefCalls& calls, Instant now) {
    const GateCounters sum = sum_of(calls.gates);
    const MetricLabels labels{{"scef", calls.scef}};
    const auto count_of = [&calls](auto predicate) {
        return static_cast<std::uint64_t>(
            std::count_if(calls.gates.begin(), calls.gates.end(), predicate));
    };
    const auto is_open = [](const GateCounters& gate) {
        return gate.state != CircuitBreaker::State::closed;
    };
    const auto is_down = [now](const GateCounters& gate) {
        return gate.failed_at > Instant{} && now - gate.failed_at < failure_counts;
    };
    out.value("t8_up", count_of(is_down) > 0 ? 0.0 : 1.0, labels);
    for (std::size_t i = 0; i < sum.operations.size(); ++i) {
        write_operation(out, calls.scef, static_cast<T8Request::Operation>(i), sum.operations[i]);
    }
    out.value("t8_breakers_open", count_of(is_open), labels);
    out.value("t8_breaker_opened_total", sum.opened_total, labels);
    out.value("t8_requests_shed_total", sum.shed_total, labels);
    out.value("t8_requests_blocked_total", sum.blocked_total, labels);
    out.value("t8_creations_waiting", sum.creations_waiting, labels);
    write_tokens(out, calls, now);
}

}  // namespace scef::adapter
