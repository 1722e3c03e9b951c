#include "scef-adapter/runtime/heartbeats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Heartbeats, a_round_begins_once_all_have_answered_the_one_before) {
    Heartbeats dut({"worker-0", "store"});
    ASSERT_EQ(dut.next_round(), 1u);
    EXPECT_EQ(dut.next_round(), 0u);
    dut.on_beat(0, 1);
    EXPECT_EQ(dut.next_round(), 0u);
    EXPECT_THAT(dut.missing(), ElementsAre("store"));
    dut.on_beat(1, 1);
    EXPECT_THAT(dut.missing(), IsEmpty());
    EXPECT_EQ(dut.next_round(), 2u);
    EXPECT_THAT(dut.missing(), ElementsAre("worker-0", "store"));
}

TEST(Heartbeats, a_part_that_answers_twice_does_not_answer_for_another) {
    Heartbeats dut({"worker-0", "worker-1"});
    dut.next_round();
    dut.on_beat(0, 1);
    dut.on_beat(0, 1);
    EXPECT_EQ(dut.next_round(), 0u);
}

TEST(Heartbeats, an_answer_to_another_round_does_not_count) {
    Heartbeats dut({"store"});
    dut.next_round();
    dut.on_beat(0, 1);
    dut.next_round();
    dut.on_beat(0, 1);
    dut.on_beat(0, 3);
    EXPECT_EQ(dut.next_round(), 0u);
    dut.on_beat(0, 2);
    EXPECT_EQ(dut.next_round(), 3u);
}

}  // namespace
}  // namespace scef::adapter
