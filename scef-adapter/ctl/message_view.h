#pragma once

#include <string>

#include <nlohmann/json.hpp>

/// Messages of the API as text for people. Pure.
namespace scef::ctl {

/// `QUEUED (awaiting-window)`, `DELIVERED (coap)`.
std::string state_text(const nlohmann::json& message);

/// From then on the state does not change any more, but for a late answer.
bool has_ended(const nlohmann::json& message);

/// Several lines; `timeline` is the list of state changes or null.
std::string message_text(const nlohmann::json& message, const nlohmann::json& timeline);

/// The octets of a response: as text if they are printable, else hexadecimal.
std::string payload_text(const std::string& base64);

}  // namespace scef::ctl
