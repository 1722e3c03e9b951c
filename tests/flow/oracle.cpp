#include "tests/flow/oracle.h"

#include <gtest/gtest.h>

#include "nidd/types/t8_json.h"

namespace scef::flow {
namespace {

using queueing::RecordKind;

class Collector final : public queueing::RecordVisitor {
public:
    void on_record(RecordKind kind, ByteView key, ByteView) override {
        if (kind == RecordKind::message) open.insert(Bytes(key.begin(), key.end()));
    }
    void on_corrupt_record(RecordKind, ByteView) override { ADD_FAILURE() << "a corrupt record"; }
    std::set<Bytes> open;
};

std::vector<queueing::StoredRecord> read_all(queueing::Store& store, ShardId shard,
                                             RecordKind kind) {
    auto page = store.read({shard, kind, {}, {}, false}, {100'000});
    return page ? std::move(page->records) : std::vector<queueing::StoredRecord>{};
}

}  // namespace

void Oracle::on_post(const adapter::Engine& engine, const nidd::T8Request& request, WallTime wall) {
    const auto transfer = nidd::parse_transfer(request.body);
    ASSERT_TRUE(transfer);
    const auto device = engine.find_device(*ExternalId::parse(transfer->external_id));
    if (device == nullptr) return;
    adapter::MessageView posted;
    for (const adapter::MessageView& message : engine.messages_of(*device)) {
        if (message->device_leg == queueing::DeviceLeg::submitting &&
            message->octets() == transfer->data) {
            posted = message;
            break;
        }
    }
    if (posted == nullptr) return;  // it ended in the same turn
    const Duration left = posted->expires_at - wall;
    EXPECT_GT(left, Duration{}) << "I2: a POST started after the TTL";
    ASSERT_TRUE(transfer->maximum_latency);
    EXPECT_LE(std::chrono::seconds(*transfer->maximum_latency), left)
        << "maximumLatency exceeds what is left of the TTL";
    if (!posted_.insert(posted->id).second || posted->is_reply()) return;
    const int rank = static_cast<int>(posted->order_class) * 4 - static_cast<int>(posted->priority);
    MessageId& last = last_first_post_[{transfer->external_id, rank}];
    EXPECT_LT(last, posted->id) << "FIFO: a later message overtook an earlier one";
    last = posted->id;
}

void Oracle::judge(queueing::Store& store, const adapter::Engine& engine) const {
    Collector hot;
    ASSERT_TRUE(store.load(engine.shard(), hot));
    std::set<Bytes> finals;
    for (const auto& record : read_all(store, engine.shard(), RecordKind::final_message)) {
        EXPECT_TRUE(finals.insert(record.key).second) << "a message is final twice";
        const auto message = queueing::message_from_record(record.value);
        ASSERT_TRUE(message);
        EXPECT_TRUE(queueing::is_terminal(message->state)) << name_of(message->state);
        EXPECT_FALSE(hot.open.contains(record.key)) << "a message is both open and final";
    }
    std::set<Bytes> known;
    for (const auto& record : read_all(store, engine.shard(), RecordKind::timeline)) {
        known.insert(Bytes(record.key.begin(), record.key.begin() + 16));
    }
    for (const Bytes& id : known) {
        EXPECT_TRUE(finals.contains(id) || hot.open.contains(id)) << "a message is lost";
    }
    EXPECT_EQ(engine.gauges(WallTime{}).messages_open, hot.open.size());
    EXPECT_EQ(engine.gauges(WallTime{}).bytes_open == 0, hot.open.empty());
}

void Oracle::judge_air(const std::vector<Bytes>& frames, bool device_deduplicates) const {
    std::map<Bytes, int> times;
    for (const Bytes& frame : frames) {
        const auto message = coap::parse(frame);
        if (!message || !message->code.is_request()) continue;
        const bool repeats = device_deduplicates || lwm2m::is_idempotent(message->code);
        const int allowed = repeats ? 10 : 1;
        EXPECT_LE(++times[frame], allowed) << "on the air too often: " << to_hex(frame);
    }
}

}  // namespace scef::flow
