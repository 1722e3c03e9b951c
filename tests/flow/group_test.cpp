#include <gtest/gtest.h>

#include "tests/flow/group_world.h"

/// Messages to groups: one for each member, whatever is lost on the way.
namespace scef::flow {
namespace {

using queueing::MessageState;
using queueing::RecordKind;

void expect_one_each(Group& w) {
    const auto sent = w.sent();
    EXPECT_EQ(sent.size(), Group::size);
    for (const auto& [device, count] : sent) EXPECT_EQ(count, 1) << "device " << device;
    EXPECT_TRUE(w.engine().groups().jobs.empty()) << "the job is closed";
    EXPECT_TRUE(w.engine().groups().parts.empty()) << "and its parts forgotten";
}

TEST(GroupMessage, each_member_gets_one) {
    Group w;
    const auto reply = w.send();
    ASSERT_TRUE(reply.result);
    w.settle();
    expect_one_each(w);
    for (const auto& message : w.messages()) {
        EXPECT_EQ(message.group_message, reply.result->message);
        EXPECT_NE(w.timeline(message.id).front().detail.find(reply.result->message.text()),
                  std::string::npos)
            << "its timeline says whose it is";
    }
}

class GroupAtEveryTurn : public testing::TestWithParam<std::tuple<int, World::LastBatch>> {};

TEST_P(GroupAtEveryTurn, a_crash_leaves_no_member_out_and_sends_to_none_twice) {
    Group w;
    const auto [turn, batch] = GetParam();
    w.crash_after_turns(turn, batch);
    w.send();
    w.advance(1min);
    if (turn == 1 && batch == World::LastBatch::lost) {  // nobody was told that it was taken
        EXPECT_TRUE(w.sent().empty());
        return;
    }
    expect_one_each(w);
    w.crash_and_restart();
    w.advance(1min);
    expect_one_each(w);
}
INSTANTIATE_TEST_SUITE_P(GroupMessage, GroupAtEveryTurn,
                         testing::Combine(testing::Range(1, 9),
                                          testing::Values(World::LastBatch::kept,
                                                          World::LastBatch::lost)));

TEST(GroupMessage, its_end_is_noted_with_the_member) {
    Reachable w;
    join_group(w);
    ASSERT_TRUE(w.command(to_group({{0, 1}})).result);
    w.advance(10s);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    const auto records = w.records(RecordKind::group_member);
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(adapter::fan_out_member_from_record(records[0].value)->external_id, w.id().text());
    EXPECT_EQ(adapter::fan_out_end_from_record(records[1].value)->state, MessageState::delivered);
}

TEST(GroupMessage, the_owner_of_the_group_has_the_other_shards_do_their_part) {
    ThreeShards w;
    ASSERT_TRUE(w.send().result);
    w.advance(10s);
    w.expect_closed();
    EXPECT_EQ(w.executed(), 3u);
}

TEST(GroupMessage, words_that_are_lost_are_said_again_after_a_restart) {
    ThreeShards w;
    w.loses_words = true;  // to the other shards: nobody there hears of it
    ASSERT_TRUE(w.send().result);
    w.advance(10s);
    EXPECT_EQ(w.executed(), 1u);
    w[1].crash_and_restart();  // the owner says it again, in vain
    w.advance(1s);
    w.loses_words = false;
    w[1].crash_and_restart();
    w.advance(10s);
    w.expect_closed();
    EXPECT_EQ(w.executed(), 3u);
}

TEST(GroupMessage, an_answer_that_is_lost_is_given_again) {
    ThreeShards w;
    ASSERT_TRUE(w.send().result);
    w.advance(15ms);  // the parts begin
    w.loses_words = true;
    w.advance(10s);
    EXPECT_EQ(w.executed(), 3u);
    w.loses_words = false;
    for (std::size_t i = 0; i < w.size(); ++i) w[i].crash_and_restart();
    w.advance(10s);
    w.expect_closed();
    EXPECT_EQ(w.executed(), 3u);
}

}  // namespace
}  // namespace scef::flow
