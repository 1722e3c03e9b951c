#include "scef-adapter/engine/groups.h"

#include "scef-adapter/engine/events.h"

namespace scef::adapter {

using queueing::RecordKind;

const GroupSettings* Groups::settings_of(std::string_view group) const {
    const auto found = settings.find(group);
    return found == settings.end() ? nullptr : &found->second;
}

bool Groups::restore(RecordKind kind, ByteView key, ByteView value) {
    if (kind == RecordKind::group) {
        auto read = group_settings_from_record(value);
        if (read) settings[std::string(as_text(key))] = *read;
        return read.has_value();
    }
    if (kind == RecordKind::group_job) {
        auto read = fan_out_job_from_record(value);
        if (!read) return false;
        const MessageId id = read->job.id;
        jobs[id] = {std::move(read->job), std::move(read->message), {}, 0, 0};
        return true;
    }
    if (kind == RecordKind::group_part) {
        auto read = fan_out_part_from_record(value);
        if (!read) return false;
        const MessageId id = read->job;
        parts[id].part = std::move(*read);
        return true;
    }
    const auto read = fan_out_progress_from_record(value);
    const auto part = parts.find(MessageId::from_octets(key));
    if (!read || part == parts.end()) return false;
    part->second.progress = *read;
    return true;
}

Bytes group_key(std::string_view group) { return to_bytes(group); }

Bytes fan_out_key_of(const MessageId& job) { return {job.octets().begin(), job.octets().end()}; }

}  // namespace scef::adapter
