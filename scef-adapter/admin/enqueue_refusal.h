#pragma once

#include "scef-adapter/admin/api_call.h"
#include "scef-adapter/engine/engine.h"

namespace scef::adapter {

/// The problem document of a message that a shard did not take, and the fields that go with it. A
/// quota that is used up says whose it is (`scope`) and when to come again (`resetsAt`); `limits`
/// are those of the device itself.
nidd::HttpResponse enqueue_refusal(const CommandReply& reply, const Turn& turn,
                                   const ExternalId& device, HeaderFields limits);

/// The same as a member `problem` of a longer answer: what a header field would say is in it.
Json problem_member(const nidd::HttpResponse& refusal);
Json problem_member(const Error& error);

}  // namespace scef::adapter
