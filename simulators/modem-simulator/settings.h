#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/socket_address.h"
#include "simulators/modem-simulator/device.h"

namespace scef::modem_simulator {

/// A tap: where an outside client finds "its LwM2M server", and for which device.
struct TapSettings {
    SocketAddress local;
    ExternalId id;
    std::optional<modem_link::RdsPort> rds;  ///< by which its datagrams go
};

/// An AT modem: the path of the link to its terminal, and for which device.
struct AtSettings {
    std::string path;
    ExternalId id;
};

/// What the command line asks for.
struct Settings {
    SocketAddress scef;
    std::vector<ExternalId> devices;
    std::vector<ExternalId> fleet;
    double attach_rate = 1000;  ///< attaches a second at start
    std::vector<TapSettings> taps;
    std::vector<AtSettings> at_modems;
    std::string endpoint_template = "{local}";
    std::string start_state = "connected";
    bool register_at_start = true;
    client::ClientSettings client;         ///< of every device of our own; names are filled in
    std::vector<modem_link::RdsPort> rds;  ///< of every device of our own: a server for each
    bool assists_release = false;  ///< of every device but AT modems, which say it themselves
    PowerFigures power;            ///< of every device
    std::optional<std::uint64_t> seed;
    std::string log_level = "info";
    std::optional<SocketAddress> api;
    std::string pcap;                      ///< path of a capture; empty: none
    std::vector<ExternalId> pcap_devices;  ///< whose frames are in it; none: of all
};

/// `{local}` is the local part, `{extid}` the whole External Identifier.
std::string endpoint_name(std::string_view endpoint_template, const ExternalId& id);

/// How the device `id` of our own is made. `attach_at` is when it first attaches.
DeviceSettings device_settings(const Settings& settings, const ExternalId& id, Instant attach_at);

}  // namespace scef::modem_simulator
