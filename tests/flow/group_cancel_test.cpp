#include <gtest/gtest.h>

#include "tests/flow/group_world.h"

/// Messages to groups that somebody cancels: what waits goes, what is on its way stays, and no
/// member gets one afterwards, whatever is lost on the way.
namespace scef::flow {
namespace {

using queueing::MessageState;
using queueing::RecordKind;

adapter::CommandReply cancel(World& w) {
    return w.command(adapter::CancelGroupMessage{0, stored_job(w)});
}

/// Members by what the records say of them: REFUSED if the message was refused, SPARED if they had
/// none when it was canceled, else the state of their message.
std::map<std::string, int> outcomes(World& w) {
    std::map<std::string, int> counts;
    const auto messages = w.messages();
    for (const auto& record : w.records(RecordKind::group_member)) {
        if (adapter::fan_out_key(record.key)->is_end) continue;
        const auto member = adapter::fan_out_member_from_record(record.value);
        std::string outcome = member->is_spared() ? "SPARED" : "REFUSED";
        for (const auto& message : messages) {
            if (message.id == member->message) outcome = queueing::name_of(message.state);
        }
        ++counts[outcome];
    }
    return counts;
}

void expect_closed(World& w) {
    EXPECT_TRUE(w.engine().groups().jobs.empty()) << "the job is closed";
    EXPECT_TRUE(w.engine().groups().parts.empty()) << "and its parts forgotten";
}

TEST(GroupCancel, what_waits_for_its_members_is_canceled) {
    Group w;
    w.send();
    w.settle();
    const auto reply = cancel(w);
    ASSERT_TRUE(reply.result);
    EXPECT_EQ(reply.result->kind, adapter::CommandDone::Kind::updated);
    w.settle();
    EXPECT_EQ(outcomes(w), (std::map<std::string, int>{{"CANCELED", Group::size}}));
    EXPECT_TRUE(stored_job(w).is_canceled());
    EXPECT_EQ(w.records(RecordKind::group_member).size(), 2 * Group::size) << "ends are noted";
    expect_closed(w);
    EXPECT_EQ(w.log_lines().back().id, "GROUP_MESSAGE_CANCELED");
    EXPECT_NE(w.log_lines().back().text.find("withdrawn=150 spared=0"), std::string::npos)
        << w.log_lines().back().text;
    EXPECT_EQ(cancel(w).result->kind, adapter::CommandDone::Kind::unchanged) << "once is enough";
}

TEST(GroupCancel, other_messages_of_the_members_stay) {
    Group w;
    w.send();
    w.settle();
    adapter::EnqueueMessage other;
    other.external_id = *ExternalId::parse(w.devices[3].external_id());
    other.payload = read_frame();
    const auto mine = w.command(other);
    w.send();
    w.settle();
    const auto first =
        adapter::fan_out_job_from_record(w.records(RecordKind::group_message).at(0).value);
    ASSERT_TRUE(w.command(adapter::CancelGroupMessage{0, first->job}).result);
    w.settle();
    EXPECT_EQ(outcomes(w),
              (std::map<std::string, int>{{"CANCELED", Group::size}, {"QUEUED", Group::size}}));
    EXPECT_EQ(w.engine().find_message(mine.result->message)->state, MessageState::queued);
}

/// Canceled when so many turns of the fan-out are over.
class GroupCancelAfterTurns : public testing::TestWithParam<int> {};

TEST_P(GroupCancelAfterTurns, members_that_had_no_turn_get_no_message) {
    Group w;
    w.send();
    std::function<void(int)> later = [&](int turns) {
        w.after({}, [&, turns] { turns == 0 ? void(cancel(w)) : later(turns - 1); });
    };
    later(GetParam());
    w.advance(1min);
    const auto counts = outcomes(w);
    int sum = 0;
    for (const auto& [state, count] : counts) sum += count;
    EXPECT_EQ(sum, Group::size);
    // The word for the next turn was on its way before the one of the cancellation.
    const int sent = std::min<int>(64 * (GetParam() + 2), Group::size);
    EXPECT_EQ(counts.at("CANCELED"), sent);
    EXPECT_EQ(counts.contains("SPARED") ? counts.at("SPARED") : 0, int{Group::size} - sent);
    EXPECT_EQ(w.messages().size(), static_cast<std::size_t>(sent));
    expect_closed(w);
}
INSTANTIATE_TEST_SUITE_P(GroupCancel, GroupCancelAfterTurns, testing::Range(0, 4));

class GroupCancelAtEveryTurn : public testing::TestWithParam<std::tuple<int, World::LastBatch>> {};

TEST_P(GroupCancelAtEveryTurn, a_crash_forgets_no_member) {
    Group w;
    w.send();
    w.settle();
    const auto [turn, batch] = GetParam();
    w.crash_after_turns(turn, batch);
    cancel(w);
    w.advance(1min);
    const bool was_lost = turn == 1 && batch == World::LastBatch::lost;
    EXPECT_EQ(outcomes(w),
              (std::map<std::string, int>{{was_lost ? "QUEUED" : "CANCELED", int{Group::size}}}));
    w.crash_and_restart();
    w.advance(1min);
    expect_closed(w);
}

TEST_P(GroupCancelAtEveryTurn, one_that_is_canceled_as_it_begins_ends_all_the_same) {
    Group w;
    w.send();
    const auto [turn, batch] = GetParam();
    w.after({}, [&, turn = turn, batch = batch] {
        w.crash_after_turns(turn, batch);
        cancel(w);
    });
    w.advance(1min);
    const auto counts = outcomes(w);
    int sum = 0;
    for (const auto& [state, count] : counts) sum += count;
    EXPECT_EQ(sum, Group::size);
    const bool was_lost = turn == 1 && batch == World::LastBatch::lost;
    EXPECT_EQ(counts.contains("QUEUED"), was_lost);
    EXPECT_EQ(counts.contains("SPARED"), !was_lost);
    expect_closed(w);
}
INSTANTIATE_TEST_SUITE_P(GroupCancel, GroupCancelAtEveryTurn,
                         testing::Combine(testing::Range(1, 9),
                                          testing::Values(World::LastBatch::kept,
                                                          World::LastBatch::lost)));

TEST(GroupCancel, what_is_on_its_way_arrives) {
    Reachable w;
    join_group(w);
    w.command(to_group({{0, 1}}));
    w.after({}, [&] {
        EXPECT_EQ(w.only_message().state, MessageState::sending);
        cancel(w);
    });
    w.advance(10s);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_EQ(w.executed(), 1u);
    expect_closed(w);
}

TEST(GroupCancel, the_shards_of_the_members_hear_of_it_after_a_restart) {
    ThreeShards w;
    for (std::size_t i = 0; i < w.size(); ++i) w[i].device_sleeps();
    w.loses_words = true;  // nobody there hears of the message nor of its end
    ASSERT_TRUE(w.send().result);
    w.advance(1s);
    ASSERT_TRUE(cancel(w[1]).result);
    w.advance(1s);
    w.loses_words = false;
    w[1].crash_and_restart();
    w.advance(10s);
    w.expect_closed();
    for (std::size_t i = 0; i < w.size(); ++i) {
        EXPECT_EQ(outcomes(w[i]).size(), 1u) << i;
        EXPECT_EQ(outcomes(w[i]).contains("SPARED"), i != 1) << i;
    }
}

TEST(GroupCancel, a_part_that_is_done_is_not_taken_for_one_that_is_canceled) {
    ThreeShards w;
    for (std::size_t i = 0; i < w.size(); ++i) {
        w[i].command(adapter::PauseDevice{0, w[i].id(), true});
    }
    ASSERT_TRUE(w.send().result);
    w.advance(5ms);  // their words are on the way
    ASSERT_TRUE(cancel(w[1]).result);
    w.advance(10s);
    w.expect_closed();
    for (std::size_t i = 0; i < w.size(); ++i) {
        EXPECT_EQ(outcomes(w[i]), (std::map<std::string, int>{{"CANCELED", 1}})) << i;
    }
}

}  // namespace
}  // namespace scef::flow
