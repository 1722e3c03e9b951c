#include "scef-adapter/engine/message_table.h"

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/engine/waiting_message.h"

namespace scef::adapter {
namespace {

using queueing::Message;

struct Messages : ::testing::Test {
    Message& add(std::uint64_t number) {
        return dut.insert(std::make_unique<Message>(test::api_message(0, number)));
    }
    void settle() {
        dut.settle([](queueing::DeviceIndex device) { return std::size_t{device}; });
    }
    /// How many are unpacked, and how many rest.
    std::pair<int, int> counts() {
        std::pair<int, int> counts;
        dut.for_each([&](const Message&) { ++counts.first; },
                     [&](const PackedMessage::Glance&) { ++counts.second; });
        return counts;
    }

    MessageTable dut;
};

TEST_F(Messages, rest_when_the_turn_ends_and_are_found_all_the_same) {
    const MessageId id = add(1).id;
    settle();
    EXPECT_EQ(counts(), std::pair(0, 1));
    EXPECT_EQ(dut.view(id)->frame.payload.size(), 100u);
    EXPECT_EQ(counts(), std::pair(0, 1)) << "a view unpacks nothing for good";

    Message* found = dut.find(id);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(dut.find(id), found) << "it stays where it is until the turn ends";
    EXPECT_EQ(counts(), std::pair(1, 0));
    found->timeline_length = 7;
    settle();
    EXPECT_EQ(counts(), std::pair(0, 1));
    EXPECT_EQ(dut.view(id)->timeline_length, 7);
}

TEST_F(Messages, that_are_under_way_stay_unpacked_until_they_wait_again) {
    Message& message = add(1);
    message.device_leg = queueing::DeviceLeg::submitting;
    settle();
    EXPECT_EQ(counts(), std::pair(1, 0));

    dut.find(message.id)->device_leg = queueing::DeviceLeg::queued;
    settle();
    EXPECT_EQ(counts(), std::pair(0, 1));
}

TEST_F(Messages, are_taken_packed_or_not) {
    const MessageId packed = add(1).id;
    settle();
    const MessageId live = add(2).id;

    EXPECT_EQ(dut.take(packed)->id, packed);
    EXPECT_EQ(dut.take(live)->id, live);
    EXPECT_EQ(dut.take(live), nullptr);
    EXPECT_EQ(dut.size(), 0u);
    settle();
    EXPECT_EQ(dut.find(packed), nullptr);
    EXPECT_EQ(dut.view(packed), nullptr);
}

TEST_F(Messages, are_listed_in_order_of_creation) {
    const MessageId late = add(9).id;
    const MessageId early = add(3).id;
    settle();
    EXPECT_EQ(dut.ids(), (std::vector{early, late}));
    EXPECT_TRUE(dut.contains(early));
}

}  // namespace
}  // namespace scef::adapter
