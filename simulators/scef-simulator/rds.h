#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "simulators/modem-link/frame.h"
#include "simulators/scef-simulator/body_reader.h"
#include "simulators/scef-simulator/configuration.h"

/// RdsPort of TS 29.122 5.6.2.1.9. The schema has 16 bits, TS 24.250 uses four: more is a
/// complaint.
namespace scef::scef_simulator {

using modem_link::RdsPort;

std::optional<RdsPort> read_rds_port(BodyReader& reader);
std::vector<RdsPort> read_rds_ports(BodyReader& reader);
nlohmann::json to_json(const RdsPort& port);

/// The `portId` of a path: `ue1-ef2`.
std::string port_id_of(const RdsPort& port);

/// TS 29.122 4.4.5.3.1: a transfer names ports of its configuration, or none.
bool knows_ports(const Configuration& configuration, const std::optional<RdsPort>& port);

}  // namespace scef::scef_simulator
