#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "simulators/scef-simulator/body_reader.h"
#include "simulators/scef-simulator/scef.h"
#include "simulators/scef-simulator/ue_profile.h"

/// What the control API shows of a UE, and what it changes.
namespace scef::scef_simulator {

nlohmann::json ue_to_json(const std::string& id, const UeRecord& record, const Scef& scef,
                          const Turn& turn);

/// A PATCH of a UE: `profile` is as it is afterwards.
struct UeChange {
    std::optional<UeState> state;
    std::optional<UeState> sleep_mode;
    std::optional<bool> authorized;
    UeProfile profile;
};

/// Reads a merge patch over the present profile. Members that it does not know are complaints, so
/// that a slip of the pen is not taken for success.
UeChange read_ue_change(const nlohmann::json& body, const UeProfile& present,
                        std::vector<InvalidParam>& complaints);

/// `forbidden` for a subscriber that `strict` does not know.
Status apply(const UeChange& change, const std::string& id, Scef& scef, const Turn& turn);

}  // namespace scef::scef_simulator
