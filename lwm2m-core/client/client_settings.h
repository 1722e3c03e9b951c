#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lwm2m-core/client/server_account.h"
#include "lwm2m-core/coap/transmission.h"
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

/// The objects of a device besides its accounts.
namespace object_sets {
/// Device and temperature: for large fleets.
const std::vector<std::uint16_t>& basic();
/// Every object that this client has.
const std::vector<std::uint16_t>& all();
}  // namespace object_sets

/// How the device knows a bootstrap server.
enum class BootstrapUse : std::uint8_t {
    none,      ///< it has no such account
    account,   ///< it has one, for /1/x/9 and for registrations that fail
    at_start,  ///< it asks there first and has no other account
};

/// How a client behaves. The defaults suit NB-IoT.
struct ClientSettings {
    std::string endpoint;
    DeviceDescription description;
    std::vector<std::uint16_t> objects = object_sets::basic();
    /// Resources that begin with another value than usual, in plain text; those that the device
    /// does not have are passed over.
    std::vector<std::pair<lwm2m::Path, std::string>> initial_values;
    /// Server accounts, one for each pipe; the first has short server id 1.
    std::uint16_t servers = 1;
    std::chrono::seconds lifetime{300};
    /// Written into the accounts (/1/x/17 to 20).
    RetryPolicy retry{5, std::chrono::seconds(30), std::chrono::minutes(10), 1};
    bool queue_mode = false;  ///< announce `Q`
    /// After this long without a frame a client in queue mode is deaf until it speaks; 0: never.
    Duration queue_awake{};
    bool confirmable_notifications = false;
    BootstrapUse bootstrap = BootstrapUse::none;
    std::chrono::seconds bootstrap_hold_off{0};         ///< /0/x/11
    std::chrono::seconds bootstrap_account_timeout{0};  ///< /0/x/12; 0: never
    Duration send_interval{};  ///< a Send this often while registered; 0 for none
    Duration reboot_time = std::chrono::seconds(2);  ///< from Reboot to the new registration
    /// How long a simulated update of the firmware takes.
    Duration firmware_update_time = std::chrono::seconds(5);
    coap::TransmissionParameters transmission{std::chrono::seconds(15), 1.5, 4};
};

}  // namespace scef::client
