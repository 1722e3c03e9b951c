#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scef::nidd {

/// How one operator's SCEF differs from the standard: what its errors mean, and which number each
/// optional feature has there (the numbers of TS 29.122 table 5.6.4-1 differ between releases and
/// products). Built in: `3gpp` (release 18), `3gpp-r15`, `oracle`, `mts`.
struct OperatorProfile {
    /// What an error (4xx, 5xx) means; the first rule that fits counts, before the standard's own
    /// table. Of a configuration's creation `too_large` and `configuration_lost` are refusals.
    enum class Meaning : std::uint8_t {
        throttled,
        too_large,
        refused,
        not_authorized,
        configuration_lost,
        retry_later,
        in_doubt,
        exists,  ///< of a configuration's creation only; else no rule
    };
    struct Rule {
        int status = 0;      ///< HTTP status; 0: any
        std::string cause;   ///< of the problem; empty: any
        std::string detail;  ///< what its `detail` begins with; empty: any
        Meaning means = Meaning::refused;
    };
    std::string name;
    std::vector<Rule> rules;
    /// Numbers of the optional features of NIDD, by the index of `Feature`; 0: not known there.
    std::vector<std::uint8_t> feature_numbers;
};

/// Optional features of the NIDD API (TS 29.122 5.6.4).
enum class Feature : std::uint8_t {
    group_message_delivery,
    notification_websocket,
    notification_test_event,
    mt_nidd_modification_cancellation,
    rds_port_verification,
    rds_dynamic_port,
    rds_serialization_format,
    patch_update,
};
inline constexpr std::size_t feature_count = 8;

/// As the standard spells it: `MT_NIDD_modification_cancellation`.
std::string_view name_of(Feature feature);

/// The hexadecimal text of TS 29.571 5.2.2 for those of the features that the profile has numbers
/// for; `0` if there is none.
std::string features_text(const OperatorProfile& profile, const std::vector<Feature>& features);
/// False too if the text is no hexadecimal number.
bool has_feature(const OperatorProfile& profile, std::string_view text, Feature feature);
/// Names of all features in the text, those without a name as `feature N`.
std::vector<std::string> feature_names(const OperatorProfile& profile, std::string_view text);

const OperatorProfile& standard_profile();
/// Null if there is no such built-in profile.
const OperatorProfile* built_in_profile(std::string_view name);
std::vector<std::string_view> built_in_profile_names();
/// `throttled`, `too_large`, … as a configuration file spells them; false if it is none of them.
bool meaning_of(std::string_view text, OperatorProfile::Meaning& meaning);

}  // namespace scef::nidd
