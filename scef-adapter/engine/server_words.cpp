#include <utility>

#include "scef-adapter/engine/engine.h"

/// What a server says that is no request: ACK and RST to our messages, and its responses to what
/// devices asked (docs/life-of-a-message.md, "Server leg", "Uplink").
namespace scef::adapter {

using queueing::RequestHistory;
using queueing::ServerEvent;
using queueing::ServerExchange;
using queueing::ServerLeg;
using queueing::UplinkEvent;
using queueing::UplinkKind;

/// The server's empty ACK or RST, to one of our responses, notifications or requests.
void Engine::on_server_empty(Device& device, const ServerDatagram& event,
                             const coap::Message& empty) {
    on_server_alive(device, event);
    const auto found = server_messages_.find({event.endpoint, empty.message_id});
    if (found == server_messages_.end()) return;
    const MessageId id = found->second;
    const bool is_reset = empty.type == coap::Type::reset;
    if (Message* message = message_at(id)) {
        server_messages_.erase(found);
        return on_response_settled(device, *message, event.endpoint, empty);
    }
    if (Uplink* uplink = uplink_at(id)) {
        apply(device, *uplink, is_reset ? UplinkEvent::reset : UplinkEvent::acknowledged);
    }
}

void Engine::on_response_settled(Device& device, Message& message, queueing::EndpointIndex endpoint,
                                 const coap::Message& empty) {
    const bool is_reset = empty.type == coap::Type::reset;
    message.for_each_exchange([&](ServerExchange& exchange) {
        if (exchange.state != ServerLeg::responding || exchange.endpoint != endpoint ||
            exchange.response_message_id != empty.message_id) {
            return;
        }
        if (!is_reset) write_timeline(message, "its server acknowledged the response");
        tell(device, message, exchange, is_reset ? ServerEvent::reset : ServerEvent::acknowledged,
             {});
    });
    close_if_over(device, message);
}

/// The server's answer to a device's request: piggybacked or separate, matched by token.
void Engine::on_server_response(Device& device, const ServerDatagram& event,
                                coap::Message response) {
    on_server_alive(device, event);
    Uplink* match = nullptr;
    if (device.activity) {
        for (const MessageId& id : device.activity->uplinks) {
            Uplink* uplink = uplink_at(id);
            if (uplink != nullptr && uplink->endpoint == event.endpoint &&
                uplink->kind == UplinkKind::request && uplink->server_token == response.token) {
                match = uplink;
            }
        }
    }
    if (response.type == coap::Type::acknowledgement) {
        if (match != nullptr && match->server_message_id == response.message_id) {
            apply(device, *match, UplinkEvent::answered, &response);
        }
        return;
    }
    const auto key = RequestHistory::key(event.endpoint, event.peer, response.message_id,
                                         stable_hash(event.octets));
    if (match == nullptr) {
        const bool seen = server_requests_.find(key, turn_->now).has_value();
        if (response.type == coap::Type::confirmable) {
            send_to_server(event.endpoint, event.peer,
                           coap::serialize(seen ? coap::make_ack(response.message_id)
                                                : coap::make_reset(response.message_id)));
        }
        return;
    }
    server_requests_.add(key, turn_->now + coap::exchange_lifetime);
    if (response.type == coap::Type::confirmable) {
        send_to_server(event.endpoint, event.peer,
                       coap::serialize(coap::make_ack(response.message_id)));
    }
    apply(device, *match, UplinkEvent::answered, &response);
}

}  // namespace scef::adapter
