#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/lwm2m-server-simulator/coap_message.h"

namespace scef::lwm2m_server_simulator {

/// How an operation on a device ended.
struct DeviceAnswer {
    enum class Outcome : std::uint8_t {
        answered,
        timeout,
        reset,
        not_observed,
        not_sent,
        unknown_client,
        asleep,       ///< the client did not wake in time; the request never left
        reset_later,  ///< the observation is forgotten, its next notification will be reset
        stopped
    };

    Outcome outcome = Outcome::answered;
    std::uint8_t code = 0;   ///< CoAP, if answered
    nlohmann::json payload;  ///< decoded
    std::optional<std::uint32_t> content_format;
    std::string location;   ///< `/3303/1` after a Create
    bool separate = false;  ///< came as a separate response
    unsigned retransmissions = 0;
    Duration latency{};

    bool is_success() const { return outcome == Outcome::answered && coap::is_success(code); }
};

/// What went wrong, as the REST API and the events say it; null if the device answered or nothing
/// was to be answered.
inline const char* error_text(DeviceAnswer::Outcome outcome) {
    using Outcome = DeviceAnswer::Outcome;
    switch (outcome) {
        case Outcome::answered:
        case Outcome::reset_later:
            return nullptr;
        case Outcome::timeout:
            return "timeout";
        case Outcome::reset:
            return "reset";
        case Outcome::not_observed:
            return "there is no such observation; GET /clients/{endpoint}/observations lists them";
        case Outcome::not_sent:
            return "the request was not sent";
        case Outcome::unknown_client:
            return "no client of that name is registered; GET /clients lists those that are";
        case Outcome::asleep:
            return "the client slept until the request was given up ('hold' says how long to wait)";
        case Outcome::stopped:
            return "the server stops";
    }
    return "unknown";
}

}  // namespace scef::lwm2m_server_simulator
