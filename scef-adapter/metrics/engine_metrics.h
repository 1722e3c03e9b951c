#pragma once

#include <string>
#include <vector>

#include "scef-adapter/engine/counters.h"
#include "scef-adapter/metrics/metric_writer.h"

/// What the engines counted and hold, added up over all shards.
namespace scef::adapter {

/// `scefs`: their names, by place in the configuration.
void write_counters(MetricWriter& out, const EngineCounters& counters,
                    const std::vector<std::string>& scefs);
void write_gauges(MetricWriter& out, const EngineGauges& gauges,
                  const std::vector<std::string>& scefs, WallTime wall);

}  // namespace scef::adapter
