#include <utility>

#include "scef-adapter/engine/engine.h"

/// CoAP with the LwM2M server: custody, answers, separate responses with their copies, and what the
/// server's ACK, RST and responses settle (docs/life-of-a-message.md, "Server leg").
namespace scef::adapter {

using queueing::DeviceLeg;
using queueing::MessageKind;
using queueing::MessageState;
using queueing::RequestHistory;
using queueing::ServerLeg;
using queueing::UplinkKind;

void Engine::send_to_server(queueing::EndpointIndex endpoint, const SocketAddress& peer,
                            Bytes octets) {
    out_.effects.emplace_back(SendDatagram{endpoint, peer, std::move(octets)});
}

std::uint16_t Engine::next_server_message_id(Device& device) {
    if (device.server_message_id == device.server_message_ids_reserved) {
        device.server_message_ids_reserved =
            static_cast<std::uint16_t>(device.server_message_ids_reserved + 256);
        changed(device);
    }
    return device.server_message_id++;
}

/// D7: the message is ours from now on; the server need not ask again.
void Engine::take_custody(Message& message) {
    if (message.server.state != ServerLeg::open) return;
    message.server.state = ServerLeg::acknowledged;
    ++counters_.custody_acks;
    changed(message);
    send_to_server(message.server.endpoint, message.server.peer,
                   coap::serialize(coap::make_ack(message.server.message_id)));
}

/// D10-D11: piggybacked while the server waits for our ACK, else a response of its own with copies
/// until it is acknowledged. The token becomes the server's again; all else is the device's.
void Engine::answer_server(Device& device, Message& message, coap::Message response) {
    queueing::ServerExchange& server = message.server;
    response.token = server.token;
    const auto key = RequestHistory::key(server.endpoint, server.peer, server.message_id);
    switch (server.state) {
        case ServerLeg::open: {
            response.type = coap::Type::acknowledgement;
            response.message_id = server.message_id;
            Bytes octets = coap::serialize(response);
            server_requests_.set_answer(key, server.datagram_hash, octets);
            server.response = octets;  // a copy for those who ask again after a restart
            send_to_server(server.endpoint, server.peer, std::move(octets));
            server.state = ServerLeg::done;
            break;
        }
        case ServerLeg::acknowledged:
            response.message_id = next_server_message_id(device);
            response.type =
                server.confirmable ? coap::Type::confirmable : coap::Type::non_confirmable;
            server.response_message_id = response.message_id;
            if (!server.confirmable) {
                send_to_server(server.endpoint, server.peer, coap::serialize(response));
                server.state = ServerLeg::done;
                break;
            }
            server.response = coap::serialize(response);
            server.state = ServerLeg::responding;
            server.retransmission = coap::Retransmission({}, *turn_);
            server_messages_[{server.endpoint, response.message_id}] = message.id;
            send_to_server(server.endpoint, server.peer, server.response);
            schedule(server.retransmission.due(), TimerKind::response_copy, device.index,
                     message.id);
            break;
        case ServerLeg::none:
        case ServerLeg::responding:
        case ServerLeg::done:
        case ServerLeg::gone:
            break;
    }
    changed(message);
}

void Engine::signal(Device& device, Message& message, coap::Code code) {
    coap::Message response;
    response.code = code;
    answer_server(device, message, std::move(response));
}

/// D16: 5.04, unless the server takes any answer of a queue-mode device as a sign that it is awake.
void Engine::signal_expiry(Device& device, Message& message) {
    const bool open = message.server.state == ServerLeg::open;
    bool silent = device.profile->expiry_signal == ExpirySignal::silent;
    if (device.profile->expiry_signal == ExpirySignal::automatic) {
        silent = device.registration && device.registration->queue_mode;
    }
    if (silent && !open) {
        if (message.server.state == ServerLeg::acknowledged) {
            message.server.state = ServerLeg::gone;
            changed(message);
        }
        return;
    }
    signal(device, message, coap::codes::gateway_timeout);
}

void Engine::forward_answer(Device& device, Message& message, const coap::Message& answer) {
    message.response_code = answer.code;
    message.response_payload = answer.payload;
    if (message.server.state == ServerLeg::none) return;
    update_observation(device, message.frame, message.server, answer);
    const bool waits =
        message.server.state == ServerLeg::open || message.server.state == ServerLeg::acknowledged;
    if (!waits) {
        ++counters_.late_results;
        return write_timeline(message, "late_result");
    }
    answer_server(device, message, answer);
}

/// RFC 7641: a success with Observe to a request with Observe 0 makes an observation; anything else
/// to an Observe request ends it.
void Engine::update_observation(Device& device, const coap::Message& request,
                                const queueing::ServerExchange& server,
                                const coap::Message& answer) {
    const auto asked = request.uint_option(coap::options::observe);
    if (!asked) return;
    const coap::Token& token = request.token;
    const bool made = *asked == 0 && answer.code.code_class() == 2 &&
                      answer.find(coap::options::observe) != nullptr;
    if (made) {
        const Observation observation{token, server.token, server.endpoint, server.peer,
                                      request.path_text()};
        device.observations[token] = observation;
        out_.batch.put(queueing::RecordKind::observation, observation_key(device.index, token),
                       to_record(observation));
    } else if (device.observations.erase(token) > 0) {
        out_.batch.erase(queueing::RecordKind::observation, observation_key(device.index, token));
    }
}

/// Copies of a separate response (RFC 7252 4.2). A server that never acknowledges has the answer
/// all the same, as far as we can know.
void Engine::response_copy_due(Message& message, Instant due) {
    if (message.server.state != ServerLeg::responding ||
        message.server.retransmission.due() != due) {
        return;
    }
    Device& device = *device_at(message.device);
    if (message.server.retransmission.advance({}, turn_->now)) {
        ++counters_.server_copies;
        send_to_server(message.server.endpoint, message.server.peer, message.server.response);
        return schedule(message.server.retransmission.due(), TimerKind::response_copy, device.index,
                        message.id);
    }
    server_messages_.erase({message.server.endpoint, message.server.response_message_id});
    message.server.state = ServerLeg::gone;
    write_timeline(message, "response not acknowledged");
    if (message.device_leg == DeviceLeg::done) close(device, message);
}

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
        message->server.state = is_reset ? ServerLeg::gone : ServerLeg::done;
        if (is_reset) {
            ++counters_.late_results;
            if (device.observations.erase(message->frame.token) > 0) {
                out_.batch.erase(queueing::RecordKind::observation,
                                 observation_key(device.index, message->frame.token));
            }
        }
        write_timeline(*message, is_reset ? "late_result" : "answer acknowledged");
        if (message->device_leg == DeviceLeg::done) close(device, *message);
        return;
    }
    Uplink* uplink = uplink_at(id);
    if (uplink == nullptr) return;
    if (uplink->kind == UplinkKind::request && !is_reset) {
        uplink->state = queueing::UplinkState::acknowledged;
        uplink->retransmission = {};
        changed(*uplink);
        if (uplink->created_at + device_ack_hint <= turn_->wall) acknowledge_slow(device, *uplink);
        return;
    }
    if (is_reset && uplink->kind == UplinkKind::notification) {
        if (device.observations.erase(uplink->device_token) > 0) {
            out_.batch.erase(queueing::RecordKind::observation,
                             observation_key(device.index, uplink->device_token));
        }
    }
    if (is_reset) {
        reply_to_device(device, coap::make_reset(uplink->device_message_id),
                        Settles{uplink->device_message_id, uplink->content});
        return end_uplink(device, *uplink);
    }
    settle_uplink(device, *uplink, nullptr);
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
            settle_uplink(device, *match, &response);
        }
        return;
    }
    const auto key = RequestHistory::key(event.endpoint, event.peer, response.message_id);
    const std::uint64_t content = stable_hash(event.octets);
    if (match == nullptr) {
        const bool seen = server_requests_.find(key, content, turn_->now) != nullptr;
        if (response.type == coap::Type::confirmable) {
            send_to_server(event.endpoint, event.peer,
                           coap::serialize(seen ? coap::make_ack(response.message_id)
                                                : coap::make_reset(response.message_id)));
        }
        return;
    }
    server_requests_.add(key, {content, {}, {}, turn_->now + coap::exchange_lifetime});
    if (response.type == coap::Type::confirmable) {
        send_to_server(event.endpoint, event.peer,
                       coap::serialize(coap::make_ack(response.message_id)));
    }
    settle_uplink(device, *match, &response);
}

}  // namespace scef::adapter
