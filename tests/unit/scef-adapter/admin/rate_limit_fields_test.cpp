#include "scef-adapter/admin/rate_limit_fields.h"

#include <gtest/gtest.h>

#include "scef-adapter/engine/effective_quota.h"

namespace scef::adapter::test {
namespace {

using namespace std::chrono_literals;
using queueing::Priority;

/// A device with a quota, at 00:15:00.
class RateLimitFields : public testing::Test {
protected:
    void make(const quota::QuotaLimits& limits, double reserve = 0) {
        quota_.downlink = limits;
        quota_.emergency_reserve = reserve;
        device.quota = &quota_;
        device.downlink_quota = std::make_unique<quota::DirectionQuota>(quota_.downlink);
    }
    void charge(int messages, std::uint64_t octets = 10) {
        for (int i = 0; i < messages; ++i) device.downlink_quota->charge(time, octets);
    }
    std::string field(const char* name, Priority priority = Priority::normal) const {
        for (const auto& [key, value] : rate_limit_fields(device, time, priority)) {
            if (key == name) return value;
        }
        return "";
    }

    Device device;
    quota::QuotaTime time{Instant(1h), WallTime(24h * 365 + 15min)};

private:
    QuotaConfig quota_;
};

TEST_F(RateLimitFields, a_rate_says_what_is_left_and_when_all_is_there) {
    make({.messages = {{{100, 1h}, 10}}, .allowances = {}, .exceptions = {}});
    charge(3);
    EXPECT_EQ(field("RateLimit-Policy"), R"("downlink-messages";q=100;w=3600)");
    EXPECT_EQ(field("RateLimit"), R"("downlink-messages";r=7;t=108)");
}

TEST_F(RateLimitFields, of_what_is_used_up_it_says_when_some_is_there) {
    make({.messages = {{{100, 1h}, 10}}, .allowances = {}, .exceptions = {}});
    charge(12);
    EXPECT_EQ(field("RateLimit"), R"("downlink-messages";r=0;t=108)") << "two of debt";
}

TEST_F(RateLimitFields, several_limits_stand_side_by_side) {
    quota::QuotaLimits limits;
    limits.messages = {{{100, 1h}, 10}, {{500, 24h}, 50}};
    limits.allowances = {{1000, {}, quota::Unit::octets, false}};
    limits.exceptions = quota::MessageRate{{1, 1h}, 1};
    make(limits);
    charge(1, 400);
    EXPECT_EQ(field("RateLimit-Policy"),
              R"("downlink-messages";q=100;w=3600, "downlink-messages-2";q=500;w=86400, )"
              R"("downlink-octets";q=1000;qu="content-bytes";w=3600)");
    EXPECT_EQ(field("RateLimit"),
              R"("downlink-messages";r=9;t=36, "downlink-messages-2";r=49;t=173, )"
              R"("downlink-octets";r=600;t=2700)");
}

TEST_F(RateLimitFields, the_reserve_is_left_to_emergencies) {
    make({.messages = {{{60, 1h}, 5}}, .allowances = {}, .exceptions = {}}, 0.2);
    charge(4);
    EXPECT_EQ(field("RateLimit"), R"("downlink-messages";r=0;t=48)");
    EXPECT_EQ(field("RateLimit", Priority::emergency), R"("downlink-messages";r=1;t=240)");
}

TEST_F(RateLimitFields, what_the_SCEF_said_leaves_nothing) {
    make(
        {.messages = {}, .allowances = {{1000, {}, quota::Unit::octets, false}}, .exceptions = {}});
    device.downlink_quota->exhaust_until(time, time.now + 90s);
    EXPECT_EQ(field("RateLimit"), R"("downlink-octets";r=0;t=90)");
}

TEST_F(RateLimitFields, what_the_device_told_of_the_network_is_a_limit_too) {
    make({});
    take_rate_control(device, {.plmn_rate = 10}, time);
    for (int i = 0; i < 5; ++i) charge_downlink(device, time, 10, false);
    EXPECT_EQ(field("RateLimit-Policy"), R"("serving-plmn";q=10;w=360)");
    EXPECT_EQ(field("RateLimit"), R"("serving-plmn";r=0;t=60)");
}

TEST_F(RateLimitFields, without_limits_there_are_none) {
    make({});
    EXPECT_TRUE(rate_limit_fields(device, time, Priority::normal).empty());
}

TEST(RateLimitFieldsOfScope, a_name_is_a_string_of_structured_fields) {
    EXPECT_EQ(rate_limit_fields("group:water \"n\"", 47500ms).at(0).second,
              R"("group:water \"n\"";r=0;t=48)");
    EXPECT_EQ(rate_limit_fields("group:m\xc3\xbcller", 1s).at(0).second,
              R"("group:m%C3%BCller";r=0;t=1)");
}

}  // namespace
}  // namespace scef::adapter::test
