#include "scef-adapter/audit/audit_record.h"

#include <variant>

#include "queueing/record.h"

namespace scef::adapter {
namespace {

constexpr std::uint8_t version = 1;

const CommandReply* reply_in(const Effects& effects, ReplyId id) {
    for (const Effect& effect : effects.effects) {
        const auto* reply = std::get_if<CommandReply>(&effect);
        if (reply != nullptr && reply->reply == id) return reply;
    }
    return nullptr;
}

}  // namespace

void write_audit(Effects& effects, ReplyId reply, const AuditNote& note, ShardId shard,
                 const Turn& turn) {
    const CommandReply* outcome = reply_in(effects, reply);
    if (outcome == nullptr || !outcome->result ||
        outcome->result->kind == CommandDone::Kind::unchanged) {
        return;
    }
    AuditEntry entry;
    entry.id = MessageId::make(shard, turn);
    entry.note = note;
    if (!outcome->result->message.empty()) entry.message = outcome->result->message.text();
    entry.affected = outcome->result->affected;
    effects.batch.shard = shard;
    put_audit(effects.batch, entry);
}

void put_audit(queueing::Batch& batch, const AuditEntry& entry) {
    batch.put(queueing::RecordKind::audit, {entry.id.octets().begin(), entry.id.octets().end()},
              to_record(entry));
}

Bytes to_record(const AuditEntry& entry) {
    return queueing::RecordWriter(version)
        .text(entry.note.role)
        .text(entry.note.token)
        .text(entry.note.address)
        .text(entry.note.method)
        .text(entry.note.path)
        .text(entry.note.change)
        .text(entry.message)
        .number(entry.affected)
        .take();
}

Result<AuditEntry> audit_entry_from_record(ByteView key, ByteView value) {
    queueing::RecordReader reader(value);
    const bool is_known = reader.number<std::uint8_t>() == version;
    AuditEntry entry;
    entry.id = MessageId::from_octets(key);
    entry.note.role = reader.text();
    entry.note.token = reader.text();
    entry.note.address = reader.text();
    entry.note.method = reader.text();
    entry.note.path = reader.text();
    entry.note.change = reader.text();
    entry.message = reader.text();
    entry.affected = reader.number<std::uint64_t>();
    if (!is_known || !reader.ok() || entry.id.empty()) {
        return fail(Errc::corrupt, "an audit record cannot be read");
    }
    return entry;
}

}  // namespace scef::adapter
