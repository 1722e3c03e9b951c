#pragma once

#include "tests/conformance/body_lines.h"

namespace scef::conformance {

/// Prints what scef-simulator says in the APIs beside NIDD: device triggering and monitoring
/// events, both the answers and the notifications.
void print_event_bodies(Chance& chance);

}  // namespace scef::conformance
