#include "scef-adapter/config/time_zone_file.h"

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <limits>

#include <gtest/gtest.h>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::adapter {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

std::string database_file(const std::string& name) {
    std::ifstream stream("/usr/share/zoneinfo/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// The oracle: the C library, which reads the same files by itself.
class LibcZone {
public:
    explicit LibcZone(const std::string& name) {
        const char* before = std::getenv("TZ");
        before_ = before == nullptr ? "" : before;
        set(name);
    }
    ~LibcZone() { set(before_); }
    LibcZone(const LibcZone&) = delete;
    LibcZone& operator=(const LibcZone&) = delete;

    seconds offset_at(sys_seconds time) const {
        const std::time_t seconds_since_epoch = time.time_since_epoch().count();
        std::tm shown{};
        ::localtime_r(&seconds_since_epoch, &shown);
        return seconds(shown.tm_gmtoff);
    }

private:
    static void set(const std::string& name) {
        if (name.empty()) {
            ::unsetenv("TZ");
        } else {
            ::setenv("TZ", name.c_str(), 1);
        }
        ::tzset();
    }
    std::string before_;
};

class TimeZoneFile : public ::testing::TestWithParam<const char*> {};

TEST_P(TimeZoneFile, shows_the_time_that_the_c_library_shows_until_2100) {
    const auto zone = time_zone_named(GetParam());
    ASSERT_TRUE(zone);
    ASSERT_TRUE(*zone);
    const LibcZone libc(GetParam());
    SeededRandom random(20260301);
    const auto agrees = [&](sys_seconds time) {
        const seconds offset = (*zone)->local(time).time_since_epoch() - time.time_since_epoch();
        return offset == libc.offset_at(time);
    };
    for (int i = 0; i < 20'000; ++i) {
        const sys_seconds time(seconds(random.below(4'102'444'800)));
        ASSERT_TRUE(agrees(time)) << time.time_since_epoch().count();
    }
    for (const auto& transition : (*zone)->transitions()) {
        if (transition.at < sys_seconds()) continue;
        ASSERT_TRUE(agrees(transition.at)) << transition.at.time_since_epoch().count();
        ASSERT_TRUE(agrees(transition.at - 1s)) << transition.at.time_since_epoch().count();
    }
}

INSTANTIATE_TEST_SUITE_P(Zones, TimeZoneFile,
                         ::testing::Values("Europe/Berlin", "America/New_York",
                                           "Australia/Lord_Howe", "Asia/Kathmandu",
                                           "America/Havana", "Africa/Cairo", "Asia/Jerusalem",
                                           "America/Nuuk", "Europe/Dublin", "Pacific/Apia"));

TEST(TimeZoneFiles, summer_time_goes_on_after_2037) {
    const auto zone = time_zone_named("Europe/Berlin");
    ASSERT_TRUE(zone);
    const sys_seconds summer = sys_days(2060y / July / 1);
    EXPECT_EQ((*zone)->local(summer).time_since_epoch() - summer.time_since_epoch(), 2h);
    EXPECT_EQ((*zone)->name(), "Europe/Berlin");
}

TEST(TimeZoneFiles, utc_needs_no_file) { EXPECT_EQ(*time_zone_named("UTC"), nullptr); }

TEST(TimeZoneFiles, what_is_no_zone_is_refused_with_advice) {
    for (const char* name : {"", "Nowhere", "Europe", "/etc/passwd", "../zoneinfo/UTC",
                             "Europe/Ber lin", "tzdata.zi", "zone.tab"}) {
        const auto zone = time_zone_named(name);
        ASSERT_FALSE(zone) << name;
        EXPECT_FALSE(zone.error().message.empty());
    }
}

/// A file with one transition and the rule of Berlin after it.
std::string file_with_transition_at(std::int64_t at) {
    const auto header = [](char times) {
        // No marks and leap seconds; transitions, one type, no names.
        return "TZif2" + std::string(15 + 12 + 3, '\0') + times + std::string(3, '\0') + '\1' +
               std::string(4, '\0');
    };
    const std::string type(6, '\0');
    std::string octets;
    for (int shift = 56; shift >= 0; shift -= 8) {
        octets += static_cast<char>(static_cast<std::uint64_t>(at) >> shift);
    }
    return header('\0') + type + header('\1') + octets + '\0' + type +
           "\nCET-1CEST,M3.5.0,M10.5.0/3\n";
}

TEST(TimeZoneFiles, a_last_transition_far_from_any_clock_makes_no_endless_list) {
    for (const std::int64_t at :
         {std::numeric_limits<std::int64_t>::min(), -(std::int64_t{1} << 59),
          std::numeric_limits<std::int64_t>::max()}) {
        const auto zone = time_zone_from_tzif("x", as_bytes(file_with_transition_at(at)));
        ASSERT_TRUE(zone) << at;
        EXPECT_EQ(zone->transitions().size(), at < 0 ? 1 + 2 * 131 : 1) << at;  // to 2100
    }
}

TEST(TimeZoneFiles, a_file_that_is_cut_anywhere_or_damaged_is_refused_or_read) {
    const std::string file = database_file("Europe/Berlin");
    ASSERT_GT(file.size(), 500u);
    for (std::size_t size = 0; size < file.size(); ++size) {
        EXPECT_FALSE(time_zone_from_tzif("x", as_bytes(file).first(size))) << size;
    }
    SeededRandom random(1);
    for (int i = 0; i < 2000; ++i) {
        std::string damaged = file;
        damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
        (void)time_zone_from_tzif("x", as_bytes(damaged));
    }
}

}  // namespace
}  // namespace scef::adapter
