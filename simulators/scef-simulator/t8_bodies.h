#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "simulators/scef-simulator/body_reader.h"
#include "simulators/scef-simulator/configuration.h"
#include "simulators/scef-simulator/delivery.h"

namespace scef::scef_simulator {

/// What a POST asks for: the configuration and the transfers that ride in it.
struct ConfigurationRequest {
    Configuration configuration;
    std::vector<Transfer> transfers;
};

/// What a merge patch (RFC 7396) of a configuration asks for.
struct ConfigurationPatch {
    bool changes_duration = false;
    std::optional<WallTime> duration;
    bool changes_reliable_data_service = false;
    std::optional<bool> reliable_data_service;
    std::optional<std::string> pdn_establishment_option;
    std::optional<std::vector<modem_link::RdsPort>> rds_ports;
    std::optional<std::string> notification_destination;
};

/// Each reads a body of TS 29.122 5.6.2 and tells what is wrong with it; the value is of use only
/// if nothing was.
ConfigurationRequest read_configuration(const nlohmann::json& body, WallTime wall,
                                        std::vector<InvalidParam>& complaints);
ConfigurationPatch read_configuration_patch(const nlohmann::json& body, WallTime wall,
                                            std::vector<InvalidParam>& complaints);
Transfer read_transfer(const nlohmann::json& body, std::vector<InvalidParam>& complaints,
                       const std::string& prefix = "");

/// The transfer as it is after the patch.
Transfer read_transfer_patch(const nlohmann::json& body, Transfer transfer,
                             std::vector<InvalidParam>& complaints);

nlohmann::json to_json(const Configuration& configuration,
                       const std::vector<const Delivery*>& buffered);
nlohmann::json to_json(const Delivery& delivery);
nlohmann::json uplink_body(const Configuration& configuration, ByteView data,
                           const std::optional<modem_link::RdsPort>& rds = std::nullopt);
nlohmann::json delivery_status_body(const Delivery& delivery);
nlohmann::json configuration_status_body(const Configuration& configuration, const char* status);
nlohmann::json port_unknown_body(const Configuration& configuration,
                                 const modem_link::RdsPort& port);

}  // namespace scef::scef_simulator
