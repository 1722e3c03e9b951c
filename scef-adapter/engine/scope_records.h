#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "queueing/batch.h"
#include "quota/lease.h"
#include "quota/shared_budget.h"
#include "scef-adapter/engine/lease_word.h"

/// What is stored of the quotas of shared scopes.
namespace scef::adapter {

/// Which scope, direction and (of a budget's view of it) shard a record is of.
struct ScopeKey {
    std::string scope;
    Direction direction = Direction::downlink;
    std::uint32_t shard = 0;
};
Bytes scope_key(queueing::RecordKind kind, const ScopeKey& key);
std::optional<ScopeKey> scope_key(queueing::RecordKind kind, ByteView key);

Bytes record_of(const std::string& quota);
Bytes record_of(const quota::Lease::State& state);
Bytes record_of(const quota::AccountState<WallTime>& state);
Bytes record_of(const quota::SharedBudget::ShardState& state);
/// False if the record is out of order.
bool read_record(ByteView record, std::string& quota);
bool read_record(ByteView record, quota::Lease::State& state);
bool read_record(ByteView record, quota::AccountState<WallTime>& state);
bool read_record(ByteView record, quota::SharedBudget::ShardState& state);

}  // namespace scef::adapter
