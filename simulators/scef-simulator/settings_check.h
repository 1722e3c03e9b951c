#pragma once

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/scef-simulator/settings.h"

namespace scef::scef_simulator {

/// Whether the values make sense together; the error is one sentence for the user.
Status check(const Settings& settings);

}  // namespace scef::scef_simulator
