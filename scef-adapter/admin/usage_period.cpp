#include "scef-adapter/admin/usage_period.h"

#include <chrono>
#include <optional>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::adapter {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t date_size = 10;  // 2026-04-01

WallTime whole(WallTime time) { return std::chrono::floor<milliseconds>(time); }

Result<std::optional<WallTime>> time_in(const QueryParameters& query, std::string_view name) {
    const auto found = query.find(name);
    if (found == query.end()) return std::nullopt;
    const std::string& text = found->second;
    const auto time = from_rfc3339(text.size() == date_size ? text + "T00:00:00Z" : text);
    if (!time) {
        return fail(Errc::invalid_argument,
                    std::string(name) + ": a date or date-time such as 2026-04-01T00:00:00Z");
    }
    return whole(*time);
}

/// The month in which the last millisecond before `end` lies.
WallTime month_of_end(WallTime end) {
    using namespace std::chrono;
    const auto last = (end - milliseconds(1)).time_since_epoch();
    const year_month_day day{sys_days(floor<days>(last))};
    return WallTime(sys_days(day.year() / day.month() / 1).time_since_epoch());
}

}  // namespace

Result<UsagePeriod> usage_period(const QueryParameters& query, WallTime now) {
    const auto from = time_in(query, "from");
    if (!from) return tl::unexpected<Error>(from.error());
    const auto to = time_in(query, "to");
    if (!to) return tl::unexpected<Error>(to.error());
    UsagePeriod period;
    period.to = to->value_or(whole(now));
    period.from = from->value_or(month_of_end(period.to));
    if (period.from > period.to) {
        return fail(Errc::invalid_argument, "from: must not be after to, which is now by default");
    }
    return period;
}

}  // namespace scef::adapter
