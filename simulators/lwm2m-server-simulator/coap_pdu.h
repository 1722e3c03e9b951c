#pragma once

#include <coap3/coap.h>

#include "simulators/lwm2m-server-simulator/coap_message.h"

namespace scef::lwm2m_server_simulator {

/// What libcoap parsed, as a value.
CoapMessage read_pdu(const coap_pdu_t* pdu);

/// Writes options and payload of `message` into a PDU whose code and token are set; false if they
/// do not fit.
bool write_pdu(const CoapMessage& message, coap_pdu_t* pdu);

/// `127.64.0.5:15700`.
std::string text_of(const coap_address_t* address);

}  // namespace scef::lwm2m_server_simulator
