#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "simulators/scef-simulator/body_reader.h"
#include "simulators/scef-simulator/identity.h"

namespace scef::scef_simulator {

/// Members that the T8 APIs beside NIDD have in common. Each complains of what is wrong.

/// Exactly one of externalId and msisdn.
Identity read_single_identity(BodyReader& reader);

/// notificationDestination: an absolute http or https URI. Absent: left as it is.
void read_destination(BodyReader& reader, std::string& destination);

/// The features that both sides have, as hexadecimal digits (TS 29.571 5.2.2); empty if the member
/// is absent.
std::string read_features(BodyReader& reader, std::uint64_t ours);

/// A TestNotification (TS 29.122 5.2.1.2.6) of whatever has this `self`.
nlohmann::json test_body(const std::string& self);

}  // namespace scef::scef_simulator
