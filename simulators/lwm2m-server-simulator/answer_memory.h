#pragma once

#include <map>
#include <string>
#include <utility>

#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/lwm2m-server-simulator/coap_message.h"

namespace scef::lwm2m_server_simulator {

/// The answers given to clients, so that a repeated request gets the same answer and is not done
/// twice (RFC 7252 4.5): libcoap 4.3.1 hands every copy over. Kept for EXCHANGE_LIFETIME.
class AnswerMemory {
public:
    static constexpr Duration lifetime = std::chrono::seconds(247);

    /// The answer to the same request of the same peer, or null.
    const CoapMessage* find(const std::string& peer, const CoapMessage& request) const;
    void remember(const std::string& peer, CoapMessage request, CoapMessage answer, Instant now);
    void forget_before(Instant now);

private:
    struct Entry {
        CoapMessage request;
        CoapMessage answer;
        Instant expires_at;
    };
    std::map<std::pair<std::string, std::uint16_t>, Entry> entries_;
};

}  // namespace scef::lwm2m_server_simulator
