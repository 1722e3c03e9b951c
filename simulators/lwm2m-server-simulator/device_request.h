#pragma once

#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/lwm2m-server-simulator/coap_message.h"

namespace scef::lwm2m_server_simulator {

/// An LwM2M operation on a device (Core TS 6.3, 6.4; 6.1.7 for bootstrap), ready to be sent.
struct DeviceRequest {
    enum class Effect : std::uint8_t {
        none,
        observe,
        cancel,           ///< by GET or FETCH with Observe 1
        cancel_by_reset,  ///< by a Reset of the next notification; nothing is sent
    };

    std::string operation;  ///< its name in the REST API
    std::string target;     ///< `/3/0/1`; paths of a composite operation joined by commas
    CoapMessage message;    ///< without token and message id
    Effect effect = Effect::none;
    Duration timeout{};  ///< of each datagram of a block-wise transfer, from its sending
    /// How long it may wait for a sleeping client before it is sent; absent: as the server is set.
    std::optional<Duration> hold;
    /// After a datagram of a block-wise transfer got no answer: how long to wait until the client
    /// is heard again, to go on with the same block. Zero: not at all.
    Duration patience{};
    unsigned repeat_datagram = 0;  ///< identical copies to send along with the first datagram
    /// Told the octets of the payload that arrived, after each block, and how many there are.
    std::function<void(std::size_t arrived, std::size_t all)> on_progress;
};

/// Who gives the order: an LwM2M server and a bootstrap server have different operations.
enum class ServerRole : std::uint8_t { management, bootstrap };

/// Reads the body of `POST /clients/{ep}/{operation}` by the table of operations.h. `not_found` for
/// an operation that a server of that role does not have, with a list of those it has;
/// `invalid_argument` for a body that does not fit it, saying what it takes.
Result<DeviceRequest> make_device_request(const std::string& operation, const nlohmann::json& body,
                                          Duration default_timeout,
                                          ServerRole role = ServerRole::management);

}  // namespace scef::lwm2m_server_simulator
