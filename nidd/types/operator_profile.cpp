#include "nidd/types/operator_profile.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace scef::nidd {
namespace {

using Meaning = OperatorProfile::Meaning;

/// More digits than this hold no feature that anybody numbered.
constexpr std::size_t digits_max = 16;

constexpr std::array<std::string_view, feature_count> spelt_features{
    "GroupMessageDelivery",     "Notification_websocket",
    "Notification_test_event",  "MT_NIDD_modification_cancellation",
    "Rds_port_verification",    "Rds_dynamic_port",
    "Rds_serialization_format", "PatchUpdate"};

constexpr std::array<std::pair<std::string_view, Meaning>, 8> spelt_meanings{
    {{"throttled", Meaning::throttled},
     {"too_large", Meaning::too_large},
     {"refused", Meaning::refused},
     {"not_authorized", Meaning::not_authorized},
     {"configuration_lost", Meaning::configuration_lost},
     {"retry_later", Meaning::retry_later},
     {"in_doubt", Meaning::in_doubt},
     {"exists", Meaning::exists}}};

/// Oracle's SCEF gives no `cause`: what went wrong is a code at the start of `detail`. Known are
/// 100 no set of configurations for this SCS/AS, 108 no JSON, 109 against the schema, 110 no such
/// context, 111 too much data, 115 no PDN connection; the status within the code is the answer's.
std::vector<OperatorProfile::Rule> oracle_rules() {
    constexpr std::array<std::pair<const char*, Meaning>, 6> codes{
        {{"100", Meaning::not_authorized},
         {"108", Meaning::refused},
         {"109", Meaning::refused},
         {"110", Meaning::configuration_lost},
         {"111", Meaning::too_large},
         {"115", Meaning::retry_later}}};
    std::vector<OperatorProfile::Rule> rules;
    for (const int status : {400, 403, 404, 413, 500, 503}) {
        for (const auto& [code, meaning] : codes) {
            rules.push_back(
                {status, "", "SCEF-ERR-" + std::to_string(status) + "-" + code, meaning});
        }
    }
    return rules;
}

/// Numbers of release 15: verification of ports, dynamic ports, formats and PATCH came later.
std::vector<std::uint8_t> release_15_numbers() { return {1, 2, 3, 4, 0, 0, 0, 0}; }

const std::vector<OperatorProfile>& built_in() {
    static const std::vector<OperatorProfile> profiles{
        {"3gpp", {}, {1, 2, 3, 4, 5, 6, 7, 8}},
        {"3gpp-r15", {}, release_15_numbers()},
        {"oracle", oracle_rules(), release_15_numbers()},
        // Its slips (relative `self`, `status` for `deliveryStatus`) are read from everybody.
        {"mts", {}, release_15_numbers()}};
    return profiles;
}

std::uint8_t number_of(const OperatorProfile& profile, Feature feature) {
    const auto index = static_cast<std::size_t>(feature);
    return index < profile.feature_numbers.size() ? profile.feature_numbers[index] : 0;
}

std::optional<unsigned> value_of(char digit) {
    if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
    if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a' + 10);
    if (digit >= 'A' && digit <= 'F') return static_cast<unsigned>(digit - 'A' + 10);
    return std::nullopt;
}

/// The numbers in a text, ascending; nothing if it is no hexadecimal number.
std::vector<unsigned> numbers_in(std::string_view text) {
    std::vector<unsigned> numbers;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto value = value_of(text[text.size() - 1 - at]);
        if (!value) return {};
        if (at >= digits_max) continue;
        for (unsigned bit = 0; bit < 4; ++bit) {
            if ((*value >> bit & 1u) != 0) {
                numbers.push_back(static_cast<unsigned>(at) * 4 + bit + 1);
            }
        }
    }
    return numbers;
}

}  // namespace

std::string_view name_of(Feature feature) {
    return spelt_features.at(static_cast<std::size_t>(feature));
}

std::string features_text(const OperatorProfile& profile, const std::vector<Feature>& features) {
    std::array<unsigned, digits_max> digits{};
    std::size_t used = 1;
    for (const Feature feature : features) {
        const unsigned number = number_of(profile, feature);
        if (number == 0 || number > digits_max * 4) continue;
        const std::size_t at = (number - 1) / 4;
        digits[at] |= 1u << (number - 1) % 4;
        used = std::max(used, at + 1);
    }
    std::string text;
    while (used > 0) text += "0123456789ABCDEF"[digits[--used]];
    return text;
}

bool has_feature(const OperatorProfile& profile, std::string_view text, Feature feature) {
    const unsigned number = number_of(profile, feature);
    const auto numbers = numbers_in(text);
    return number != 0 && std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

std::vector<std::string> feature_names(const OperatorProfile& profile, std::string_view text) {
    std::vector<std::string> names;
    for (const unsigned number : numbers_in(text)) {
        const auto& known = profile.feature_numbers;
        const auto found = std::find(known.begin(), known.end(), number);
        const auto index = static_cast<std::size_t>(found - known.begin());
        names.push_back(found != known.end() && index < feature_count
                            ? std::string(spelt_features[index])
                            : "feature " + std::to_string(number));
    }
    return names;
}

const OperatorProfile& standard_profile() { return built_in().front(); }

const OperatorProfile* built_in_profile(std::string_view name) {
    for (const OperatorProfile& profile : built_in()) {
        if (profile.name == name) return &profile;
    }
    return nullptr;
}

std::vector<std::string_view> built_in_profile_names() {
    std::vector<std::string_view> names;
    for (const OperatorProfile& profile : built_in()) names.emplace_back(profile.name);
    return names;
}

bool meaning_of(std::string_view text, Meaning& meaning) {
    for (const auto& [spelt, value] : spelt_meanings) {
        if (spelt != text) continue;
        meaning = value;
        return true;
    }
    return false;
}

}  // namespace scef::nidd
