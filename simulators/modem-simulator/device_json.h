#pragma once

#include <cstdint>
#include <optional>

#include <nlohmann/json.hpp>

#include "simulators/modem-simulator/simulation.h"

namespace scef::modem_simulator {

/// The control API's view of things, as JSON (README.md).
nlohmann::json device_json(const Device& device);
nlohmann::json totals_json(const Totals& totals);
/// The objects of a device: ids, names, versions, instances and what each resource is.
nlohmann::json objects_json(const client::ObjectModel& model);
/// Who observes what, by server.
nlohmann::json observations_json(const client::Client& client);
/// What `:send` is asked to carry: `paths` and `format` (`senml-json`, `senml-cbor`), both
/// optional.
Result<client::SendContent> send_content_from_json(std::string_view body);
/// Entries with a number above `after`.
nlohmann::json log_json(const FrameLog& log, std::uint64_t after);
nlohmann::json value_json(const client::Value& value);
/// Nothing for null, arrays and objects. A text for a resource that is none is read as its plain
/// text (Core TS 7.4.1): octets in base64.
std::optional<client::Value> value_from_json(const nlohmann::json& json,
                                             const client::ResourceDefinition* definition);

}  // namespace scef::modem_simulator
