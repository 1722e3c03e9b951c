#include <gtest/gtest.h>

#include "queueing/record.h"
#include "tests/unit/scef-adapter/engine/full_device.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;
using queueing::RecordWriter;

struct DeviceRecord : ::testing::Test {
    std::shared_ptr<const Config> config = test::device_config();
    Instant now{5h};
    SeededRandom random{1};
    Turn turn{now, WallTime(1000h), random};
    quota::QuotaTime time = quota::QuotaTime::by_wall(turn);
    std::unique_ptr<Device> device = test::full_device(*config, 300, now);
};

/// What the record looks like, written down a second time. Version 3 knew nothing of rate control.
Bytes known_record(std::uint8_t version = 4) {
    RecordWriter writer(version);
    writer.number(300u).text("Full.1@example.com").text("always-on").text("tight");
    writer.text("management").number(1u).text("management").text("urn:dev:1").flag(true);
    writer.number(3u).text("north").text("").text("north");
    writer.flag(true).time(test::wall(1'790'000'000'123'456'789));
    writer.number(2u).number(30u).text("bootstrap").flag(false).number(31u).text("management");
    writer.flag(true).text("urn:dev:1").text("/rd/5a/b").text("UQ").text("1.1").number(3600u);
    writer.flag(true).time(test::wall(1'790'000'100'000'000'007));
    writer.number(std::uint8_t{1}).text("c-77");
    writer.text("00070000012c0102030405060708090a0b0c0d0e0fff").number(12'800u);
    writer.time(test::wall(1'792'592'000'000'000'000)).text("C").text("SOME_CAUSE");
    writer.number(2u);
    for (const unsigned port : {3u, 2u, 1u, 1u}) writer.number(static_cast<std::uint16_t>(port));
    writer.text("urn:dev:1").number(std::uint16_t{250}).number(std::uint16_t{40'000});
    writer.time(test::wall(1'790'000'099'000'000'000));
    writer.number(2u).octets(Bytes{5, 6}).octets(Bytes{});
    writer.number(1u).octets(Bytes{7}).time(WallTime(480'000h));
    writer.number(std::uint8_t{1}).time(WallTime(480'001h)).text("SUCCESS");
    writer.flag(true).time(test::wall(1'790'000'399'000'000'000));
    for (const Duration time :
         {Duration(30s), Duration(2h), Duration(20'480ms), Duration(5'120ms)}) {
        writer.number(static_cast<std::uint64_t>(time.count()));
    }
    if (version < 4) return writer.take();
    writer.number(std::uint16_t{2}).number(70'000u).number(std::uint8_t{5});
    writer.number(5u).number(std::uint8_t{4}).number(std::uint16_t{20});
    return writer.take();
}

TEST_F(DeviceRecord, is_what_is_written_down_here) {
    EXPECT_EQ(to_hex(to_record(*device)), to_hex(known_record()));
}

TEST_F(DeviceRecord, comes_back_with_every_stored_field) {
    const auto read = device_from_record(known_record());
    ASSERT_TRUE(read);
    EXPECT_EQ(to_hex(to_record(**read)), to_hex(known_record()));
    EXPECT_EQ((*read)->index, 300u);
    EXPECT_EQ((*read)->device_message_id, 250) << "the ids below may have been used";
    EXPECT_EQ((*read)->server_message_id, 40'000);
}

TEST_F(DeviceRecord, of_version_3_is_read_and_tells_nothing_of_rate_control) {
    const auto read = device_from_record(known_record(3));
    ASSERT_TRUE(read);
    EXPECT_FALSE((*read)->rate_control.is_told());
    EXPECT_EQ((*read)->power, device->power);
    EXPECT_FALSE(device_from_record(known_record(2)));
    EXPECT_FALSE(device_from_record(known_record(5)));
}

TEST_F(DeviceRecord, cut_short_anywhere_is_refused) {
    const Bytes whole = known_record();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(device_from_record(ByteView(whole).first(size))) << size;
    }
}

TEST_F(DeviceRecord, of_another_version_or_without_a_name_is_refused) {
    Bytes record = known_record();
    record[0] = 9;
    EXPECT_FALSE(device_from_record(record));
    device->spec.external_id = {};
    EXPECT_FALSE(device_from_record(to_record(*device)));
}

TEST_F(DeviceRecord, an_observation_comes_back) {
    for (const auto& [token, observation] : device->observations) {
        const Bytes record = to_record(observation);
        const auto read = observation_from_record(record);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->device_token, token);
        EXPECT_EQ(read->peer, observation.peer);
        EXPECT_EQ(to_hex(to_record(*read)), to_hex(record));
        EXPECT_FALSE(observation_from_record(ByteView(record).first(record.size() - 1)));
    }
}

TEST_F(DeviceRecord, usage_comes_back) {
    const Bytes record = usage_record(*device, time);
    constexpr std::size_t fixed = 2 + 3 * 8 + 2 * 4 + 2 * 8;  // of each direction
    EXPECT_EQ(record.size(), 1u + 2 * fixed + (4 + 3) * 8 + 1 + 3 * fixed + 3 * 8)
        << "rates and allowances in use, and rates that were told";
    auto other = test::bare_device(*config, 300);
    other->quota = device->quota;
    other->downlink_quota = std::make_unique<quota::DirectionQuota>(other->quota->downlink);
    other->uplink_quota = std::make_unique<quota::DirectionQuota>(other->quota->uplink);
    other->learned_quota = std::make_unique<LearnedQuota>(device->rate_control);
    ASSERT_TRUE(restore_usage(*other, record, time));
    EXPECT_EQ(usage_record(*other, time), record);
    for (std::size_t size = 0; size < record.size(); ++size) {
        EXPECT_FALSE(restore_usage(*other, ByteView(record).first(size), time)) << size;
    }
}

TEST_F(DeviceRecord, usage_of_version_4_is_read_and_tells_nothing_of_what_was_learned) {
    const auto learned = std::exchange(device->learned_quota, nullptr);
    Bytes record = usage_record(*device, time);
    record[0] = 4;
    record.pop_back();
    device->learned_quota = std::make_unique<LearnedQuota>(device->rate_control);
    device->downlink_quota = std::make_unique<quota::DirectionQuota>(device->quota->downlink);
    ASSERT_TRUE(restore_usage(*device, record, time));
    EXPECT_EQ(device->downlink_quota->state(time).messages_total, 5u);
    EXPECT_EQ(device->learned_quota->position(), LearnedQuota::Records<Instant>{});
    EXPECT_FALSE(restore_usage(*device, ByteView(record).first(record.size() - 1), time));
}

/// One rate and one allowance, in windows counted from the epoch.
TEST_F(DeviceRecord, usage_of_version_3_is_read) {
    RecordWriter writer(3);
    for (int direction = 0; direction < 2; ++direction) {
        writer.time(turn.wall + 5min);
        for (const std::uint64_t value : {1000u / 24, 4000u, 17u, 5000u}) writer.number(value);
    }
    ASSERT_TRUE(restore_usage(*device, writer.take(), time));
    EXPECT_EQ(device->downlink_quota->earliest(time, {.octets = 6000}).at, now);
    EXPECT_EQ(device->downlink_quota->earliest(time, {.octets = 6001}).at, now + 8h);
    EXPECT_EQ(device->downlink_quota->uses(time)[0].used, 1u);
    EXPECT_EQ(device->downlink_quota->state(time).messages_total, 17u);
    EXPECT_FALSE(restore_usage(*device, Bytes{3, 0, 0}, time));
}

}  // namespace
}  // namespace scef::adapter
