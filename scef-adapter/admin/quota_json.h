#pragma once

#include <nlohmann/json.hpp>

#include "scef-adapter/engine/device.h"
#include "scef-adapter/engine/scope_quotas.h"

/// Quotas as the API shows them. Times are those by which quotas count.
namespace scef::adapter {

/// `{name, unit, limit, used, remaining, resetsAt, forecastExhaustedAt}`.
nlohmann::json limit_json(const quota::LimitUse& use);

/// What `GET /quotas/{scope}` says of a device, and of a shared scope (by its owner).
nlohmann::json quota_document(const Device& device, const quota::QuotaTime& time);
nlohmann::json quota_document(const ScopeView& view);

}  // namespace scef::adapter
