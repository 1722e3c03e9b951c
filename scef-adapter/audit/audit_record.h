#pragma once

#include <string>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "scef-adapter/engine/effects.h"

namespace scef::adapter {

/// Who changes something, and what was asked for: what the audit log keeps of a request. Texts of
/// the caller are kept as they came and escaped by who shows them.
struct AuditNote {
    std::string role;     ///< of the caller; empty: no credentials were asked for
    std::string token;    ///< the first 8 hexadecimal digits of the token's SHA-256
    std::string address;  ///< of the peer
    std::string method;
    std::string path;
    std::string change;  ///< the body as JSON, without payloads and secrets, cut at 1 KiB
    friend bool operator==(const AuditNote&, const AuditNote&) = default;
};

/// An entry of the audit log, in the same commit as the change.
struct AuditEntry {
    MessageId id;  ///< of the entry; tells when
    AuditNote note;
    std::string message;         ///< the id of the message that came of it
    std::uint64_t affected = 0;  ///< messages that were canceled, or lost their place
    friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

/// Adds an entry to the turn's records if the command that `reply` names changed something in it.
void write_audit(Effects& effects, ReplyId reply, const AuditNote& note, ShardId shard,
                 const Turn& turn);

void put_audit(queueing::Batch& batch, const AuditEntry& entry);

Bytes to_record(const AuditEntry& entry);
/// `corrupt` for what is no such record.
Result<AuditEntry> audit_entry_from_record(ByteView key, ByteView value);

}  // namespace scef::adapter
