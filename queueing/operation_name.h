#pragma once

#include <string_view>

#include "queueing/message.h"

namespace scef::queueing {

/// What a message does, in a word: its LwM2M operation; `reply` or `opaque` of those that are no
/// request.
std::string_view operation_name(const Message& message);

}  // namespace scef::queueing
