#pragma once

#include <string>

#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::client {

/// What the device says of itself in object 3.
struct DeviceDescription {
    std::string manufacturer = "SCEF Adapter Simulators";
    std::string model = "NB-IoT thermometer";
    std::string serial_number;
    std::string firmware_version = "1.4.2";
    std::string hardware_version = "B";
    std::string software_version = "1.4.2-lwm2m";
};

namespace ids {
inline constexpr std::uint16_t security = 0, server = 1, device = 3, temperature = 3303;
}

/// Object 0: written by a bootstrap server only, never readable, never announced.
Object& add_security_object(ObjectModel& model);
/// Object 1 with one instance (short server id 1, binding `N`).
Object& add_server_object(ObjectModel& model, std::int64_t lifetime_seconds);
/// Object 1 without an instance: a bootstrap server writes it.
Object& add_empty_server_object(ObjectModel& model);
/// Object 3.
Object& add_device_object(ObjectModel& model, const DeviceDescription& description);
/// Object 3303 (IPSO Temperature) with instances 0 and 1; up to 8 may exist.
Object& add_temperature_object(ObjectModel& model);

/// Current Time (/3/0/13) as `wall`, unless a server has set it to another time before.
void refresh_clock(ObjectModel& model, WallTime wall, Duration offset);
/// Whole seconds since the epoch.
std::int64_t unix_seconds(WallTime wall);

/// Gives a created temperature instance the values it was not created with.
void complete_temperature(ObjectModel& model, const Path& instance);

/// Keeps the measured minimum and maximum of a temperature instance with its sensor value.
/// Gives the paths that changed besides.
std::vector<Path> track_extremes(ObjectModel& model, const Path& sensor_value);
/// Execute /3303/x/5605. Gives the paths that changed.
std::vector<Path> reset_extremes(ObjectModel& model, const Path& instance);

}  // namespace scef::client
