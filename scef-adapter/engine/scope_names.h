#pragma once

#include <string>
#include <string_view>

#include "scef-adapter/config/config.h"

/// Names of scopes wider than a device: `account`, `scef:NAME`, `group:NAME`.
namespace scef::adapter {

inline constexpr std::string_view account_name = "account";
inline constexpr std::string_view scef_prefix = "scef:";
inline constexpr std::string_view group_prefix = "group:";

/// `account`, a SCEF of the configuration, or a group, which nobody needs to have.
bool is_shared_scope(const Config& config, std::string_view name);
/// The name of the quota that the configuration gives it; empty: none.
std::string configured_quota(const Config& config, std::string_view scope);

}  // namespace scef::adapter
