#include <gtest/gtest.h>

#include "scef-adapter/engine/dead_letter.h"
#include "scef-adapter/engine/events.h"
#include "scef-adapter/engine/fan_out_types.h"
#include "scef-adapter/engine/group_index.h"

namespace scef::adapter {
namespace {

MessageId some_id(unsigned more = 0) {
    SeededRandom random(7);
    MessageId id = MessageId::make(3, {Instant{}, WallTime(std::chrono::hours(500'000)), random});
    for (; more > 0; --more) id = id.next();
    return id;
}

template <typename T>
void expect_back(const T& value, Result<T> (*read)(ByteView)) {
    const Bytes record = to_record(value);
    const auto back = read(record);
    ASSERT_TRUE(back);
    EXPECT_EQ(to_record(*back), record);
    for (std::size_t cut = 0; cut < record.size(); ++cut) {
        EXPECT_FALSE(read(ByteView(record).first(cut))) << cut;
    }
}

EnqueueMessage some_message() {
    EnqueueMessage message;
    message.payload = {1, 2, 3};
    message.opaque = true;
    message.ttl = std::chrono::hours(2);
    message.priority = queueing::Priority::high;
    message.attempts_max = 4;
    message.correlation_id = "c";
    message.send_now = true;
    message.collapse_key = "k";
    message.ack = queueing::AckMode::negative;
    message.rds = nidd::RdsPort{3, 4};
    return message;
}

TEST(FanOutRecords, come_back_as_they_were_written_and_cut_off_they_are_corrupt) {
    expect_back(some_message(), enqueue_message_from_record);
    expect_back(GroupSettings{{500, std::chrono::seconds(3)}}, group_settings_from_record);
    expect_back(FanOutPart{some_id(), "north", {1, 2}, {500, {}}, WallTime(Duration(5)), 77, true},
                fan_out_part_from_record);
    expect_back(FanOutProgress{5, 6, 7, true, 8, true, 9, 10}, fan_out_progress_from_record);
    expect_back(FanOutMember{"a@b.example", some_id(), WallTime(Duration(5)), "cause", "detail"},
                fan_out_member_from_record);
    expect_back(FanOutEnd{queueing::MessageState::dead, queueing::DeliveryLevel::scef,
                          queueing::Reason::attempts, WallTime(Duration(5))},
                fan_out_end_from_record);
}

TEST(FanOutRecords, a_job_goes_with_the_message_of_its_members) {
    FanOutJob job;
    job.id = some_id();
    job.group = "north";
    job.shares = {{0, 10}, {7, 32}};
    const Bytes record = to_record(job, to_record(some_message()));
    const auto back = fan_out_job_from_record(record);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->job.members(), 42U);
    EXPECT_EQ(enqueue_message_from_record(back->message)->rds, (nidd::RdsPort{3, 4}));
    EXPECT_EQ(to_record(back->job, back->message), record);
}

TEST(FanOutRecords, those_of_the_version_before_cancellation_are_read) {
    const auto as_before = [](Bytes record, std::size_t added) {
        record.resize(record.size() - added);
        record.front() = 1;
        return record;
    };
    FanOutJob job;
    job.id = some_id();
    job.group = "north";
    const auto old_job = fan_out_job_from_record(as_before(to_record(job, Bytes{1, 2}), 8));
    ASSERT_TRUE(old_job);
    EXPECT_FALSE(old_job->job.is_canceled());
    EXPECT_EQ(old_job->message, (Bytes{1, 2}));
    const FanOutPart part{some_id(), "north", {1, 2}, {500, {}}, WallTime(Duration(5)), 77};
    const auto old_part = fan_out_part_from_record(as_before(to_record(part), 1));
    ASSERT_TRUE(old_part);
    EXPECT_EQ(to_record(*old_part), to_record(part));
    const FanOutProgress progress{5, 6, 7, true};
    const auto old_progress = fan_out_progress_from_record(as_before(to_record(progress), 13));
    ASSERT_TRUE(old_progress);
    EXPECT_EQ(to_record(*old_progress), to_record(progress));
}

TEST(FanOutRecords, the_keys_of_a_member_lie_one_behind_the_other) {
    const Bytes member = fan_out_member_key(some_id(), 9), end = fan_out_end_key(some_id(), 9);
    EXPECT_LT(member, end);
    EXPECT_LT(end, fan_out_member_key(some_id(), 10));
    EXPECT_EQ(fan_out_key(end)->device, 9U);
    EXPECT_TRUE(fan_out_key(end)->is_end);
    EXPECT_FALSE(fan_out_key(member)->is_end);
    EXPECT_FALSE(fan_out_key(ByteView(member).first(20)));
}

TEST(DeadLetterRecords, a_letter_and_the_note_of_its_replay_are_told_apart) {
    queueing::Message message;
    message.id = some_id();
    message.kind = queueing::MessageKind::opaque;
    message.opaque = {1};
    message.end_detail = "HTTP 500";
    message.replayed_as = some_id(1);
    queueing::Batch batch;
    bury(message, "a@b.example", WallTime(Duration(5)), batch);
    note_replay(message, batch);
    ASSERT_EQ(batch.writes.size(), 2U);
    EXPECT_LT(batch.writes[0].key, batch.writes[1].key);
    const auto letter = dead_letter_from_record(*batch.writes[0].value);
    ASSERT_TRUE(letter);
    EXPECT_EQ(letter->external_id, "a@b.example");
    EXPECT_EQ(letter->detail, "HTTP 500");
    EXPECT_EQ(letter->message.opaque, Bytes{1});
    EXPECT_FALSE(replay_from_record(batch.writes[0].key, *batch.writes[0].value));
    EXPECT_EQ(replay_from_record(batch.writes[1].key, *batch.writes[1].value), some_id(1));
}

TEST(GroupIndex, follows_the_devices) {
    GroupIndex dut;
    dut.add(5, {"north", "water"});
    dut.add(3, {"north"});
    dut.add(9, {"north"});
    dut.add(9, {"north"});
    EXPECT_EQ(dut.count("north"), 3U);
    EXPECT_EQ(dut.page("north", 0, 2), (std::vector<queueing::DeviceIndex>{3, 5}));
    EXPECT_EQ(dut.page("north", 6, 2), (std::vector<queueing::DeviceIndex>{9}));
    dut.remove(5, {"north", "water", "south"});
    EXPECT_EQ(dut.count("north"), 2U);
    EXPECT_EQ(dut.count("water"), 0U);
    EXPECT_TRUE(dut.page("south", 0, 10).empty());
}

}  // namespace
}  // namespace scef::adapter
