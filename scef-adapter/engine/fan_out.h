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
/// The part of `Engine` that does this, and its friend: made for a turn, not kept. Its state is
/// `Groups`.
class FanOut {
public:
    explicit FanOut(Engine& engine) : engine_(engine) {}

    void on_set_group(const SetGroup& event);
    void on_send(const SendToGroup& event);
    void on_word(const GroupWord& event);
    /// After a restart.
    void start();

private:
    void begin(const FanOutPart& part);
    void go_on(const MessageId& job);
    void take_member(const FanOutPart& part, FanOutProgress& progress,
                     const EnqueueMessage& message, queueing::DeviceIndex index);
    void part_done(const PartIsDone& word);
    void forget(const MessageId& job);
    void tell_parts(const Groups::OpenJob& open);
    void say(ShardId to, GroupWord word);

    Engine& engine_;
};

/// A message that is part of one to a group has ended: noted with what became of the others.
void note_member_end(const queueing::Message& message, WallTime at, queueing::Batch& batch);

}  // namespace scef::adapter
