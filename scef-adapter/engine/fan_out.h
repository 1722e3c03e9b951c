#pragma once

#include "scef-adapter/engine/engine.h"

namespace scef::adapter {

/// A message to a group on its way to the members (docs/life-of-a-message.md, "A message to a
/// group"). The shard that owns the group's name makes the job and records it; it tells each shard
/// that has members (`BeginPart`). A shard enqueues for its own members, in order of their index,
/// some in a turn, and records with them how far it is: no member gets two, whatever is lost. When
/// a part is done it says so (`PartIsDone`) and keeps it until the owner, once all are done, has it
/// forgotten (`ForgetPart`). After a restart both sides say again what was not answered.
///
/// Canceled it is begun once more in the same way, as a part that undoes: it searches the queues of
/// its shard for what the job left there, and notes of the members that had no turn yet that they
/// get none.
///
/// The part of `Engine` that does this, and its friend: made for a turn, not kept. Its state is
/// `Groups`.
class FanOut {
public:
    explicit FanOut(Engine& engine) : engine_(engine) {}

    void on_set_group(const SetGroup& event);
    void on_send(const SendToGroup& event);
    void on_cancel(const CancelGroupMessage& event);
    void on_word(const GroupWord& event);
    /// After a restart.
    void start();

private:
    /// Messages to groups that one shard may have open.
    static constexpr std::size_t open_jobs_max = 100;
    static constexpr Duration retry_when_full = std::chrono::seconds(30);

    std::size_t members_per_turn() const;
    bool is_full() const;
    void refuse_when_full(ReplyId reply);
    void begin(const FanOutPart& part);
    void go_on(const MessageId& job);
    void give_turns(Groups::Part& part);
    void take_member(const FanOutPart& part, FanOutProgress& progress,
                     const EnqueueMessage& message, queueing::DeviceIndex index);
    // fan_out_cancel.cpp
    void withdraw(Groups::Part& part);
    void spare(Groups::Part& part);
    void canceled(const Groups::OpenJob& open);

    void part_done(const PartIsDone& word);
    void forget(const MessageId& job);
    PartIsDone done_word(const Groups::Part& part) const;
    void tell_parts(const Groups::OpenJob& open);
    void say(ShardId to, GroupWord word);

    Engine& engine_;
};

/// A message that is part of one to a group has ended: noted with what became of the others.
void note_member_end(const queueing::Message& message, WallTime at, queueing::Batch& batch);

}  // namespace scef::adapter
