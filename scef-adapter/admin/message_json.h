#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "queueing/message.h"
#include "queueing/store/store.h"
#include "scef-adapter/engine/device.h"

namespace scef::adapter {

/// A message as the API shows it. `device` may be null: it was removed since.
nlohmann::json message_json(const queueing::Message& message, const Device* device);

/// The state of that name (`QUEUED`).
std::optional<queueing::MessageState> message_state_named(std::string_view name);

/// One state change, read from a timeline record (written by the engine); `corrupt` otherwise.
Result<nlohmann::json> timeline_item(const queueing::StoredRecord& record);

}  // namespace scef::adapter
