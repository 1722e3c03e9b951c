#include "scef-adapter/engine/packed_device.h"

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/engine/full_device.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;
using test::bare_device;
using test::full_device;

struct PackedDevices : ::testing::Test {
    std::unique_ptr<Device> through(const Device& device) {
        return dut.unpack(dut.pack(device, now), device.index);
    }

    std::shared_ptr<const Config> config = test::device_config();
    Instant now{5h + 1ns};
    DevicePacker dut{*config};
};

/// Each member is named once, so that a new one cannot be passed over.
void expect_equal(const NiddLink& a, const NiddLink& b) {
    const auto& [status, configuration, capability, bits, expires_at, features, cause, ports,
                 ports_asked, failures, retry_at, renew_at, call_open, recreated] = a;
    EXPECT_EQ(status, b.status);
    EXPECT_EQ(configuration, b.configuration_id);
    EXPECT_EQ(capability.text(), b.capability.text());
    EXPECT_EQ(bits, b.maximum_packet_bits);
    EXPECT_EQ(expires_at, b.expires_at);
    EXPECT_EQ(features, b.supported_features);
    EXPECT_EQ(cause, b.last_cause);
    EXPECT_EQ(ports, b.rds_ports);
    EXPECT_EQ(ports_asked, b.rds_ports_asked);
    EXPECT_EQ(failures, b.failures);
    EXPECT_EQ(retry_at, b.retry_at);
    EXPECT_EQ(renew_at, b.renew_at);
    EXPECT_EQ(call_open, b.call_open);
    EXPECT_EQ(recreated, b.recreated);
}

void expect_equal(const Registration& a, const Registration& b) {
    const auto& [name, location, binding, version, lifetime, queue_mode, updated_at] = a;
    EXPECT_EQ(name, b.endpoint_name);
    EXPECT_EQ(location, b.location);
    EXPECT_EQ(binding, b.binding);
    EXPECT_EQ(version, b.version);
    EXPECT_EQ(lifetime, b.lifetime_seconds);
    EXPECT_EQ(queue_mode, b.queue_mode);
    EXPECT_EQ(updated_at, b.updated_at);
}

void expect_equal(const quota::DirectionQuota& a, const quota::DirectionQuota& b) {
    EXPECT_EQ(a.position(), b.position());
}

void expect_equal(const Observation& a, const Observation& b) {
    const auto& [device_token, server_token, endpoint, peer, path] = a;
    EXPECT_EQ(device_token, b.device_token);
    EXPECT_EQ(server_token, b.server_token);
    EXPECT_EQ(endpoint, b.endpoint);
    EXPECT_EQ(peer, b.peer);
    EXPECT_EQ(path, b.path);
}

void expect_equal(const Device& a, const Device& b) {
    const auto& [index, spec, profile, quota, scef, paused, created_at, endpoints, nidd,
                 pinned_name, device_id, device_ids_reserved, server_id, server_ids_reserved,
                 observations, dead_tokens, spent_tokens, wake_up, parked, frozen_until, power,
                 rate_control, downlink_quota, uplink_quota, learned_quota, last_uplink,
                 reachable_until, activity, dirty, usage_dirty] = a;
    EXPECT_EQ(std::tie(index, spec, profile, quota, scef, paused, created_at),
              std::tie(b.index, b.spec, b.profile, b.quota, b.scef, b.paused, b.created_at));
    ASSERT_EQ(endpoints.size(), b.endpoints.size());
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        EXPECT_EQ(endpoints[i].index, b.endpoints[i].index);
        EXPECT_EQ(endpoints[i].server, b.endpoints[i].server);
        EXPECT_EQ(endpoints[i].server_name, b.endpoints[i].server_name);
        EXPECT_EQ(endpoints[i].rds, b.endpoints[i].rds);
        const auto& registration = endpoints[i].registration;
        ASSERT_EQ(registration.has_value(), b.endpoints[i].registration.has_value());
        if (registration) expect_equal(*registration, *b.endpoints[i].registration);
    }
    EXPECT_EQ(std::tie(dead_tokens, parked, frozen_until, power, rate_control),
              std::tie(b.dead_tokens, b.parked, b.frozen_until, b.power, b.rate_control));
    ASSERT_EQ(spent_tokens.size(), b.spent_tokens.size());
    for (std::size_t i = 0; i < spent_tokens.size(); ++i) {
        EXPECT_EQ(std::tie(spent_tokens[i].token, spent_tokens[i].until),
                  std::tie(b.spent_tokens[i].token, b.spent_tokens[i].until));
    }
    EXPECT_EQ(std::tie(wake_up.kind, wake_up.at, wake_up.result),
              std::tie(b.wake_up.kind, b.wake_up.at, b.wake_up.result));
    expect_equal(nidd, b.nidd);
    EXPECT_EQ(std::tie(pinned_name, device_id, device_ids_reserved, server_id),
              std::tie(b.pinned_endpoint_name, b.device_message_id, b.device_message_ids_reserved,
                       b.server_message_id));
    EXPECT_EQ(std::tie(server_ids_reserved, last_uplink, reachable_until, dirty, usage_dirty),
              std::tie(b.server_message_ids_reserved, b.last_uplink, b.reachable_until, b.dirty,
                       b.usage_dirty));
    ASSERT_EQ(observations.size(), b.observations.size());
    for (const auto& [token, observation] : observations) {
        expect_equal(observation, b.observations.at(token));
    }
    expect_equal(*downlink_quota, *b.downlink_quota);
    expect_equal(*uplink_quota, *b.uplink_quota);
    ASSERT_EQ(learned_quota == nullptr, b.learned_quota == nullptr);
    if (learned_quota) EXPECT_EQ(learned_quota->position(), b.learned_quota->position());
    EXPECT_EQ(activity, b.activity);
}

TEST_F(PackedDevices, keep_times_to_the_nanosecond_and_whole_milliseconds_in_less_room) {
    auto device = full_device(*config, 300, now);
    for (const Duration part : {Duration(0), Duration(1), Duration(1ms), Duration(-1ms + 1ns)}) {
        device->last_uplink = device->created_at + part;
        device->reachable_until = now + 1h + part;
        const auto back = through(*device);
        EXPECT_EQ(back->last_uplink, device->last_uplink);
        EXPECT_EQ(back->reachable_until, device->reachable_until);
    }
    device->reachable_until = whole_milliseconds(now + 1h);
    const std::size_t whole = dut.pack(*device, now).octets().size();
    device->reachable_until += 1ns;
    EXPECT_EQ(dut.pack(*device, now).octets().size(), whole + 3);
}

TEST_F(PackedDevices, every_field_comes_back) {
    const auto device = full_device(*config, 300, now);
    expect_equal(*device, *through(*device));
}

TEST_F(PackedDevices, a_device_with_nothing_but_its_name_comes_back) {
    const auto device = bare_device(*config, 0);
    expect_equal(*device, *through(*device));
}

TEST_F(PackedDevices, what_was_never_told_takes_next_to_nothing) {
    const auto device = bare_device(*config, 1);
    const std::size_t without = dut.pack(*device, now).octets().size();
    device->rate_control.plmn_rate = 20;
    device->learned_quota = std::make_unique<LearnedQuota>(device->rate_control);
    EXPECT_EQ(dut.pack(*device, now).octets().size(), without + 1 + 6)
        << "the rate, and the bits of three accounts that are not used";
}

TEST_F(PackedDevices, the_name_is_read_without_unpacking) {
    const PackedDevice packed = dut.pack(*full_device(*config, 300, now), now);
    EXPECT_EQ(dut.external_id(packed), "Full.1@example.com");
}

TEST_F(PackedDevices, a_deadline_that_is_over_is_not_kept) {
    const auto device = full_device(*config, 300, now);
    now += 1h;
    const auto later = through(*device);
    EXPECT_EQ(later->reachable_until, Instant{});
    EXPECT_EQ(later->nidd.retry_at, Instant{});
    EXPECT_EQ(later->downlink_quota->position().account.arrivals[0], Instant{});
    EXPECT_EQ(later->downlink_quota->position().account.used[0], 123u);
}

TEST_F(PackedDevices, times_before_the_epoch_and_far_from_each_other_come_back) {
    auto device = full_device(*config, 1, now);
    device->created_at = WallTime::min();
    device->nidd.expires_at = WallTime::max();
    device->last_uplink = test::wall(-1);
    expect_equal(*device, *through(*device));
}

TEST_F(PackedDevices, a_text_that_comes_twice_is_kept_once) {
    auto device = bare_device(*config, 1);
    device->spec.endpoint = std::string(1000, 'e');
    const std::size_t once = dut.pack(*device, now).octets().size();
    device->pinned_endpoint_name = device->spec.endpoint;
    EXPECT_LT(dut.pack(*device, now).octets().size(), once + 8);
}

TEST_F(PackedDevices, texts_that_devices_share_are_kept_once_but_not_without_end) {
    auto device = bare_device(*config, 1);
    std::vector<std::pair<PackedDevice, std::string>> packed;
    for (int i = 0; i < 300; ++i) {
        device->spec.groups = {"a group of devices " + std::to_string(i), std::string(100, 'g')};
        packed.emplace_back(dut.pack(*device, now), device->spec.groups.front());
    }
    for (const auto& [block, group] : packed) {
        EXPECT_EQ(dut.unpack(block, 1)->spec.groups,
                  (std::vector<std::string>{group, std::string(100, 'g')}));
    }
    EXPECT_LT(packed.front().first.octets().size() + 15, packed.back().first.octets().size());
}

TEST_F(PackedDevices, a_capability_of_another_shard_or_device_is_kept_as_it_is) {
    auto device = bare_device(*config, 5);
    device->nidd.capability.shard = 255;
    device->nidd.capability.device = 77;
    expect_equal(*device, *through(*device));
}

}  // namespace
}  // namespace scef::adapter
