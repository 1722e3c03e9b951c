#include "lwm2m-core/vocabulary/time_text.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace scef {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

TEST(Rfc3339, is_written_in_utc_with_milliseconds) {
    EXPECT_EQ(to_rfc3339(WallTime{}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(WallTime(951782400s + 1999999ns)), "2000-02-29T00:00:00.001Z");
    EXPECT_EQ(to_rfc3339(WallTime(-1ns)), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, every_offset_and_fraction_names_the_same_instant) {
    const WallTime expected(1795358240s + 123ms);
    for (const auto text : {"2026-11-22T14:37:20.123Z", "2026-11-22t14:37:20.123000000999z",
                            "2026-11-22T15:37:20.123+01:00", "2026-11-22T09:07:20.123-05:30",
                            "2026-11-23T14:36:20.123+23:59"}) {
        EXPECT_EQ(from_rfc3339(text), expected) << text;
    }
}

TEST(Rfc3339, a_leap_second_is_the_second_before_it) {
    EXPECT_EQ(from_rfc3339("2016-12-31T23:59:60Z").value(),
              from_rfc3339("2016-12-31T23:59:59Z").value());
}

class NotRfc3339 : public testing::TestWithParam<std::string_view> {};

TEST_P(NotRfc3339, is_refused_as_malformed) {
    const auto time = from_rfc3339(GetParam());
    ASSERT_FALSE(time);
    EXPECT_EQ(time.error().code, Errc::malformed);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc3339, NotRfc3339,
    testing::Values("", "2026-11-22", "2026-11-22T14:37:20", "2026-11-22 14:37:20Z",
                    "2026-11-22T14:37Z", "2026-11-22T24:00:00Z", "2026-11-22T14:60:00Z",
                    "2026-11-22T14:37:61Z", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
                    "2026-04-31T00:00:00Z", "2026-00-10T00:00:00Z", "1969-12-31T23:59:59Z",
                    "2201-01-01T00:00:00Z", "2026-11-22T14:37:20.Z", "2026-11-22T14:37:20,5Z",
                    "2026-11-22T14:37:20+0100", "2026-11-22T14:37:20+24:00",
                    "2026-11-22T14:37:20Z ", "+026-11-22T14:37:20Z", "1970-01-01T00:00:00+00:01",
                    "2026-11-2aT14:37:20Z"));

TEST(Rfc3339, every_millisecond_survives) {
    EXPECT_TRUE(rc::check("time comes back", [] {
        const WallTime time(std::chrono::milliseconds(
            *rc::gen::inRange<std::int64_t>(0, 7'289'654'400'000)));  // until 2200-12-31
        RC_ASSERT(from_rfc3339(to_rfc3339(time)) == time);
    }));
}

TEST(DurationText, every_form_is_read) {
    EXPECT_EQ(parse_duration("500ms"), 500ms);
    EXPECT_EQ(parse_duration("0s"), 0s);
    EXPECT_EQ(parse_duration("20s"), 20s);
    EXPECT_EQ(parse_duration("010m"), 10min);
    EXPECT_EQ(parse_duration("24h"), 24h);
    EXPECT_EQ(parse_duration("7d"), days(7));
    EXPECT_EQ(parse_duration("PT24H"), 24h);
    EXPECT_EQ(parse_duration("P1DT12H"), 36h);
    EXPECT_EQ(parse_duration("P3D"), days(3));
    EXPECT_EQ(parse_duration("PT1H2M3.000000004S"), 1h + 2min + 3s + 4ns);
    EXPECT_EQ(parse_duration("PT0.5S"), 500ms);
    EXPECT_EQ(parse_duration("P3653D"), days(3653));
}

class NotDuration : public testing::TestWithParam<std::string_view> {};

TEST_P(NotDuration, is_refused_as_malformed) {
    const auto duration = parse_duration(GetParam());
    ASSERT_FALSE(duration);
    EXPECT_EQ(duration.error().code, Errc::malformed);
}

INSTANTIATE_TEST_SUITE_P(DurationText, NotDuration,
                         testing::Values("", "5", "s", "-5s", "+5s", "5 s", " 5s", "5s ", "5S",
                                         "1.5h", "1h30m", "5us", "5w", "P", "PT", "P1", "P1DT",
                                         "P1H", "PT1D", "P1M", "P1Y", "P1W", "PT1M1H", "PT1H1H",
                                         "PT0.5H", "PT.5S", "PT1.S", "PT1.0000000001S", "-PT1S",
                                         "PT-1S", "pt1s", "PT1HT1M", "PT1S1"));

class TooLongDuration : public testing::TestWithParam<std::string_view> {};

TEST_P(TooLongDuration, is_refused_as_out_of_range) {
    const auto duration = parse_duration(GetParam());
    ASSERT_FALSE(duration);
    EXPECT_EQ(duration.error().code, Errc::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(DurationText, TooLongDuration,
                         testing::Values("3654d", "99999999999999999999999s", "P3653DT1S",
                                         "P9223372036854775807D", "PT88000H"));

TEST(DurationText, is_written_in_the_greatest_unit_that_loses_nothing) {
    EXPECT_EQ(to_text(0s), "0s");
    EXPECT_EQ(to_text(500ms), "500ms");
    EXPECT_EQ(to_text(90s), "90s");
    EXPECT_EQ(to_text(10min), "10m");
    EXPECT_EQ(to_text(24h), "24h");
    EXPECT_EQ(to_text(days(7)), "7d");
    EXPECT_EQ(to_text(1s + 500us), "PT1.0005S");
    EXPECT_EQ(to_text(-90s), "-90s");
    EXPECT_EQ(to_text(Duration::min()), "-PT9223372036.854775808S");
}

TEST(DurationText, every_duration_survives) {
    EXPECT_TRUE(rc::check("duration comes back", [] {
        const Duration unit = *rc::gen::element<Duration>(1ns, 1ms, 1s, 1min, 1h);
        const Duration duration = *rc::gen::inRange<std::int64_t>(0, 80'000) * unit;
        RC_ASSERT(parse_duration(to_text(duration)) == duration);
    }));
}

TEST(RetryAfter, is_seconds_or_the_time_left_until_a_date) {
    const WallTime now = *from_rfc3339("1994-11-06T08:49:00Z");
    EXPECT_EQ(parse_retry_after("120", now), 120s);
    EXPECT_EQ(parse_retry_after("0", now), 0s);
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), 37s);
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:48:37 GMT", now), 0s);
}

TEST(HttpDate, is_an_imf_fixdate) {
    EXPECT_EQ(from_http_date("Sun, 06 Nov 1994 08:49:37 GMT"),
              *from_rfc3339("1994-11-06T08:49:37Z"));
    EXPECT_FALSE(from_http_date("1994-11-06T08:49:37Z"));
    EXPECT_FALSE(from_http_date(""));
}

TEST(RetryAfter, a_time_beyond_ten_years_is_ten_years) {
    EXPECT_EQ(parse_retry_after("99999999999999999999", WallTime{}), days(3653));
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 2190 08:49:37 GMT", WallTime{}), days(3653));
}

TEST(RetryAfter, anything_else_is_refused) {
    for (const auto text : {"", "-1", "1.5", "soon", "12 ", "Sun, 06 Nov 1994 08:49:37 UTC",
                            "Sun, 31 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"}) {
        EXPECT_FALSE(parse_retry_after(text, WallTime{})) << text;
    }
}

}  // namespace
}  // namespace scef
