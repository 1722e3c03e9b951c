#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/result.h"
#include "scef-adapter/config/config.h"

namespace scef::adapter {

/// Whose quota or usage is meant: `device:EXTID`, or one that many devices share, `group:NAME`,
/// `scef:NAME` or `account`.
struct QuotaScope {
    enum class Kind : std::uint8_t { device, group, scef, account };
    Kind kind = Kind::account;
    ExternalId device;     ///< of kind device
    std::string group;     ///< of kind group
    std::size_t scef = 0;  ///< of kind scef: its place in `Config::scefs`
};

/// `invalid_argument` for what is no scope; `not_found` for a SCEF that is not configured. Whether
/// there is such a device or group is known to the engines alone.
Result<QuotaScope> quota_scope_named(std::string_view text, const Config& config);

// The names.
std::string device_scope(const ExternalId& device);
std::string group_scope(std::string_view group);
std::string scef_scope(const ScefConfig& scef);
inline constexpr std::string_view account_scope = "account";
/// Of such a name.
QuotaScope::Kind kind_of_scope(std::string_view name);

/// The names of the account, all SCEFs and the groups that have a quota in the configuration.
std::vector<std::string> shared_scopes(const Config& config);
/// The quota that the configuration gives a shared scope, a name in `quotas`; empty: none.
std::string configured_quota(const Config& config, const QuotaScope& scope);

}  // namespace scef::adapter
