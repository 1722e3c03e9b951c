#include "scef-adapter/feed/event_order.h"

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/feed/stored_events.h"

namespace scef::adapter::test {
namespace {

using namespace std::chrono_literals;

const WallTime noon{std::chrono::hours(500'000)};

TEST(EventOrder, events_leave_in_the_order_of_their_ids_once_nothing_earlier_can_come) {
    SeededRandom random(1);
    EventOrder dut;
    const auto third = event_at(2, noon + 3ms, random);
    const auto first = event_at(1, noon + 1ms, random);
    const auto second = event_at(3, noon + 2ms, random);
    dut.add({third, first});
    dut.add({second});
    EXPECT_TRUE(dut.take_before(noon + 1ms + 900us).empty()) << "within the millisecond others come";
    const auto early = dut.take_before(noon + 3ms);
    ASSERT_EQ(early.size(), 2u);
    EXPECT_EQ(early[0].key, first.key);
    EXPECT_EQ(early[1].key, second.key);
    EXPECT_FALSE(dut.empty());
    EXPECT_EQ(dut.take_before(noon + 4ms).size(), 1u);
    EXPECT_TRUE(dut.empty());
}

TEST(EventOrder, the_events_of_a_turn_are_found_among_its_records) {
    SeededRandom random(1);
    const auto event = event_at(0, noon, random);
    queueing::Batch batch;
    batch.put(queueing::RecordKind::timeline, {1}, {2});
    batch.put(queueing::RecordKind::feed_event, event.key, event.value);
    batch.erase(queueing::RecordKind::message, {1});
    const auto found = events_of(batch);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].value, event.value);
    EXPECT_EQ(id_of(found[0]).created_at(), noon);
}

}  // namespace
}  // namespace scef::adapter::test
