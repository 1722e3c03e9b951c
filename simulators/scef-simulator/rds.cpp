#include "simulators/scef-simulator/rds.h"

#include <algorithm>

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

constexpr std::int64_t port_max = 15;

std::optional<RdsPort> port_of(const json& value) {
    std::vector<InvalidParam> complaints;
    BodyReader reader(value, complaints);
    const auto ue = reader.integer("portUE", 0, port_max);
    const auto scef = reader.integer("portSCEF", 0, port_max);
    if (!ue || !scef) return std::nullopt;
    return RdsPort{static_cast<std::uint16_t>(*ue), static_cast<std::uint16_t>(*scef)};
}

}  // namespace

std::optional<RdsPort> read_rds_port(BodyReader& reader) {
    const std::string text = reader.raw("rdsPort");
    if (text.empty()) return std::nullopt;
    const auto port = port_of(json::parse(text, nullptr, false));
    if (!port) reader.complain("rdsPort", "portUE and portSCEF from 0 to 15 are expected");
    return port;
}

std::vector<RdsPort> read_rds_ports(BodyReader& reader) {
    std::vector<RdsPort> ports;
    const json* list = reader.array("rdsPorts");
    if (list == nullptr) return ports;
    for (const json& entry : *list) {
        if (const auto port = port_of(entry)) ports.push_back(*port);
    }
    if (ports.size() != list->size() || ports.empty()) {
        reader.complain("rdsPorts", "portUE and portSCEF from 0 to 15 are expected, at least once");
    }
    return ports;
}

json to_json(const RdsPort& port) { return {{"portUE", port.ue}, {"portSCEF", port.scef}}; }

std::string port_id_of(const RdsPort& port) {
    return "ue" + std::to_string(port.ue) + "-ef" + std::to_string(port.scef);
}

bool knows_ports(const Configuration& configuration, const std::optional<RdsPort>& port) {
    const auto& known = configuration.rds_ports;
    return !port || std::find(known.begin(), known.end(), *port) != known.end();
}

}  // namespace scef::scef_simulator
