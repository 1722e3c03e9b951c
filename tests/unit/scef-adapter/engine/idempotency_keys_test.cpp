#include "scef-adapter/engine/idempotency_keys.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;

const WallTime start{std::chrono::seconds(1'790'000'000)};

IdempotencyKeys::Use use_at(WallTime wall) {
    SeededRandom random{1};
    return {MessageId::make(0, {Instant{}, wall, random}), 7};
}

TEST(IdempotencyKeys, a_key_is_known_for_a_day) {
    IdempotencyKeys dut;
    queueing::Batch batch;
    EXPECT_FALSE(dut.find("device key", start));
    dut.remember("device key", use_at(start), start, batch);
    ASSERT_TRUE(dut.find("device key", start + 24h - 1s));
    EXPECT_EQ(dut.find("device key", start)->message, use_at(start).message);
    EXPECT_EQ(dut.find("device key", start)->content, 7u);
    EXPECT_FALSE(dut.find("device key", start + 24h));
    EXPECT_FALSE(dut.find("another key", start));
}

TEST(IdempotencyKeys, it_comes_back_from_its_record) {
    IdempotencyKeys before, after;
    queueing::Batch batch;
    before.remember("device key", use_at(start), start, batch);
    ASSERT_EQ(batch.writes.size(), 1u);
    ASSERT_TRUE(after.restore(batch.writes[0].key, *batch.writes[0].value));
    EXPECT_EQ(after.find("device key", start)->message, use_at(start).message);
}

TEST(IdempotencyKeys, a_record_that_breaks_off_is_refused) {
    IdempotencyKeys keys;
    queueing::Batch batch;
    keys.remember("device key", use_at(start), start, batch);
    const Bytes& value = *batch.writes[0].value;
    for (std::size_t size = 0; size < value.size(); ++size) {
        EXPECT_FALSE(IdempotencyKeys().restore(batch.writes[0].key, ByteView(value).first(size)));
    }
    EXPECT_FALSE(IdempotencyKeys().restore(Bytes(15), value));
}

}  // namespace
}  // namespace scef::adapter
