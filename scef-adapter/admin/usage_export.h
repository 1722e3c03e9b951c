#pragma once

#include <memory>

#include "scef-adapter/admin/api_call.h"
#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/engine/quota_scope.h"
#include "scef-adapter/admin/usage_period.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// What one request for usage wants.
struct UsageQuery {
    QuotaScope scope;
    UsagePeriod period;
    WallTime kept_since{};  ///< what was charged before is forgotten, or about to be
    bool summary = false;   ///< sums for each device and direction instead of single charges
    std::size_t rows_max = 10'000;  ///< of a page; a summary ends it after a whole shard
};

/// Charges that one request looks at, at most, when most of them are of others: a page may then be
/// short or empty and the next one still have rows. A summary looks at whole shards.
inline constexpr std::size_t charges_scanned_max = 100'000;

/// Answers with one page of the charges in the store as CSV, shard after shard, oldest first
/// within a shard; `Link: <…>; rel="next"` (RFC 8288) names the next page. Members of a group are
/// those of now. 404 for a device that is not there and has no charge in the period. Each page has
/// the header row, and `Usage-Kept-Since` if the period begins before that.
void export_usage(ShardAccess& shards, ColdReader& cold, std::shared_ptr<const Config> config,
                  const ApiCallPtr& call, UsageQuery query);

}  // namespace scef::adapter
