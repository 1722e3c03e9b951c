#include "scef-adapter/engine/quota_scope.h"

namespace scef::adapter {
namespace {

constexpr std::string_view device_prefix = "device:", group_prefix = "group:",
                           scef_prefix = "scef:";

/// What follows the prefix; nothing if the text has another one, or nothing follows.
std::optional<std::string_view> name_after(std::string_view prefix, std::string_view text) {
    if (!text.starts_with(prefix) || text.size() == prefix.size()) return std::nullopt;
    return text.substr(prefix.size());
}

}  // namespace

Result<QuotaScope> quota_scope_named(std::string_view text, const Config& config) {
    QuotaScope scope;
    if (text == account_scope) return scope;
    if (const auto name = name_after(device_prefix, text)) {
        auto id = ExternalId::parse(*name);
        if (!id) return tl::unexpected<Error>(std::move(id.error()));
        scope.kind = QuotaScope::Kind::device;
        scope.device = std::move(*id);
        return scope;
    }
    if (const auto name = name_after(group_prefix, text)) {
        scope.kind = QuotaScope::Kind::group;
        scope.group = *name;
        return scope;
    }
    if (const auto name = name_after(scef_prefix, text)) {
        scope.kind = QuotaScope::Kind::scef;
        for (std::size_t i = 0; i < config.scefs.size(); ++i) {
            if (config.scefs[i].name != *name) continue;
            scope.scef = i;
            return scope;
        }
        return fail(Errc::not_found, "no SCEF of that name is configured");
    }
    return fail(Errc::invalid_argument,
                "a scope is device:EXTERNAL-ID, group:NAME, scef:NAME or account");
}

std::string device_scope(const ExternalId& device) {
    return std::string(device_prefix).append(device.text());
}

std::string group_scope(std::string_view group) { return std::string(group_prefix).append(group); }

std::string scef_scope(const ScefConfig& scef) {
    return std::string(scef_prefix).append(scef.name);
}

QuotaScope::Kind kind_of_scope(std::string_view name) {
    if (name.starts_with(device_prefix)) return QuotaScope::Kind::device;
    if (name.starts_with(group_prefix)) return QuotaScope::Kind::group;
    return name.starts_with(scef_prefix) ? QuotaScope::Kind::scef : QuotaScope::Kind::account;
}

std::vector<std::string> shared_scopes(const Config& config) {
    std::vector<std::string> names{std::string(account_scope)};
    for (const ScefConfig& scef : config.scefs) names.push_back(scef_scope(scef));
    for (const auto& [group, quota] : config.quota_scopes.groups) {
        names.push_back(group_scope(group));
    }
    return names;
}

std::string configured_quota(const Config& config, const QuotaScope& scope) {
    switch (scope.kind) {
        case QuotaScope::Kind::account:
            return config.quota_scopes.account;
        case QuotaScope::Kind::scef:
            return config.scefs[scope.scef].quota;
        case QuotaScope::Kind::group: {
            const auto& groups = config.quota_scopes.groups;
            const auto found = groups.find(scope.group);
            return found == groups.end() ? std::string() : found->second;
        }
        case QuotaScope::Kind::device:
            break;
    }
    return {};
}

}  // namespace scef::adapter
