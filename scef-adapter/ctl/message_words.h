#pragma once

#include <string>

#include <nlohmann/json.hpp>

/// What a message's state means, for somebody who looks for it. Pure.
namespace scef::ctl {

/// Why it is in its state, in words: `the device sleeps`. Of a message or an item of a timeline.
std::string state_in_words(const nlohmann::json& message);

/// What can be done about it; empty if nothing has to.
std::string advice_for(const nlohmann::json& message);

}  // namespace scef::ctl
