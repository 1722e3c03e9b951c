#pragma once

#include "lwm2m-core/client/object.h"

/// The object definitions of the device, one table each: ids, types, access and multiplicity as in
/// the OMA registry. They live as long as the program.
namespace scef::client {

namespace ids {
inline constexpr std::uint16_t security = 0, server = 1, access_control = 2, device = 3,
                               connectivity_monitoring = 4, firmware_update = 5, location = 6,
                               connectivity_statistics = 7, cellular_connectivity = 10,
                               apn_profile = 11, bearer_selection = 13, binary_app_data = 19,
                               digital_input = 3200, illuminance = 3301, temperature = 3303,
                               light_control = 3311, text_display = 3341;
}  // namespace ids

namespace objects {
extern const ObjectDefinition security, server, access_control, device;
extern const ObjectDefinition connectivity_monitoring, connectivity_statistics,
    cellular_connectivity, apn_profile, bearer_selection;
extern const ObjectDefinition firmware_update, location, binary_app_data;
extern const ObjectDefinition digital_input, illuminance, temperature, light_control, text_display;
}  // namespace objects

}  // namespace scef::client
