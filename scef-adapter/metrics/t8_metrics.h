#pragma once

#include <string>
#include <vector>

#include "nidd/client/gate_counters.h"
#include "scef-adapter/metrics/metric_writer.h"

namespace scef::adapter {

/// The calls to one SCEF: `gates` holds what the gate of each worker counted. Series that never
/// counted anything are left out, so that a SCEF without triggers shows none.
void write_t8(MetricWriter& out, const std::string& scef,
              const std::vector<nidd::GateCounters>& gates);

}  // namespace scef::adapter
