#pragma once

#include <vector>

#include "lwm2m-core/client/execute_arguments.h"
#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::client {

/// What an object does to its own values when one of them changes: extremes of sensors, the
/// counter of an input, when a location was taken. Gives the paths that changed besides.
std::vector<Path> apply_rules_on_change(ObjectModel& model, const Path& changed, WallTime wall);

/// What an Execute does to values: resets extremes, counters and error codes, clears a display.
/// Gives the paths that changed. What goes beyond the objects is the client's business.
std::vector<Path> apply_rules_on_execute(ObjectModel& model, const Path& executed);

}  // namespace scef::client
