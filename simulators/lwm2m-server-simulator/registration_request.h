#pragma once

#include <string>

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include "simulators/lwm2m-server-simulator/coap_message.h"
#include "simulators/lwm2m-server-simulator/registry.h"

namespace scef::lwm2m_server_simulator {

/// Why a request of a client is refused: a CoAP code and a sentence for its diagnostic payload
/// (RFC 7252 5.5.2).
struct Refusal {
    std::uint8_t code = 0;
    std::string why;
};

/// What a Register says (LwM2M Core TS 6.2.1): 4.00 without `ep` or, in version 1.1, without
/// objects, and for a parameter that is none; 4.12 for a version that this server does not
/// speak; 4.15 for objects that are no link-format. Without `lwm2m` it is a client of 1.0.
tl::expected<Registration, Refusal> read_register(const CoapMessage& request);

/// Changes `registration` as an Update says (6.2.2), with the same refusals; unchanged then.
tl::expected<void, Refusal> apply_update(Registration& registration, const CoapMessage& request);

/// A registration as the REST API and the events show it.
nlohmann::json to_json(const Registration& registration);

}  // namespace scef::lwm2m_server_simulator
