#include "scef-adapter/admin/failed_logins.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using std::chrono::seconds;

TEST(FailedLogins, the_sixth_within_a_minute_waits_until_the_first_is_a_minute_old) {
    FailedLogins dut;
    const Instant start(seconds(100));
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(dut.on_failure("a", start + seconds(i)));
    EXPECT_EQ(dut.on_failure("a", start + seconds(10)), Duration(seconds(50)));
    EXPECT_FALSE(dut.on_failure("a", start + seconds(60)));
}

TEST(FailedLogins, addresses_do_not_disturb_each_other) {
    FailedLogins dut;
    const Instant now(seconds(100));
    for (int i = 0; i < 6; ++i) dut.on_failure("a", now);
    EXPECT_TRUE(dut.on_failure("a", now));
    EXPECT_FALSE(dut.on_failure("b", now));
}

TEST(FailedLogins, when_full_the_address_that_failed_longest_ago_is_forgotten) {
    FailedLogins dut;
    const Instant now(seconds(100));
    for (int i = 0; i < 6; ++i) dut.on_failure("old", now);
    for (std::size_t i = 0; i < FailedLogins::addresses_max; ++i) {
        dut.on_failure(std::to_string(i), now + seconds(1));
    }
    EXPECT_FALSE(dut.on_failure("old", now + seconds(2)));
}

}  // namespace
}  // namespace scef::adapter
