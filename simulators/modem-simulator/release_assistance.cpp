#include "simulators/modem-simulator/release_assistance.h"

#include "lwm2m-core/coap/codec.h"

namespace scef::modem_simulator {

modem_link::ReleaseAssistance release_assistance_of(ByteView frame) {
    const auto message = coap::parse(frame);
    if (!message) return modem_link::ReleaseAssistance::none;
    const bool is_answered = message->type == coap::Type::confirmable || message->code.is_request();
    return is_answered ? modem_link::ReleaseAssistance::after_downlink
                       : modem_link::ReleaseAssistance::after_uplink;
}

}  // namespace scef::modem_simulator
