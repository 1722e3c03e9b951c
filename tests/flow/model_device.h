#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lwm2m-core/coap/codec.h"
#include "nidd/types/t8_types.h"
#include "tests/flow/bus.h"

namespace scef::flow {

/// An LwM2M device behind its modem: answers requests, deduplicates them by message id as RFC 7252
/// 4.5 asks for, sends what a test lets it send, and remembers all it received.
class ModelDevice {
public:
    ModelDevice(Bus& bus, std::string external_id)
        : bus_(bus), external_id_(std::move(external_id)) {}

    const std::string& external_id() const { return external_id_; }

    /// A request of the device, with a new message id and token.
    coap::Message make_request(coap::Code code, std::string_view path,
                               std::vector<std::string> queries = {});
    coap::Message register_(std::vector<std::string> queries = {"ep=dev1", "lt=300", "lwm2m=1.1",
                                                                "b=N"});
    coap::Message deregister();
    coap::Message data(std::string_view payload);  ///< LwM2M Send
    coap::Message notify(const coap::Token& token, std::uint32_t sequence, std::string_view payload,
                         coap::Type type = coap::Type::confirmable);
    /// By the RDS ports `ports`, or without.
    void send(const coap::Message& message) { send_octets(coap::serialize(message)); }
    void send_octets(Bytes octets) { transmit(std::move(octets), ports); }

    /// Answers by the ports that the frame came by.
    void receive(const Bytes& octets, std::optional<nidd::RdsPort> by = std::nullopt);

    bool answers = true;
    bool acknowledges = true;  ///< confirmable responses
    bool resets_requests = false;
    std::optional<Duration> answers_after;  ///< an empty ACK at once, a separate CON answer later
    Bytes answer_payload = to_bytes("23.5");
    std::optional<std::uint32_t> answer_format;  ///< Content-Format of its answers
    std::optional<coap::Code> answer_code;       ///< in place of the fitting one
    std::optional<nidd::RdsPort> ports;          ///< of what it sends next
    std::vector<Bytes> frames;                   ///< all that came over the air, in order
    std::vector<std::optional<nidd::RdsPort>> frame_ports;  ///< of the frames
    std::vector<coap::Message> requests;                    ///< executed requests: copies removed
    std::vector<coap::Message> replies;  ///< ACK, RST and responses to what it sent
    std::function<void(Bytes, std::optional<nidd::RdsPort>)> transmit;  ///< the modem

private:
    void execute(const coap::Message& request);

    Bus& bus_;
    std::string external_id_;
    std::uint16_t next_id_ = 7000;
    std::uint8_t next_token_ = 1;
    std::map<std::uint16_t, Bytes> answered_;
};

}  // namespace scef::flow
