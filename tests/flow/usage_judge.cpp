#include "tests/flow/usage_judge.h"

#include <chrono>
#include <map>
#include <tuple>

#include <gtest/gtest.h>

#include "queueing/record.h"

namespace scef::flow {
namespace {

using adapter::Charge;
using queueing::RecordKind;

constexpr std::size_t all = 1'000'000;

/// Message, time to the millisecond, attempt.
using Moment = std::tuple<Bytes, WallTime, std::uint32_t>;

std::set<Moment> moments_in(queueing::Store& store, ShardId shard) {
    std::set<Moment> moments;
    const auto page = store.read({shard, RecordKind::timeline, {}, {}, false}, {all});
    for (const queueing::StoredRecord& record : page->records) {
        queueing::RecordReader reader(record.value);
        reader.number<std::uint8_t>();
        const WallTime at = reader.time();
        reader.raw(4);  // state, device leg, level, reason
        moments.emplace(Bytes(record.key.begin(), record.key.begin() + 16),
                        std::chrono::floor<std::chrono::milliseconds>(at),
                        reader.number<std::uint32_t>());
    }
    return moments;
}

struct Sum {
    std::uint64_t messages = 0, octets = 0;
    friend bool operator==(const Sum&, const Sum&) = default;
};

Sum counted_by(const quota::DirectionQuota& quota) {
    const auto position = quota.position();
    return {position.messages_total, position.bytes_total};
}

}  // namespace

std::vector<Charge> charges_in(queueing::Store& store, ShardId shard) {
    std::vector<Charge> charges;
    const auto page = store.read({shard, RecordKind::charge, {}, {}, false}, {all});
    for (const queueing::StoredRecord& record : page->records) {
        auto charge = adapter::charge_from_record(record.key, record.value);
        EXPECT_TRUE(charge) << "a record of a charge that cannot be read";
        if (charge) charges.push_back(std::move(*charge));
    }
    return charges;
}

void judge_usage(queueing::Store& store, const adapter::Engine& engine,
                 const std::set<std::string>& removed) {
    if (!engine.config().usage.ledger) return;
    const auto moments = moments_in(store, engine.shard());
    std::map<std::pair<std::string, adapter::Direction>, Sum> sums;
    for (const Charge& charge : charges_in(store, engine.shard())) {
        Sum& sum = sums[{charge.external_id, charge.direction}];
        sum.messages += charge.is_frame ? 1 : 0;
        sum.octets += charge.octets;
        if (charge.direction != adapter::Direction::downlink) continue;
        const Bytes message = adapter::charge_key(charge.subject_id);
        EXPECT_TRUE(moments.contains({message, charge.id.created_at(), charge.attempt}))
            << "a charge that no timeline knows: message " << charge.subject_id.text();
    }
    for (const adapter::DeviceView& device : engine.devices(0, all)) {
        const std::string& name = device->spec.external_id.text();
        if (removed.contains(name)) continue;
        EXPECT_EQ((sums[{name, adapter::Direction::downlink}]), counted_by(*device->downlink_quota))
            << "downlink of " << name;
        EXPECT_EQ((sums[{name, adapter::Direction::uplink}]), counted_by(*device->uplink_quota))
            << "uplink of " << name;
    }
}

}  // namespace scef::flow
