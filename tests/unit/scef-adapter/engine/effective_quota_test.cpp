#include "scef-adapter/engine/effective_quota.h"

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/engine/full_device.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;
using TimeUnit = RateControlReport::TimeUnit;

/// Its own quota: 10 messages an hour, 3 at once, and octets of a day; both directions alike.
struct EffectiveQuota : ::testing::Test {
    EffectiveQuota() {
        auto changed = *test::device_config();
        auto& tight = changed.quotas["tight"];
        tight.downlink.messages = {{{10, 1h}, 3}};
        tight.downlink.allowances.resize(1);
        tight.downlink.exceptions.reset();
        tight.uplink = tight.downlink;
        config = std::make_shared<Config>(std::move(changed));
        device = test::bare_device(*config, 1);
        device->quota = &config->quotas.at("tight");
        device->downlink_quota = std::make_unique<quota::DirectionQuota>(device->quota->downlink);
        device->uplink_quota = std::make_unique<quota::DirectionQuota>(device->quota->uplink);
    }
    void tell(std::uint16_t plmn_rate) {
        take_rate_control(*device, {.plmn_rate = plmn_rate}, time);
    }
    void send(int frames) {
        for (int i = 0; i < frames; ++i) charge_downlink(*device, time, 100, false);
    }
    DownlinkEarliest earliest() const { return downlink_earliest(*device, time, {.octets = 100}); }

    std::shared_ptr<const Config> config;
    std::unique_ptr<Device> device;
    quota::QuotaTime time{Instant(10h), WallTime(1000h)};
};

TEST_F(EffectiveQuota, without_a_report_is_the_devices_own) {
    EXPECT_EQ(device->learned_quota, nullptr);
    EXPECT_EQ(limit_name(*device, earliest()), "no limit");
    send(3);
    EXPECT_EQ(earliest().at, time.now + 6min);
    EXPECT_EQ(limit_name(*device, earliest()), "10 messages per hour, 3 at once");
}

TEST_F(EffectiveQuota, the_limit_that_binds_longest_is_named) {
    tell(10);
    send(3);
    EXPECT_FALSE(earliest().is_learned);
    EXPECT_EQ(earliest().at, time.now + 6min);
    device->downlink_quota = std::make_unique<quota::DirectionQuota>(device->quota->downlink);
    send(2);
    EXPECT_TRUE(earliest().is_learned);
    EXPECT_EQ(earliest().at, time.now + 1min);
    EXPECT_EQ(limit_name(*device, earliest()),
              "serving PLMN rate, says the device: 10 messages per decihour");
}

TEST_F(EffectiveQuota, an_uplink_is_one_too_many_by_any_limit) {
    take_rate_control(*device, {.apn_rate = 2, .apn_unit = TimeUnit::day}, time);
    EXPECT_FALSE(charge_uplink(*device, time, 100));
    EXPECT_FALSE(charge_uplink(*device, time, 100));
    EXPECT_TRUE(charge_uplink(*device, time, 100)) << "of the network";
    take_rate_control(*device, {}, time);
    EXPECT_EQ(device->learned_quota, nullptr);
    EXPECT_TRUE(charge_uplink(*device, time, 100)) << "its own";
}

TEST_F(EffectiveQuota, what_was_used_stays_used_under_another_report) {
    tell(10);
    send(5);
    tell(12);
    EXPECT_EQ(device->rate_control.plmn_rate, 12);
    EXPECT_TRUE(device->learned_quota->downlink_earliest(time, {.octets = 1}).at > time.now);
    tell(RateControlReport::plmn_unrestricted);
    EXPECT_FALSE(device->learned_quota->downlink_earliest(time, {.octets = 1}).at > time.now);
}

TEST_F(EffectiveQuota, configured_learned_and_effective_limits_stand_side_by_side) {
    tell(10);
    send(1);
    auto sides = quota_sides(*device, Direction::downlink, time);
    ASSERT_EQ(sides.configured.size(), 2u);
    ASSERT_EQ(sides.learned.size(), 1u);
    ASSERT_EQ(sides.effective.size(), 2u) << "one of messages, one of octets";
    EXPECT_EQ(sides.effective[0].name, sides.configured[0].name) << "2 are left there, 4 here";
    EXPECT_EQ(sides.effective[1].unit, quota::Unit::octets);
    for (int i = 0; i < 4; ++i) device->learned_quota->charge_downlink(time, 100);
    sides = quota_sides(*device, Direction::downlink, time);
    EXPECT_EQ(sides.effective[0].name, sides.learned[0].name);
}

TEST_F(EffectiveQuota, exceptions_bind_nothing) {
    take_rate_control(*device,
                      {.apn_rate = 100,
                       .apn_unit = TimeUnit::day,
                       .exception_rate = 1,
                       .exception_unit = TimeUnit::day},
                      time);
    const auto sides = quota_sides(*device, Direction::uplink, time);
    ASSERT_EQ(sides.learned.size(), 2u);
    EXPECT_EQ(sides.effective[0].name, sides.configured[0].name);
}

}  // namespace
}  // namespace scef::adapter
