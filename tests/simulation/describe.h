#pragma once

#include <string>

#include "nidd/types/t8_exchange.h"
#include "scef-adapter/engine/effects.h"

/// One line for people about what goes in and out of the adapter.
namespace scef::simulation {

std::string describe(ByteView frame);
std::string describe(const adapter::Event& event);
std::string describe(const adapter::Effect& effect);
std::string describe(const nidd::T8Answer& answer);

}  // namespace scef::simulation
