#include "scef-adapter/engine/fan_out.h"

#include <algorithm>
#include <utility>

#include "queueing/record.h"
#include "scef-adapter/engine/intake.h"
#include "scef-adapter/engine/scope_quotas.h"

namespace scef::adapter {

using queueing::RecordKind;

namespace {

/// `QUEUE_FULL`, as in the problem documents of the API.
std::string cause_of_refusal(const Error& error) {
    std::string cause(name_of(error.code));
    for (char& c : cause) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return cause;
}

/// All that a repeated request must say again under the same Idempotency-Key.
std::uint64_t content_of(const SendToGroup& event) {
    queueing::RecordWriter writer;
    writer.octets(to_record(event.message))
        .number(event.job.pacing.per_1000_seconds)
        .number(static_cast<std::uint64_t>(event.job.pacing.jitter.count()))
        .time(event.message.not_before.value_or(WallTime{}));
    return stable_hash(writer.take());
}

}  // namespace

void FanOut::say(ShardId to, GroupWord word) {
    engine_.out_.effects.emplace_back(SendGroupWord{to, std::move(word)});
}

PartIsDone FanOut::done_word(const Groups::Part& part) const {
    return {part.part.job, engine_.shard_, part.part.canceled, part.progress.withdrawn,
            part.progress.spared};
}

/// Members or queues that are dealt with in one turn. All shards do their part at once, and others'
/// events come after a turn of each: all of these together are to be over soon.
std::size_t FanOut::members_per_turn() const {
    constexpr std::size_t members_of_all_shards = 1024;
    return std::clamp<std::size_t>(members_of_all_shards / engine_.config_->shards, 4, 64);
}

bool FanOut::is_full() const { return engine_.groups_.jobs.size() >= open_jobs_max; }

void FanOut::refuse_when_full(ReplyId reply) {
    engine_.reply(reply, fail(Errc::overloaded, "too many messages to groups are on their way"),
                  retry_when_full);
}

void FanOut::on_set_group(const SetGroup& event) {
    auto& settings = engine_.groups_.settings;
    if (event.settings) {
        settings[event.group] = *event.settings;
        engine_.out_.batch.put(RecordKind::group, group_key(event.group),
                               to_record(*event.settings));
    } else if (settings.erase(event.group) > 0) {
        engine_.out_.batch.erase(RecordKind::group, group_key(event.group));
    }
    engine_.reply(event.reply, CommandDone{CommandDone::Kind::updated, {}, 0});
}

// ---- At the owner

void FanOut::on_send(const SendToGroup& event) {
    Groups& groups = engine_.groups_;
    const WallTime wall = engine_.turn_->wall;
    const bool has_key = !event.message.idempotency_key.empty();
    const std::string scope = "\ngroup\n" + event.job.group + '\n' + event.message.idempotency_key;
    const std::uint64_t content = content_of(event);
    if (const auto known = has_key ? engine_.idempotency_.find(scope, wall) : std::nullopt) {
        if (known->content != content) {
            return engine_.reply(
                event.reply,
                fail(Errc::key_reused, "this Idempotency-Key came with another body before"));
        }
        return engine_.reply(event.reply,
                             CommandDone{CommandDone::Kind::unchanged, known->message, 0});
    }
    if (is_full()) return refuse_when_full(event.reply);
    FanOutJob job = event.job;
    job.id = engine_.make_id();
    job.created_at = wall;
    job.starts_at = event.message.not_before.value_or(WallTime{});
    if (job.pacing.per_1000_seconds > 0) job.starts_at = std::max(job.starts_at, wall);
    Groups::OpenJob open{std::move(job), to_record(event.message), {}, 0, 0};
    queueing::Batch& batch = engine_.out_.batch;
    const Bytes record = to_record(open.job, open.message);
    batch.put(RecordKind::group_job, fan_out_key_of(open.job.id), record);
    batch.put(RecordKind::group_message, fan_out_key_of(open.job.id), to_record(open.job, {}));
    if (has_key) engine_.idempotency_.remember(scope, {open.job.id, content}, wall, batch);
    engine_.reply(event.reply, CommandDone{CommandDone::Kind::created, open.job.id, 0});
    tell_parts(open);
    const MessageId id = open.job.id;
    groups.jobs.emplace(id, std::move(open));
}

void FanOut::tell_parts(const Groups::OpenJob& open) {
    std::uint64_t place = 0;
    for (const FanOutJob::Share& share : open.job.shares) {
        if (!open.done.contains(share.shard)) {
            say(share.shard, {BeginPart{{open.job.id, open.job.group, open.message, open.job.pacing,
                                         open.job.starts_at, place, open.job.is_canceled()}}});
        }
        place += share.members;
    }
}

void FanOut::part_done(const PartIsDone& word) {
    Groups& groups = engine_.groups_;
    const auto found = groups.jobs.find(word.job);
    if (found == groups.jobs.end()) return say(word.shard, {ForgetPart{word.job}});
    Groups::OpenJob& open = found->second;
    if (word.canceled != open.job.is_canceled()) return;  // said before it heard of that
    if (!open.done.insert(word.shard).second) return;
    open.withdrawn += word.withdrawn;
    open.spared += word.spared;
    if (open.done.size() < open.job.shares.size()) return;
    if (word.canceled) canceled(open);
    for (const ShardId shard : open.done) say(shard, {ForgetPart{word.job}});
    engine_.out_.batch.erase(RecordKind::group_job, fan_out_key_of(word.job));
    groups.jobs.erase(found);
}

// ---- At the shards of the members

void FanOut::begin(const FanOutPart& part) {
    Groups& groups = engine_.groups_;
    const auto [place, is_new] = groups.parts.try_emplace(part.job, Groups::Part{part, {}});
    Groups::Part& mine = place->second;
    const bool is_told_to_undo = part.canceled && (is_new || !mine.part.canceled);
    if (!is_new && !is_told_to_undo) {
        if (mine.is_done()) say(part.job.shard(), {done_word(mine)});
        return;
    }
    const bool goes_on_by_itself = !is_new && !mine.is_done();
    mine.part.canceled = part.canceled;
    if (is_new && part.canceled) mine.progress.done = part.message.empty();
    engine_.out_.batch.put(RecordKind::group_part, fan_out_key_of(part.job), to_record(mine.part));
    if (!goes_on_by_itself) go_on(part.job);
}

void FanOut::go_on(const MessageId& job) {
    const auto found = engine_.groups_.parts.find(job);
    if (found == engine_.groups_.parts.end() || found->second.is_done()) return;
    Groups::Part& part = found->second;
    if (!part.part.canceled) {
        give_turns(part);
    } else if (!part.progress.queues_done) {
        withdraw(part);
    } else {
        spare(part);
    }
    engine_.out_.batch.put(RecordKind::group_progress, fan_out_key_of(job),
                           to_record(part.progress));
    if (part.is_done()) {
        say(job.shard(), {done_word(part)});
    } else {
        say(engine_.shard_, {GoOnWithPart{job}});
    }
}

void FanOut::give_turns(Groups::Part& mine) {
    const FanOutPart& part = mine.part;
    FanOutProgress& progress = mine.progress;
    const auto message = enqueue_message_from_record(part.message);
    std::vector<queueing::DeviceIndex> members;
    if (message) {
        members = engine_.groups_.members.page(part.group, progress.next, members_per_turn());
    } else {
        engine_.on_corrupt_record();
    }
    for (const queueing::DeviceIndex index : members) {
        take_member(part, progress, *message, index);
        progress.next = index + 1;
    }
    progress.done = members.size() < members_per_turn();
}

void FanOut::take_member(const FanOutPart& part, FanOutProgress& progress,
                         const EnqueueMessage& message, queueing::DeviceIndex index) {
    Device* device = engine_.device_at(index);
    if (device == nullptr) return;
    EnqueueMessage event = message;
    event.external_id = device->spec.external_id;
    event.group_message = part.job;
    const std::uint64_t place = part.place + progress.enqueued + progress.refused;
    WallTime not_before =
        part.starts_at + part.pacing.interval() * static_cast<Duration::rep>(place);
    if (part.pacing.jitter > Duration{}) {
        const auto range = static_cast<std::uint64_t>(part.pacing.jitter.count());
        if (not_before == WallTime{}) not_before = engine_.turn_->wall;
        not_before += Duration(static_cast<Duration::rep>(engine_.turn_->random.next() % range));
    }
    if (not_before != WallTime{}) event.not_before = whole_milliseconds(not_before);

    FanOutMember member;
    member.external_id = device->spec.external_id.text();
    member.not_before = event.not_before.value_or(WallTime{});
    auto placed = Intake(engine_).place(*device, event);
    if (placed) {
        ++progress.enqueued;
        member.message = placed->id;
        engine_.pump(*device);
    } else {
        ++progress.refused;
        member.cause = cause_of_refusal(placed.error().error);
        member.detail = placed.error().error.message;
    }
    engine_.out_.batch.put(RecordKind::group_member, fan_out_member_key(part.job, index),
                           to_record(member));
}

void FanOut::forget(const MessageId& job) {
    if (engine_.groups_.parts.erase(job) == 0) return;
    engine_.out_.batch.erase(RecordKind::group_part, fan_out_key_of(job));
    engine_.out_.batch.erase(RecordKind::group_progress, fan_out_key_of(job));
}

// ---- Both

void FanOut::on_word(const GroupWord& event) {
    if (const auto* word = std::get_if<BeginPart>(&event.word)) begin(word->part);
    if (const auto* word = std::get_if<GoOnWithPart>(&event.word)) go_on(word->job);
    if (const auto* word = std::get_if<PartIsDone>(&event.word)) part_done(*word);
    if (const auto* word = std::get_if<ForgetPart>(&event.word)) forget(word->job);
}

void FanOut::start() {
    for (const auto& [id, open] : engine_.groups_.jobs) tell_parts(open);
    for (const auto& [id, part] : engine_.groups_.parts) {
        if (part.is_done()) {
            say(id.shard(), {done_word(part)});
        } else {
            say(engine_.shard_, {GoOnWithPart{id}});
        }
    }
}

void note_member_end(const queueing::Message& message, WallTime at, queueing::Batch& batch) {
    batch.put(RecordKind::group_member, fan_out_end_key(message.group_message, message.device),
              to_record(FanOutEnd{message.state, message.level, message.reason, at}));
}

}  // namespace scef::adapter
