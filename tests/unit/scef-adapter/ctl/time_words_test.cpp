#include "scef-adapter/ctl/time_words.h"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::ctl {
namespace {

using namespace std::chrono_literals;

/// For the time of a test, people live there.
class Zone {
public:
    explicit Zone(const char* zone) {
        setenv("TZ", zone, 1);
        tzset();
    }
    ~Zone() {
        unsetenv("TZ");
        tzset();
    }
};

TEST(TimeWords, a_time_is_told_by_the_clock_on_the_wall) {
    const Zone zone("XST-3");  // three hours ahead of UTC
    EXPECT_EQ(local_time("2026-11-30T22:02:11.500Z"), "2026-12-01 01:02:11");
    EXPECT_EQ(local_time("-"), "-");
}

TEST(TimeWords, an_age_has_one_unit) {
    const Zone zone("UTC0");
    const WallTime now = *from_rfc3339("2026-11-30T12:00:00Z");
    const auto age = [&](Duration before) {
        const std::string text = local_time_and_age(to_rfc3339(now - before), now);
        return text.substr(text.find('('));
    };
    EXPECT_EQ(age(0s), "(now)");
    EXPECT_EQ(age(119s), "(119 s ago)");
    EXPECT_EQ(age(3min + 50s), "(3 min ago)");
    EXPECT_EQ(age(47h), "(47 h ago)");
    EXPECT_EQ(age(-24h * 3), "(in 3 d)");
    EXPECT_EQ(local_time_and_age("-", now), "-");
}

TEST(TimeWords, what_lies_between_two_times_is_told) {
    EXPECT_EQ(span_between("2026-11-30T12:00:00Z", "2026-11-30T12:00:00.250Z"), "+250 ms");
    EXPECT_EQ(span_between("", "2026-11-30T12:00:00Z"), "");
    EXPECT_EQ(span_between("2026-11-30T12:00:01Z", "2026-11-30T12:00:00Z"), "");
}

}  // namespace
}  // namespace scef::ctl
