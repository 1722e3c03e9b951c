#include "scef-adapter/admin/usage_period.h"

#include <gtest/gtest.h>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::adapter {
namespace {

const WallTime now = *from_rfc3339("2026-04-21T09:30:00.123456Z");

/// `FROM TO`, or the mistake.
std::string period(const QueryParameters& query) {
    const auto read = usage_period(query, now);
    if (!read) return read.error().message;
    return to_rfc3339(read->from) + ' ' + to_rfc3339(read->to);
}

TEST(UsagePeriod, by_default_it_is_the_calendar_month_until_now) {
    EXPECT_EQ(period({}), "2026-04-01T00:00:00.000Z 2026-04-21T09:30:00.123Z");
}

TEST(UsagePeriod, both_ends_may_be_given_as_date_time_or_date) {
    EXPECT_EQ(period({{"from", "2026-02-28"}, {"to", "2026-03-01T01:00:00+01:00"}}),
              "2026-02-28T00:00:00.000Z 2026-03-01T00:00:00.000Z");
}

TEST(UsagePeriod, without_from_it_begins_with_the_month_that_it_ends_in) {
    EXPECT_EQ(period({{"to", "2026-03-01"}}), "2026-02-01T00:00:00.000Z 2026-03-01T00:00:00.000Z");
    EXPECT_EQ(period({{"to", "2025-12-31T23:59:59Z"}}),
              "2025-12-01T00:00:00.000Z 2025-12-31T23:59:59.000Z");
}

TEST(UsagePeriod, periods_that_meet_share_no_millisecond) {
    const auto first = usage_period({{"from", "2026-01-01"}, {"to", "2026-02-01"}}, now);
    const auto second = usage_period({{"from", "2026-02-01"}, {"to", "2026-03-01"}}, now);
    EXPECT_EQ(first->to, second->from);
}

TEST(UsagePeriod, an_empty_one_is_allowed_and_a_reversed_one_is_not) {
    EXPECT_EQ(period({{"from", "2026-04-01"}, {"to", "2026-04-01"}}),
              "2026-04-01T00:00:00.000Z 2026-04-01T00:00:00.000Z");
    EXPECT_EQ(period({{"from", "2026-04-02"}, {"to", "2026-04-01"}}),
              "from: must not be after to, which is now by default");
    EXPECT_EQ(period({{"from", "2026-05-01"}}),
              "from: must not be after to, which is now by default");
}

TEST(UsagePeriod, what_is_no_time_is_named) {
    for (const char* text : {"", "yesterday", "2026-13-01", "2026-02-30", "2026-04-01T00:00:00",
                             "20260401", "1969-12-31", "0"}) {
        EXPECT_EQ(period({{"from", text}}),
                  "from: a date or date-time such as 2026-04-01T00:00:00Z")
            << text;
        EXPECT_EQ(period({{"to", text}}), "to: a date or date-time such as 2026-04-01T00:00:00Z")
            << text;
    }
}

}  // namespace
}  // namespace scef::adapter
