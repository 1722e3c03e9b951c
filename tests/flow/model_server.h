#pragma once

#include <map>
#include <vector>

#include "lwm2m-core/coap/codec.h"
#include "tests/flow/bus.h"

namespace scef::flow {

/// An LwM2M server (or any CoAP client) at one address: sends requests to virtual endpoints,
/// answers what devices send, and remembers all it received.
class ModelServer {
public:
    ModelServer(Bus& bus, SocketAddress address) : bus_(bus), address_(address) {}

    struct Received {
        Instant at;
        queueing::EndpointIndex endpoint;
        coap::Message message;
    };

    /// Sends a request with a new message id and token and returns it.
    coap::Message request(coap::Code code, std::string_view path,
                          const std::function<void(coap::Message&)>& change = {});
    coap::Message get(std::string_view path) { return request(coap::codes::get, path); }
    coap::Message observe(std::string_view path);
    void send(const coap::Message& message) { send_octets(coap::serialize(message)); }
    void send_octets(Bytes octets);

    void receive(queueing::EndpointIndex endpoint, const Bytes& octets);

    /// Responses with the token of `request`, without copies of the same message id.
    std::vector<coap::Message> responses_to(const coap::Message& request) const;
    bool has_ack(const coap::Message& request) const;
    bool has_reset(const coap::Message& request) const;
    /// Requests and notifications that came from the device, copies removed.
    std::vector<coap::Message> from_device() const;

    bool is_down = false;
    bool acknowledges = true;
    bool resets_responses = false;
    bool resets_notifications = false;
    bool answers_requests = true;
    std::optional<Duration> answers_after;  ///< an empty ACK at once, the answer later
    Bytes answer_payload;
    std::vector<std::string> location{"rd", "5a"};  ///< of every registration, segment by segment
    queueing::EndpointIndex endpoint = 0;           ///< where it sends to
    std::vector<Received> received;
    std::vector<Bytes> received_opaque;

private:
    void answer(queueing::EndpointIndex from, const coap::Message& request);
    void send_to(queueing::EndpointIndex to, Bytes octets);

    Bus& bus_;
    SocketAddress address_;
    std::uint16_t next_id_ = 100;
    std::uint32_t next_token_ = 1;
};

}  // namespace scef::flow
