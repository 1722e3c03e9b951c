#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/result.h"
#include "scef-adapter/config/config.h"

namespace scef::adapter {

/// Whose quota or usage a path names: `device:EXTID`, `group:NAME`, `scef:NAME` or `account`.
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

}  // namespace scef::adapter
