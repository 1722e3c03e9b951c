#pragma once

#include <cstdint>
#include <string_view>

#include "lwm2m-core/coap/message.h"

namespace scef::lwm2m {

/// What a request means in LwM2M (Core TS 6). Those of a server to a device first, then those of a
/// device to a server.
enum class Operation : std::uint8_t {
    read,
    discover,
    write,
    write_attributes,
    execute,
    create,
    delete_,
    observe,
    cancel_observation,
    read_composite,
    write_composite,
    observe_composite,
    bootstrap_finish,
    bootstrap_write,
    bootstrap_delete,
    register_,
    update,
    deregister,
    send,
    bootstrap_request,
    bootstrap_pack_request,
    other,
};

/// `read`, `write-composite`, … for configuration, timelines and metrics.
std::string_view name_of(Operation operation);

/// Meaning of a request that a server sends to a device. POST /bs is Bootstrap-Finish; PUT and
/// DELETE from a bootstrap server are its own operations.
Operation classify_downlink(const coap::Message& request, bool from_bootstrap_server);

/// Meaning of a request that a device sends. `location` is where its server keeps its registration,
/// as the answer to Register said (LwM2M Transport 6.4.3): any path, `/rd/…` of most servers is
/// known without it. Empty: not registered.
Operation classify_uplink(const coap::Message& request, std::string_view location = {});

/// Register, Update, De-register and the bootstrap requests: a device itself repeats these until
/// they are answered.
bool is_registration(Operation operation);

/// May the device see this request twice without harm: GET, FETCH, PUT, DELETE (RFC 7252 5.1,
/// RFC 8132 2.1).
bool is_idempotent(coap::Code code);

}  // namespace scef::lwm2m
