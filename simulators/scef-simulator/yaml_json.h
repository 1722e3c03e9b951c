#pragma once

#include <nlohmann/json.hpp>

namespace YAML {
class Node;
}

namespace scef::scef_simulator {

/// A YAML node as the JSON that it stands for: unquoted true, false, null and numbers are that,
/// every other scalar is text (YAML 1.2 10.3). May throw as the YAML library does.
nlohmann::json json_of(const YAML::Node& node);

}  // namespace scef::scef_simulator
