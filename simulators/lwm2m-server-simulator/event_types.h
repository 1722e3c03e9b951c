#pragma once

#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace scef::lwm2m_server_simulator {

/// A kind of event, for people and for the `type` filter.
struct EventType {
    std::string_view name;
    std::string_view meaning;
    std::string_view fields;  ///< besides sequence, type, endpoint and time
};

std::span<const EventType> event_types();
bool is_event_type(std::string_view name);

/// Their names, joined by commas.
std::string event_type_names();

/// The types as the rows of a Markdown table, as README.md has them.
std::string event_types_as_markdown();

/// The types as `GET /event-types` tells them.
nlohmann::json event_types_as_json();

}  // namespace scef::lwm2m_server_simulator
