#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/turn.h"

/// Messages of the API as text for people. Pure but for the time zone.
namespace scef::ctl {

/// `QUEUED (awaiting-window)`, `DELIVERED (coap)`.
std::string state_text(const nlohmann::json& message);

/// From then on the state does not change any more, but for a late answer.
bool has_ended(const nlohmann::json& message);

/// Several lines; `timeline` is the list of state changes or null. `now` is for ages.
std::string message_text(const nlohmann::json& message, const nlohmann::json& timeline,
                         WallTime now);

/// The state changes as a table: when, how long after the one before, what happened in words.
std::string timeline_text(const nlohmann::json& timeline);

/// Messages as a table, one a line.
std::string messages_text(const nlohmann::json& messages, WallTime now);

/// The octets of a response: as text if they are printable, else hexadecimal.
std::string payload_text(const std::string& base64);

}  // namespace scef::ctl
