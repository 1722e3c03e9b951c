#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/external_id.h"

namespace scef::queueing {

/// What a record tells of. Values are stored: never change or reuse one. From 0x80 on records are
/// cold: kept for the retention, read by range, not loaded at start; their keys begin with the 16
/// octets of a message id (a UUIDv7), so they lie in order of time.
enum class RecordKind : std::uint8_t {
    shard = 0x01,           ///< counters of the shard: device and endpoint indexes handed out
    device = 0x02,          ///< provisioning, NIDD configuration, registration, reachability
    message = 0x03,         ///< an open downlink message
    uplink = 0x04,          ///< an uplink that its server has not settled
    observation = 0x05,     ///< a token whose notifications are expected
    usage = 0x06,           ///< quota state of a device
    kept_answer = 0x07,     ///< an answer that came too late, for who asks the same again
    scope_quota = 0x08,     ///< a quota that a shared scope was given at run time
    lease = 0x09,           ///< what this shard used of a shared scope's quota
    budget = 0x0a,          ///< at a scope's owner: what is used and leased of its limits
    budget_shard = 0x0b,    ///< at a scope's owner: what it knows of a shard's lease
    webhook = 0x0c,         ///< in shard 0, no engine's: who is told of events, and how far
    group = 0x10,           ///< at a group's owner: its settings
    group_job = 0x11,       ///< a message to a group that is being fanned out, at who made it
    group_part = 0x12,      ///< the part of one that this shard does
    group_progress = 0x13,  ///< how far that is
    final_message = 0x80,   ///< a message in a terminal state
    timeline = 0x81,        ///< one state change of a message
    idempotency = 0x82,     ///< an Idempotency-Key and the message it made
    audit = 0x83,           ///< who changed what
    dead_letter = 0x84,     ///< a message that ended DEAD, once more: by itself, for a person
    charge = 0x85,          ///< what one frame cost, for the usage export
    feed_event = 0x86,      ///< one event of the feed (GET /events, webhooks)
    group_message = 0x90,   ///< a message to a group, as it was asked for
    group_member = 0x91,    ///< what became of it for one member
};

constexpr bool is_cold(RecordKind kind) { return static_cast<std::uint8_t>(kind) >= 0x80; }

/// One write: a value, or nothing to erase the key.
struct RecordWrite {
    RecordKind kind = RecordKind::shard;
    Bytes key;
    std::optional<Bytes> value;
};

/// The records of one engine turn of one shard: written all or not at all. `fence` is for stores
/// that several instances share and otherwise empty.
struct Batch {
    ShardId shard = 0;
    std::vector<RecordWrite> writes;
    Bytes fence;

    bool empty() const { return writes.empty(); }
    void put(RecordKind kind, Bytes key, Bytes value) {
        writes.push_back({kind, std::move(key), std::move(value)});
    }
    void erase(RecordKind kind, Bytes key) {
        writes.push_back({kind, std::move(key), std::nullopt});
    }
};

}  // namespace scef::queueing
