#include "simulators/scef-simulator/features.h"

#include <algorithm>
#include <string_view>

namespace scef::scef_simulator {
namespace {

/// The digit at this place from the end on; 0 beyond the text.
unsigned digit_of(const std::string& text, std::size_t place) {
    if (place >= text.size()) return 0;
    const char c = text[text.size() - 1 - place];
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
    return 0;
}

}  // namespace

const char* name_of(Feature feature) {
    switch (feature) {
        case Feature::group_message_delivery:
            return "GroupMessageDelivery";
        case Feature::notification_websocket:
            return "Notification_websocket";
        case Feature::notification_test_event:
            return "Notification_test_event";
        case Feature::mt_nidd_modification_cancellation:
            return "MT_NIDD_modification_cancellation";
        case Feature::rds_port_verification:
            return "Rds_port_verification";
        case Feature::rds_dynamic_port:
            return "Rds_dynamic_port";
        case Feature::rds_serialization_format:
            return "Rds_serialization_format";
        case Feature::patch_update:
            return "PatchUpdate";
    }
    return "";
}

bool has_feature(const std::string& features, Feature feature) {
    const unsigned index = static_cast<unsigned>(feature) - 1;
    return ((digit_of(features, index / 4) >> (index % 4)) & 1U) != 0;
}

std::string common_features(const std::string& theirs, const std::string& ours) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string common;
    for (std::size_t place = 0; place < std::min(theirs.size(), ours.size()); ++place) {
        common.insert(common.begin(), digits[digit_of(theirs, place) & digit_of(ours, place)]);
    }
    common.erase(0, std::min(common.find_first_not_of('0'), common.size()));
    return common.empty() ? "0" : common;
}

}  // namespace scef::scef_simulator
