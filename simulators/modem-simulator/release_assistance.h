#pragma once

#include "lwm2m-core/vocabulary/bytes.h"
#include "simulators/modem-link/frame.h"

namespace scef::modem_simulator {

/// The release assistance indication that suits a CoAP message: one that will be answered expects
/// one downlink, any other nothing more. None for what is no CoAP.
modem_link::ReleaseAssistance release_assistance_of(ByteView frame);

}  // namespace scef::modem_simulator
