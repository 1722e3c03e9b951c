#pragma once

#include <string>
#include <vector>

#include "nidd/client/gate_counters.h"
#include "nidd/client/token_meter.h"
#include "scef-adapter/metrics/metric_writer.h"

namespace scef::adapter {

/// The calls to one SCEF.
struct ScefCalls {
    std::string scef;                              ///< its name
    std::vector<nidd::GateCounters> gates;         ///< what the gate of each worker counted
    std::vector<nidd::TokenMeter::Counts> tokens;  ///< of each worker; empty without OAuth 2.0
};

/// `now` is of the steady clock. Operations that were never called are left out, so that a SCEF
/// without triggers shows none.
void write_t8(MetricWriter& out, const ScefCalls& calls, Instant now);

}  // namespace scef::adapter
