#include "scef-adapter/engine/scope_names.h"

#include <algorithm>

namespace scef::adapter {
namespace {

const ScefConfig* scef_of(const Config& config, std::string_view scope) {
    if (!scope.starts_with(scef_prefix)) return nullptr;
    scope.remove_prefix(scef_prefix.size());
    const auto found = std::find_if(config.scefs.begin(), config.scefs.end(),
                                    [&](const ScefConfig& scef) { return scef.name == scope; });
    return found == config.scefs.end() ? nullptr : &*found;
}

}  // namespace

bool is_shared_scope(const Config& config, std::string_view name) {
    if (name == account_name) return true;
    if (name.starts_with(group_prefix)) return name.size() > group_prefix.size();
    return scef_of(config, name) != nullptr;
}

std::string configured_quota(const Config& config, std::string_view scope) {
    if (scope == account_name) return config.quota_scopes.account;
    if (const ScefConfig* scef = scef_of(config, scope)) return scef->quota;
    if (!scope.starts_with(group_prefix)) return {};
    const auto& groups = config.quota_scopes.groups;
    const auto found = groups.find(scope.substr(group_prefix.size()));
    return found == groups.end() ? std::string() : found->second;
}

}  // namespace scef::adapter
