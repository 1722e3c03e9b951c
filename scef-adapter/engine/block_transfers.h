#pragma once

#include <cstdint>

#include "queueing/message.h"

/// D23: what a block-wise transfer (RFC 7959) needs before it begins. Pure.
namespace scef::adapter {

/// A transfer begins inside a window, and when its estimated blocks fit the quota.
bool begins_transfer(const queueing::Message& message);

/// How many frames follow one another if this one goes: those of a transfer by Size1.
std::uint32_t frames_of(const queueing::Message& message);

}  // namespace scef::adapter
