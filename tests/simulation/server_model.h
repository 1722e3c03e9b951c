#pragma once

#include <deque>
#include <map>
#include <vector>

#include "lwm2m-core/coap/codec.h"
#include "tests/simulation/stage.h"

namespace scef::simulation {

class Oracle;

/// An LwM2M server, a bootstrap server or any other CoAP client: asks, repeats until it is
/// acknowledged, asks again when it loses patience, answers devices; behind a network that loses,
/// doubles, delays and reorders datagrams both ways.
class ServerModel {
public:
    ServerModel(Stage& stage, Entrance& entrance, Oracle& oracle, SocketAddress address)
        : stage_(stage), entrance_(entrance), oracle_(oracle), address_(address) {}

    const SocketAddress& address() const { return address_; }

    /// A question of any kind to a virtual endpoint.
    void ask(queueing::EndpointIndex endpoint);
    /// A question that a device in reach answers at once; its number.
    std::uint32_t ask_plainly(queueing::EndpointIndex endpoint);
    bool was_answered(std::uint32_t serial) const { return answered_.contains(serial); }
    void ask_again();
    void repeat_old();
    void reuse_message_id();
    void send_octets(queueing::EndpointIndex endpoint, Bytes octets);

    /// A datagram of the adapter enters the network.
    void receive_from(queueing::EndpointIndex endpoint, const Bytes& octets);

    bool is_down = false;
    /// Called before a confirmable request reaches the adapter.
    std::function<void(queueing::EndpointIndex, std::uint16_t)> on_request_arrives;

private:
    struct Question {
        queueing::EndpointIndex endpoint;
        coap::Message message;
        Bytes octets;
        std::uint32_t serial;
    };
    void put(Question question);
    void repeat(const Question& question, Duration pause, int copies);
    coap::Message make_request(queueing::EndpointIndex endpoint, std::uint32_t serial);
    void arrive(queueing::EndpointIndex endpoint, const Bytes& octets);
    void read(queueing::EndpointIndex endpoint, const Bytes& octets);
    void read_response(queueing::EndpointIndex endpoint, const coap::Message& message);
    void answer(queueing::EndpointIndex endpoint, const coap::Message& request);
    void repeat_response(queueing::EndpointIndex endpoint, std::uint16_t message_id, Bytes octets,
                         Duration pause, int copies);
    template <typename Deliver>
    void network(Deliver deliver);

    Stage& stage_;
    Entrance& entrance_;
    Oracle& oracle_;
    SocketAddress address_;
    std::map<queueing::EndpointIndex, std::uint16_t> next_id_;
    std::uint16_t next_token_ = 1;
    std::deque<Question> questions_;  ///< the last ones
    std::map<std::pair<queueing::EndpointIndex, std::uint16_t>, bool> open_;
    std::map<std::uint32_t, bool> answered_;
    std::map<std::pair<queueing::EndpointIndex, std::uint16_t>, Bytes> replied_;
};

}  // namespace scef::simulation
