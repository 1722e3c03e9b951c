#pragma once

#include <string>

namespace scef::scef_simulator {

/// The features of the NIDD API by their numbers (TS 29.122 5.6.4).
enum class Feature : unsigned {
    group_message_delivery = 1,
    notification_websocket = 2,
    notification_test_event = 3,
    mt_nidd_modification_cancellation = 4,
    rds_port_verification = 5,
    rds_dynamic_port = 6,
    rds_serialization_format = 7,
    patch_update = 8,
};

/// The name that the clause gives it.
const char* name_of(Feature feature);

/// Whether a SupportedFeatures text has it: hexadecimal, the last digit for features 1 to 4 (TS
/// 29.571 5.2.2).
bool has_feature(const std::string& features, Feature feature);

/// The features that both texts have.
std::string common_features(const std::string& theirs, const std::string& ours);

}  // namespace scef::scef_simulator
