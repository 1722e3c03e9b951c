#include "scef-adapter/engine/scope_records.h"

#include "queueing/record.h"

namespace scef::adapter {

using queueing::RecordKind;
using queueing::RecordReader;
using queueing::RecordWriter;

namespace {

constexpr std::uint8_t version = 1;

void write(RecordWriter& record, const quota::Amount& amount) {
    record.number(amount.messages).number(amount.octets);
}

void read(RecordReader& record, quota::Amount& amount) {
    amount.messages = record.number<std::uint64_t>();
    amount.octets = record.number<std::uint64_t>();
}

bool is_whole(const RecordReader& record) { return record.ok() && record.at_end(); }

}  // namespace

Bytes scope_key(RecordKind kind, const ScopeKey& key) {
    RecordWriter octets;
    if (kind != RecordKind::scope_quota) octets.number(key.direction);
    if (kind == RecordKind::budget_shard) octets.number(key.shard);
    return octets.raw(as_bytes(key.scope)).take();
}

std::optional<ScopeKey> scope_key(RecordKind kind, ByteView octets) {
    RecordReader reader(octets);
    ScopeKey key;
    std::size_t head = 0;
    if (kind != RecordKind::scope_quota) {
        key.direction = reader.enumerator(Direction::uplink);
        head += sizeof(key.direction);
    }
    if (kind == RecordKind::budget_shard) {
        key.shard = reader.number<std::uint32_t>();
        head += sizeof(key.shard);
    }
    if (!reader.ok() || octets.size() <= head) return std::nullopt;
    key.scope = as_text(octets.subspan(head));
    return key;
}

Bytes record_of(const std::string& quota) { return RecordWriter(version).text(quota).take(); }

bool read_record(ByteView octets, std::string& quota) {
    RecordReader record(octets);
    record.number<std::uint8_t>();
    quota = record.text();
    return is_whole(record);
}

Bytes record_of(const quota::Lease::State& state) {
    RecordWriter record(version);
    record.number(state.serial);
    write(record, state.used_total);
    return record.take();
}

bool read_record(ByteView octets, quota::Lease::State& state) {
    RecordReader record(octets);
    record.number<std::uint8_t>();
    state.serial = record.number<std::uint64_t>();
    read(record, state.used_total);
    return is_whole(record);
}

Bytes record_of(const quota::AccountState<WallTime>& state) {
    RecordWriter record(version);
    for (const WallTime arrival : state.arrivals) record.time(arrival);
    record.time(state.exhausted_until).time(state.counted_at);
    for (const std::uint64_t used : state.used) record.number(used);
    return record.number(state.rates_mark).number(state.allowances_mark).take();
}

bool read_record(ByteView octets, quota::AccountState<WallTime>& state) {
    RecordReader record(octets);
    record.number<std::uint8_t>();
    for (WallTime& arrival : state.arrivals) arrival = record.time();
    state.exhausted_until = record.time();
    state.counted_at = record.time();
    for (std::uint64_t& used : state.used) used = record.number<std::uint64_t>();
    state.rates_mark = record.number<std::uint32_t>();
    state.allowances_mark = record.number<std::uint32_t>();
    return is_whole(record);
}

Bytes record_of(const quota::SharedBudget::ShardState& state) {
    RecordWriter record(version);
    record.number(state.serial);
    for (const quota::Amount& amount :
         {state.used_before, state.used_total, state.granted, state.granted_emergency}) {
        write(record, amount);
    }
    return record.time(state.granted_at).take();
}

bool read_record(ByteView octets, quota::SharedBudget::ShardState& state) {
    RecordReader record(octets);
    record.number<std::uint8_t>();
    state.serial = record.number<std::uint64_t>();
    for (quota::Amount* amount :
         {&state.used_before, &state.used_total, &state.granted, &state.granted_emergency}) {
        read(record, *amount);
    }
    state.granted_at = record.time();
    return is_whole(record);
}

}  // namespace scef::adapter
