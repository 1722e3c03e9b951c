#include "lwm2m-core/vocabulary/log_fields.h"
#include "scef-adapter/engine/fan_out.h"
#include "scef-adapter/engine/replacement.h"

/// A message to a group that somebody cancels.
namespace scef::adapter {

using queueing::Reason;
using queueing::RecordKind;

// ---- At the owner

void FanOut::on_cancel(const CancelGroupMessage& event) {
    Groups& groups = engine_.groups_;
    const MessageId& id = event.job.id;
    auto open = groups.jobs.find(id);
    const FanOutJob& known = open == groups.jobs.end() ? event.job : open->second.job;
    if (known.is_canceled()) {
        return engine_.reply(event.reply, CommandDone{CommandDone::Kind::unchanged, id, 0});
    }
    if (open == groups.jobs.end()) {
        if (is_full()) return refuse_when_full(event.reply);
        open = groups.jobs.emplace(id, Groups::OpenJob{event.job, {}, {}, 0, 0}).first;
    }
    Groups::OpenJob& job = open->second;
    job.job.canceled_at = whole_milliseconds(engine_.turn_->wall);
    job.done.clear();
    engine_.out_.batch.put(RecordKind::group_job, fan_out_key_of(id),
                           to_record(job.job, job.message));
    engine_.out_.batch.put(RecordKind::group_message, fan_out_key_of(id), to_record(job.job, {}));
    engine_.reply(event.reply, CommandDone{CommandDone::Kind::updated, id, 0});
    tell_parts(job);
}

void FanOut::canceled(const Groups::OpenJob& open) {
    engine_.log(LogLine::Level::info, "GROUP_MESSAGE_CANCELED",
                LogFields()
                    .add("group", open.job.group)
                    .add("message", open.job.id.text())
                    .add("withdrawn", open.withdrawn)
                    .add("spared", open.spared)
                    .text());
}

// ---- At the shards of the members

void FanOut::withdraw(Groups::Part& part) {
    FanOutProgress& progress = part.progress;
    std::vector<queueing::DeviceIndex> busy;
    for (const DeviceView& device :
         engine_.devices_.page_of_busy(progress.next_queue, members_per_turn())) {
        busy.push_back(device->index);
    }
    for (const queueing::DeviceIndex index : busy) {
        progress.next_queue = index + 1;
        Device* device = engine_.device_at(index);
        if (device == nullptr || !device->activity) continue;
        const std::vector<MessageId> ids = device->activity->messages;
        for (const MessageId& id : ids) {
            queueing::Message* message = engine_.message_at(id);
            if (message == nullptr || message->group_message != part.part.job) continue;
            if (Replacement(engine_, *device).withdraw(*message, Reason::canceled)) {
                ++progress.withdrawn;
            }
        }
    }
    progress.queues_done = busy.size() < members_per_turn();
}

void FanOut::spare(Groups::Part& part) {
    FanOutProgress& progress = part.progress;
    const auto members =
        engine_.groups_.members.page(part.part.group, progress.next, members_per_turn());
    for (const queueing::DeviceIndex index : members) {
        progress.next = index + 1;
        const Device* device = engine_.device_at(index);
        if (device == nullptr) continue;
        FanOutMember member;
        member.external_id = device->spec.external_id.text();
        member.cause = queueing::name_of(Reason::canceled);
        engine_.out_.batch.put(RecordKind::group_member, fan_out_member_key(part.part.job, index),
                               to_record(member));
        ++progress.spared;
    }
    progress.done = members.size() < members_per_turn();
}

}  // namespace scef::adapter
