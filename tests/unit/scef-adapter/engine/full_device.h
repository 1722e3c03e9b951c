#pragma once

#include <memory>
#include <string>

#include "scef-adapter/engine/device.h"

namespace scef::adapter::test {

/// Two servers, two profiles and two quotas, one of them with every limit.
inline std::shared_ptr<const Config> device_config() {
    Config config = default_config();
    config.scefs.resize(2);
    config.lwm2m_servers.resize(2);
    config.lwm2m_servers[0].name = "bootstrap";
    config.lwm2m_servers[0].bootstrap = true;
    config.lwm2m_servers[0].address = SocketAddress::ipv4(0x0a000002, 5783);
    config.lwm2m_servers[1].name = "management";
    config.lwm2m_servers[1].address = SocketAddress::ipv4(0x0a000001, 5683);
    quota::QuotaLimits limits;
    limits.messages = {{{10, std::chrono::hours(1)}, 3}, {{50, std::chrono::hours(24)}, 10}};
    limits.allowances.resize(2);
    limits.allowances[0].amount = 10'000;
    limits.allowances[0].period.kind = quota::CalendarPeriod::Kind::day;
    limits.allowances[1].amount = 100;
    limits.allowances[1].unit = quota::Unit::messages;
    limits.exceptions = {{2, std::chrono::hours(24)}, 2};
    config.quotas["tight"].downlink = limits;
    config.quotas["tight"].uplink = limits;
    return std::make_shared<Config>(std::move(config));
}

/// A device of that configuration in which nothing is set that need not be.
inline std::unique_ptr<Device> bare_device(const Config& config, queueing::DeviceIndex index,
                                           const std::string& external_id = "bare@example.com") {
    auto device = std::make_unique<Device>();
    device->index = index;
    device->spec.external_id = *ExternalId::parse(external_id);
    device->spec.server = "management";
    device->spec.servers = {"management"};
    device->profile = &config.profiles.find(device->spec.profile)->second;
    device->quota = &config.quotas.find(device->spec.quota)->second;
    device->nidd.capability.device = index;
    device->downlink_quota = std::make_unique<quota::DirectionQuota>(device->quota->downlink);
    device->uplink_quota = std::make_unique<quota::DirectionQuota>(device->quota->uplink);
    return device;
}

inline WallTime wall(std::int64_t nanoseconds) { return WallTime(Duration(nanoseconds)); }

inline Observation observation_of(std::initializer_list<std::uint8_t> token, SocketAddress peer) {
    return {coap::Token(token), coap::Token{9, 8, 7}, 31, peer, "/3303/0/5700"};
}

/// It told of its timers and of every rate, and has used some of each.
inline void tell_of_itself(Device& device, Instant now) {
    device.power = {std::chrono::seconds(30), std::chrono::hours(2),
                    std::chrono::milliseconds(20'480), std::chrono::milliseconds(5'120)};
    using TimeUnit = RateControlReport::TimeUnit;
    device.rate_control = {2, 70'000, TimeUnit::week, 5, TimeUnit::day, 20};
    device.learned_quota = std::make_unique<LearnedQuota>(device.rate_control);
    LearnedQuota::Records<Instant> learned;
    for (std::size_t i = 0; i < learned.size(); ++i) {
        learned[i].account.arrivals[0] = now + std::chrono::minutes(i + 1);
        learned[i].account.counted_at = wall(1'790'000'096'000'000'000);
        learned[i].messages_total = i + 40;
        learned[i].bytes_total = i + 7'000;
    }
    learned.back().exceptions_arrival = now + std::chrono::minutes(7);
    device.learned_quota->resume(learned);
}

/// One in which every field has a value of its own; time is `now`.
inline std::unique_ptr<Device> full_device(const Config& config, queueing::DeviceIndex index,
                                           Instant now) {
    auto device = bare_device(config, index, "Full.1@example.com");
    device->spec.profile = "always-on";
    device->profile = &config.profiles.find("always-on")->second;
    device->spec.quota = "tight";
    device->quota = &config.quotas.find("tight")->second;
    device->spec.endpoint = "urn:dev:1";
    device->spec.opaque = true;
    device->spec.groups = {"north", "", "north"};
    device->scef = 1;
    device->paused = true;
    device->created_at = wall(1'790'000'000'123'456'789);
    device->endpoints = {{30, 0, "bootstrap", nidd::RdsPort{3, 2}, std::nullopt},
                         {31, 1, "management", std::nullopt,
                          Registration{"urn:dev:1", "/rd/5a/b", "UQ", "1.1", 3600, true,
                                       wall(1'790'000'100'000'000'007)}}};
    device->nidd = {NiddLink::Status::active,
                    "c-77",
                    {7, index, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255}},
                    12'800,
                    wall(1'792'592'000'000'000'000),
                    "C",
                    "SOME_CAUSE",
                    {{3, 2}, {1, 1}},
                    {{4, 4}},
                    3,
                    now + std::chrono::seconds(7),
                    wall(1'791'000'000'000'000'001),
                    true,
                    true};
    device->pinned_endpoint_name = "urn:dev:1";
    device->device_message_id = 65'530;
    device->device_message_ids_reserved = 250;  // past the wrap
    device->server_message_id = 17;
    device->server_message_ids_reserved = 40'000;
    for (const auto& observation :
         {observation_of({1}, config.lwm2m_servers[1].address),
          observation_of({1, 2, 3, 4, 5, 6, 7, 8}, SocketAddress::ipv4(0x7f000001, 40'000)),
          observation_of({}, {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, true, 1})}) {
        device->observations[observation.device_token] = observation;
    }
    device->downlink_quota = std::make_unique<quota::DirectionQuota>(device->quota->downlink);
    quota::DirectionQuota::Position position;
    position.account.arrivals = {now + std::chrono::minutes(9), now + std::chrono::hours(3)};
    position.account.exhausted_until = now + std::chrono::minutes(11);
    position.account.counted_at = wall(1'790'000'095'000'000'000);
    position.account.used = {123, 7};
    position.exceptions_arrival = now + std::chrono::minutes(8);
    position.messages_total = 5;
    position.bytes_total = 678;
    device->downlink_quota->resume(position);
    device->uplink_quota = std::make_unique<quota::DirectionQuota>(device->quota->uplink);
    position = {};
    position.account.arrivals[0] = now + std::chrono::minutes(1);
    position.account.counted_at = wall(1'789'000'000'000'000'000);
    position.account.used = {0, 99};
    position.messages_total = 1'000'000;
    position.bytes_total = 1u << 31;
    device->uplink_quota->resume(position);
    device->last_uplink = wall(1'790'000'099'000'000'000);
    device->dead_tokens = {coap::Token{5, 6}, coap::Token{}};
    device->spent_tokens = {{coap::Token{7}, WallTime(std::chrono::hours(480'000))}};
    device->wake_up = {WakeUp::Kind::bootstrap, WallTime(std::chrono::hours(480'001)), "SUCCESS"};
    device->parked = true;
    device->frozen_until = wall(1'790'000'399'000'000'000);
    tell_of_itself(*device, now);
    device->reachable_until = now + std::chrono::seconds(20);
    return device;
}

}  // namespace scef::adapter::test
