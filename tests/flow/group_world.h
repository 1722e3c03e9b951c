#pragma once

#include <deque>
#include <map>

#include <gtest/gtest.h>

#include "scef-adapter/engine/fan_out_types.h"
#include "tests/flow/shards.h"

/// Groups to send messages to.
namespace scef::flow {

inline Bytes read_frame() {
    coap::Message message;
    message.code = coap::codes::get;
    message.add_text(coap::options::uri_path, "3");
    return coap::serialize(message);
}

inline adapter::SendToGroup to_group(std::vector<adapter::FanOutJob::Share> shares) {
    adapter::SendToGroup event;
    event.job.group = "meters";
    event.job.shares = std::move(shares);
    event.message.payload = read_frame();
    return event;
}

/// The world's own device is a member from now on.
inline void join_group(World& w) {
    adapter::DeviceSpec spec;
    spec.external_id = w.id();
    spec.groups = {"meters"};
    w.command(adapter::ProvisionDevice{0, spec, true});
}

/// Of so few shards that 64 members have their turn at once.
inline adapter::Config few_shards() {
    auto config = flow_config();
    config.shards = 16;
    return config;
}

/// Sleeping devices in a group, which need several turns.
struct Group : World {
    static constexpr std::size_t size = 150;
    Group() : World(few_shards()) {
        for (std::size_t i = 0; i < size; ++i) {
            devices.emplace_back(*this, "meter" + std::to_string(i) + "@sim.example");
            add_device(devices.back(), {.groups = {"meters"}});
        }
        advance(1min);
    }
    adapter::CommandReply send() { return command(to_group({{0, size}})); }
    /// How many messages each device has.
    std::map<queueing::DeviceIndex, int> sent() {
        std::map<queueing::DeviceIndex, int> counts;
        for (const auto& message : messages()) ++counts[message.device];
        return counts;
    }
    std::deque<ModelDevice> devices;
};

/// A message to a group as the shard that made it has it for those who ask; the only one.
inline adapter::FanOutJob stored_job(World& w) {
    const auto records = w.records(queueing::RecordKind::group_message);
    EXPECT_EQ(records.size(), 1u);
    return adapter::fan_out_job_from_record(records.at(0).value)->job;
}

/// Three shards with a member each.
struct ThreeShards : Shards {
    ThreeShards() : Shards(always_reachable(), 3) {
        for (std::size_t i = 0; i < size(); ++i) join_group((*this)[i]);
    }
    adapter::CommandReply send() { return (*this)[1].command(to_group({{0, 1}, {1, 1}, {2, 1}})); }
    void expect_closed() {
        for (std::size_t i = 0; i < size(); ++i) {
            EXPECT_TRUE((*this)[i].engine().groups().jobs.empty()) << i;
            EXPECT_TRUE((*this)[i].engine().groups().parts.empty()) << i;
        }
    }
};

}  // namespace scef::flow
