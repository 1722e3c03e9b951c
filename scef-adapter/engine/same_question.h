#pragma once

#include "lwm2m-core/coap/message.h"
#include "queueing/message.h"

/// D2: which questions are the same again, and which messages make their answers old. Pure.
namespace scef::adapter {

/// Idempotent, no block of a transfer, no observation, and nothing that is protected end to end,
/// because that never looks the same twice.
bool may_be_asked_again(const coap::Message& request);

/// It may change what a question is answered.
bool may_change(const queueing::Message& message);

}  // namespace scef::adapter
