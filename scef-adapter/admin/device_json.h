#pragma once

#include <nlohmann/json.hpp>

#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// A device as the API shows it. Call on the thread of the engine's shard.
nlohmann::json device_json(const ShardAccess& shards, const Engine& engine, const Device& device,
                           const Turn& turn);

}  // namespace scef::adapter
