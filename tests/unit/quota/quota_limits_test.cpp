#include "quota/quota_limits.h"

#include <gtest/gtest.h>

#include "tests/unit/quota/zones.h"

namespace scef::quota {
namespace {

using namespace std::chrono_literals;

TEST(QuotaLimits, each_limit_has_a_name_for_people) {
    QuotaLimits limits;
    limits.messages = {{{100, 1h}, 10}, {{10, 6min}, 1}};
    limits.allowances = {{102'400, test::daily(test::berlin())},
                         {3000, test::monthly(), Unit::messages},
                         {5, test::every(90min)}};
    limits.exceptions = MessageRate{{2, 24h}, 2};
    EXPECT_EQ(limit_name(limits, 0), "100 messages per hour, 10 at once");
    EXPECT_EQ(limit_name(limits, 1), "10 messages per decihour");
    EXPECT_EQ(limit_name(limits, 2), "102400 octets per day in Europe/Berlin");
    EXPECT_EQ(limit_name(limits, 3), "3000 messages per month");
    EXPECT_EQ(limit_name(limits, exceptions_limit), "exceptions: 2 messages per day, 2 at once");
    EXPECT_EQ(limit_name(limits, told_limit), "used up, says the SCEF");
    EXPECT_EQ(limit_name(limits, 9), "unknown");
}

TEST(QuotaLimits, each_message_counts_as_a_multiple_of_the_unit) {
    QuotaLimits limits;
    EXPECT_EQ(counted(limits, 2, 300), (Amount{2, 300}));
    limits.round_up = 1024;
    EXPECT_EQ(counted(limits, 1, 1), (Amount{1, 1024}));
    EXPECT_EQ(counted(limits, 1, 1024), (Amount{1, 1024}));
    EXPECT_EQ(counted(limits, 2, 2050), (Amount{2, 4096}));
    EXPECT_EQ(counted(limits, 1, 0), (Amount{1, 0}));
}

TEST(QuotaLimits, amounts_do_not_become_less_than_nothing) {
    EXPECT_EQ((Amount{1, 50}) - (Amount{2, 20}), (Amount{0, 30}));
    EXPECT_TRUE((Amount{1, 2}).covers({1, 2}));
    EXPECT_FALSE((Amount{1, 2}).covers({0, 3}));
}

}  // namespace
}  // namespace scef::quota
