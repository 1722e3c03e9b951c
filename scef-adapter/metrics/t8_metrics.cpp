#include "scef-adapter/metrics/t8_metrics.h"

#include <algorithm>
#include <chrono>
#include <limits>

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
            for (std::size_t n = 0; n < whole.outcomes.size(); ++n) {
                whole.outcomes[n] += part.outcomes[n];
            }
            for (std::size_t n = 0; n < whole.durations.size(); ++n) {
                whole.durations[n] += part.durations[n];
            }
            whole.duration_sum += part.duration_sum;
        }
    }
    return sum;
}

void write_operation(MetricWriter& out, const std::string& scef, T8Request::Operation operation,
                     const GateCounters::Operation& counts) {
    const std::string name(nidd::name_of(operation));
    for (std::size_t i = 0; i < counts.outcomes.size(); ++i) {
        if (counts.outcomes[i] == 0) continue;
        out.counter("t8_requests_total", "Calls to SCEFs by operation and outcome.",
                    static_cast<double>(counts.outcomes[i]),
                    {{"scef", scef},
                     {"operation", name},
                     {"outcome", std::string(name_of(static_cast<nidd::CallOutcome>(i)))}});
    }
    std::vector<MetricWriter::Bucket> buckets;
    std::uint64_t calls = 0;
    for (std::size_t i = 0; i < counts.durations.size(); ++i) {
        const double end = i < nidd::call_seconds_bounds.size()
                               ? nidd::call_seconds_bounds[i]
                               : std::numeric_limits<double>::infinity();
        buckets.push_back({end, counts.durations[i]});
        calls += counts.durations[i];
    }
    if (calls == 0) return;
    out.histogram("t8_request_duration_seconds",
                  "From the call to the SCEF's answer, by operation.", buckets,
                  std::chrono::duration<double>(counts.duration_sum).count(),
                  {{"scef", scef}, {"operation", name}});
}

}  // namespace

void write_t8(MetricWriter& out, const std::string& scef, const std::vector<GateCounters>& gates) {
    const GateCounters sum = sum_of(gates);
    const MetricLabels labels{{"scef", scef}};
    for (std::size_t i = 0; i < sum.operations.size(); ++i) {
        write_operation(out, scef, static_cast<T8Request::Operation>(i), sum.operations[i]);
    }
    const auto open = std::count_if(gates.begin(), gates.end(), [](const GateCounters& gate) {
        return gate.state != CircuitBreaker::State::closed;
    });
    out.gauge("t8_breakers_open", "Workers whose circuit breaker to the SCEF is open or half open.",
              static_cast<double>(open), labels);
    out.counter("t8_breaker_opened_total", "Times that a circuit breaker opened.",
                static_cast<double>(sum.opened_total), labels);
    out.counter("t8_requests_shed_total",
                "Calls held back because the SCEF answers 429 or 503; they go later.",
                static_cast<double>(sum.shed_total), labels);
    out.counter("t8_requests_blocked_total",
                "Calls held back because the circuit breaker was open; they go later.",
                static_cast<double>(sum.blocked_total), labels);
    out.gauge("t8_creations_waiting", "NIDD configurations that wait for their turn.",
              static_cast<double>(sum.creations_waiting), labels);
}

}  // namespace scef::adapter
