#include "simulators/modem-link/terms_json.h"

#include <array>
#include <string_view>
#include <utility>

namespace scef::modem_link {
namespace {

using nlohmann::json;

struct TimeMember {
    const char* name;
    std::optional<Duration> PowerSaving::*time;
};

constexpr std::array<TimeMember, 4> times{{
    {"activeTimeMs", &PowerSaving::active_time},
    {"periodicTauMs", &PowerSaving::periodic_tau},
    {"edrxCycleMs", &PowerSaving::edrx_cycle},
    {"pagingWindowMs", &PowerSaving::paging_window},
}};

constexpr std::array<std::string_view, 3> modes{"connected", "edrx", "psm"};
constexpr std::array<std::string_view, 3> coverages{"normal", "robust", "extreme"};

template <std::size_t size>
bool read_word(const json& object, const char* name,
               const std::array<std::string_view, size>& words, std::string& word) {
    const auto found = object.find(name);
    const auto* text =
        found == object.end() ? nullptr : found->template get_ptr<const std::string*>();
    if (text == nullptr) return false;
    for (const std::string_view known : words) {
        if (known == *text) word = known;
    }
    return word == *text;
}

}  // namespace

json to_json(const PowerSaving& power_saving) {
    json object{{"mode", power_saving.mode}};
    for (const auto& [name, time] : times) {
        const auto& value = power_saving.*time;
        if (!value) continue;
        object[name] = std::chrono::duration_cast<std::chrono::milliseconds>(*value).count();
    }
    return object;
}

json to_json(const NetworkTerms& terms) {
    return {{"powerSaving", to_json(terms.power_saving)},
            {"coverage", terms.coverage},
            {"apnRate", terms.apn_rate},
            {"exceptionReports", terms.has_exception_reports},
            {"frameOctetsMax", terms.frame_octets_max}};
}

std::optional<PowerSaving> power_saving_from_json(const json& object) {
    constexpr json::number_unsigned_t longest_ms = 10ULL * 366 * 24 * 3600 * 1000;
    PowerSaving result;
    if (!object.is_object() || !read_word(object, "mode", modes, result.mode)) return std::nullopt;
    for (const auto& [name, time] : times) {
        const auto found = object.find(name);
        if (found == object.end()) continue;
        const auto* number = found->get_ptr<const json::number_unsigned_t*>();
        if (number == nullptr || *number > longest_ms) return std::nullopt;
        result.*time = std::chrono::milliseconds(*number);
    }
    return result;
}

std::optional<NetworkTerms> terms_from_json(const json& object) {
    constexpr json::number_unsigned_t largest = 0xFFFF'FFFFU;
    if (!object.is_object() || !object.contains("powerSaving")) return std::nullopt;
    auto power_saving = power_saving_from_json(object["powerSaving"]);
    NetworkTerms result;
    if (!power_saving || !read_word(object, "coverage", coverages, result.coverage)) {
        return std::nullopt;
    }
    result.power_saving = std::move(*power_saving);
    const auto rate = object.find("apnRate");
    const auto octets = object.find("frameOctetsMax");
    if (rate == object.end() || !rate->is_string() || octets == object.end() ||
        !octets->is_number_unsigned() || *octets > largest) {
        return std::nullopt;
    }
    result.apn_rate = rate->get<std::string>();
    result.frame_octets_max = octets->get<std::uint32_t>();
    const auto reports = object.find("exceptionReports");
    result.has_exception_reports = reports != object.end() && *reports == true;
    return result;
}

}  // namespace scef::modem_link
