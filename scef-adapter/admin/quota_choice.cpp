#include "scef-adapter/admin/quota_choice.h"

#include "nidd/types/strict_json.h"

namespace scef::adapter {
namespace {

constexpr std::size_t text_octets_max = 4096;  // it is stored with each device that has it

tl::unexpected<Error> no_quota() {
    return fail(
        Errc::invalid_argument,
        "quota: the name of a quota in the configuration, an object with its keys, or null");
}

}  // namespace

Result<std::string> quota_from_json(const nlohmann::json& value) {
    if (value.is_null()) return std::string();
    if (!value.is_string() && !value.is_object()) return no_quota();
    std::string quota = value.is_string() ? value.get<std::string>() : nidd::dump(value);
    if (quota.empty() || (value.is_string() && quota.front() == '{')) return no_quota();
    if (quota.size() > text_octets_max) {
        return fail(Errc::invalid_argument, "quota: at most 4096 octets of JSON");
    }
    return quota;
}

nlohmann::json quota_json(std::string_view quota) {
    if (quota.empty()) return nullptr;
    if (!quota.starts_with('{')) return quota;
    auto limits = nidd::parse_strict_json(quota);
    return limits ? std::move(*limits) : nlohmann::json(quota);
}

Result<std::string> quota_from_body(const Config& config, const nlohmann::json& body) {
    const auto member = body.find("quota");
    if (member != body.end() && body.size() > 1) {
        return fail(Errc::invalid_argument, "quota: give either a quota or the limits themselves");
    }
    auto quota = quota_from_json(member == body.end() ? body : *member);
    if (!quota || quota->empty()) return quota;
    if (const auto found = find_quota(config, *quota); !found) {
        return tl::unexpected<Error>(found.error());
    }
    return quota;
}

}  // namespace scef::adapter
