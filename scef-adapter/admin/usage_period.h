#pragma once

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "scef-adapter/admin/request_target.h"

namespace scef::adapter {

/// Of a usage export: what was charged from `from` on and before `to`, so that periods that follow
/// each other have every charge once. Whole milliseconds, as the ids of charges.
struct UsagePeriod {
    WallTime from;
    WallTime to;
    friend bool operator==(const UsagePeriod&, const UsagePeriod&) = default;
};

/// From the parameters `from` and `to`, each a date-time of RFC 3339 or a date, which means its
/// midnight UTC. Without `to`: until now; without `from`: from the start of the calendar month
/// (UTC) that the period ends in. `invalid_argument` for what is no time, and for `from` after
/// `to`.
Result<UsagePeriod> usage_period(const QueryParameters& query, WallTime now);

}  // namespace scef::adapter
