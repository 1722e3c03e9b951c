#pragma once

#include <set>
#include <string>
#include <vector>

#include "queueing/store/store.h"
#include "scef-adapter/engine/charge_record.h"
#include "scef-adapter/engine/engine.h"

namespace scef::flow {

/// The charges that a shard has stored, oldest first.
std::vector<adapter::Charge> charges_in(queueing::Store& store, ShardId shard);

/// Whether the charges explain all that the devices' quotas counted, no more and no less, and each
/// names a moment of a message's timeline. Devices of these names were removed: what the quota of a
/// former one counted is gone.
void judge_usage(queueing::Store& store, const adapter::Engine& engine,
                 const std::set<std::string>& removed);

}  // namespace scef::flow
