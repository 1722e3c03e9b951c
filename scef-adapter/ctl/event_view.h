#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace scef::ctl {

/// An event as one line for people: time, device, what happened.
std::string event_line(const nlohmann::json& event);

}  // namespace scef::ctl
