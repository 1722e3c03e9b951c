#include "simulators/scef-simulator/yaml_json.h"

#include <string>

#include <yaml-cpp/yaml.h>

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

json scalar_of(const YAML::Node& node) {
    const auto& text = node.Scalar();
    const bool is_quoted = node.Tag() == "!";
    if (is_quoted) return text;
    if (text.empty() || text == "~") return nullptr;
    json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
    return value.is_primitive() && !value.is_discarded() && !value.is_string() ? value : json(text);
}

}  // namespace

json json_of(const YAML::Node& node) {
    if (node.IsScalar()) return scalar_of(node);
    if (node.IsSequence()) {
        json list = json::array();
        for (const YAML::Node& item : node) list.push_back(json_of(item));
        return list;
    }
    if (!node.IsMap()) return nullptr;
    json object = json::object();
    for (const auto& entry : node) object[entry.first.as<std::string>()] = json_of(entry.second);
    return object;
}

}  // namespace scef::scef_simulator
