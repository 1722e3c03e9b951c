#include <algorithm>
#include <utility>

#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/same_question.h"

/// CoAP with whoever asked, by the table of queueing/server_leg_table.h: custody, answers, separate
/// responses with their copies, and what is kept of an answer that came too late
/// (docs/life-of-a-message.md, "Server leg").
namespace scef::adapter {

using queueing::RequestHistory;
using queueing::ServerAction;
using queueing::ServerContext;
using queueing::ServerEvent;
using queueing::ServerExchange;
using queueing::ServerLeg;

namespace {

RequestHistory::Key key_of(const ServerExchange& exchange) {
    return RequestHistory::key(exchange.endpoint, exchange.peer, exchange.message_id,
                               exchange.datagram_hash);
}

/// RFC 7967 2.1: one bit for each class of responses that the client does not want.
bool is_unwanted(const coap::Message& request, coap::Code code) {
    const std::uint32_t classes = request.uint_option(coap::options::no_response).value_or(0);
    return (classes >> (code.code_class() - 1) & 1u) != 0;
}

/// D7: how long the device's answer may still become a piggybacked one.
Duration ack_hold_of(const Config& config, const Device& device, const ServerExchange& exchange) {
    const VirtualEndpoint* endpoint = device.endpoint_of(exchange.endpoint);
    if (endpoint == nullptr) return config.ack_hold;
    return config.lwm2m_servers[endpoint->server].ack_hold.value_or(config.ack_hold);
}

}  // namespace

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

/// An event for everyone who waits for this message.
void Engine::tell(Device& device, Message& message, ServerEvent event, coap::Message response) {
    message.for_each_exchange(
        [&](ServerExchange& exchange) { tell(device, message, exchange, event, response); });
}

void Engine::tell(Device& device, Message& message, ServerExchange& exchange, ServerEvent event,
                  const coap::Message& response) {
    if (exchange.state == ServerLeg::none) return;
    ServerContext context;
    context.silent = event == ServerEvent::expired && expires_silently(device, exchange.endpoint);
    context.patient =
        ack_hold_of(*config_, device, exchange) >= coap::TransmissionParameters{}.ack_timeout;
    context.unwanted = response.code.is_response() && is_unwanted(message.frame, response.code);
    const queueing::ServerRow* row = queueing::find_row(exchange, event, context);
    if (row == nullptr) return;
    const ServerLeg before = exchange.state;
    if (row->to) exchange.state = *row->to;
    for (const ServerAction action : row->actions) {
        perform(action, device, message, exchange, response);
    }
    if (exchange.state != before) changed(message);
}

void Engine::perform(ServerAction action, Device& device, Message& message,
                     ServerExchange& exchange, coap::Message response) {
    response.token = exchange.token;
    switch (action) {
        case ServerAction::acknowledge:
            ++counters_.custody_acks;
            return send_to_server(exchange.endpoint, exchange.peer,
                                  coap::serialize(coap::make_ack(exchange.message_id)));
        case ServerAction::piggyback:
            response.type = coap::Type::acknowledgement;
            response.message_id = exchange.message_id;
            return answer_once(exchange, coap::serialize(response));
        case ServerAction::reset:
            return answer_once(exchange, coap::serialize(coap::make_reset(exchange.message_id)));
        case ServerAction::respond_once:
            response.type = coap::Type::non_confirmable;
            response.message_id = next_server_message_id(device);
            return send_to_server(exchange.endpoint, exchange.peer, coap::serialize(response));
        case ServerAction::respond:
            response.type = coap::Type::confirmable;
            response.message_id = next_server_message_id(device);
            exchange.response = coap::serialize(response);
            exchange.response_message_id = response.message_id;
            return begin_responding(device, message, exchange);
        case ServerAction::keep_late_answer:
            return keep_late_answer(device, message, exchange, response);
        case ServerAction::end_observation:
            return forget_observation(device, message.frame.token, true);
    }
}

/// The answer that a retransmission of the request gets again (D1), also after a restart.
void Engine::answer_once(ServerExchange& exchange, Bytes octets) {
    server_requests_.set_answer(key_of(exchange), octets);
    exchange.response = octets;
    send_to_server(exchange.endpoint, exchange.peer, std::move(octets));
}

/// The first copy of a separate response; also after a restart.
void Engine::begin_responding(Device& device, Message& message, ServerExchange& exchange) {
    exchange.retransmission = coap::Retransmission({}, *turn_);
    server_messages_[{exchange.endpoint, exchange.response_message_id}] = message.id;
    send_to_server(exchange.endpoint, exchange.peer, exchange.response);
    schedule(exchange.retransmission.due(), TimerKind::response_copy, device.index, message.id);
}

/// Custody (D7) and the server's own limit, counted from when it asked.
void Engine::expect_answer(Device& device, const Message& message, ServerExchange& exchange) {
    const auto& server = config_->lwm2m_servers[device.endpoint_of(exchange.endpoint)->server];
    const Instant asked = instant_of(exchange.asked_at);
    if (exchange.state == ServerLeg::open) {
        exchange.custody_due = asked + ack_hold_of(*config_, device, exchange);
        schedule(exchange.custody_due, TimerKind::ack_hold, device.index, message.id);
    }
    exchange.limit_due = asked + server.separate_response_limit;
    schedule(exchange.limit_due, TimerKind::separate_limit, device.index, message.id);
}

void Engine::custody_due(Device& device, Message& message) {
    message.for_each_exchange([&](ServerExchange& exchange) {
        if (exchange.custody_due > turn_->now) return;
        tell(device, message, exchange, ServerEvent::custody_due, {});
    });
}

/// The server stops waiting by itself; the delivery goes on (D11).
void Engine::limit_due(Device& device, Message& message) {
    coap::Message response;
    response.code = coap::codes::gateway_timeout;
    message.for_each_exchange([&](ServerExchange& exchange) {
        if (exchange.limit_due > turn_->now || exchange.state != ServerLeg::acknowledged) return;
        tell(device, message, exchange, ServerEvent::expired, response);
    });
}

/// Copies of separate responses (RFC 7252 4.2). A server that never acknowledges has the answer all
/// the same, as far as we can know.
void Engine::response_copy_due(Device& device, Message& message, Instant due) {
    message.for_each_exchange([&](ServerExchange& exchange) {
        if (exchange.state != ServerLeg::responding || exchange.retransmission.due() != due) {
            return;
        }
        if (exchange.retransmission.advance({}, turn_->now)) {
            ++counters_.server_copies;
            send_to_server(exchange.endpoint, exchange.peer, exchange.response);
            return schedule(exchange.retransmission.due(), TimerKind::response_copy, device.index,
                            message.id);
        }
        server_messages_.erase({exchange.endpoint, exchange.response_message_id});
        write_timeline(message, "response not acknowledged");
        tell(device, message, exchange, ServerEvent::unheard, {});
    });
    close_if_over(device, message);
}

/// D16: not told, if the server takes any answer of a queue-mode device as a sign that it is awake.
bool Engine::expires_silently(const Device& device, queueing::EndpointIndex asked_at) const {
    if (device.profile->expiry_signal == ExpirySignal::automatic) {
        const VirtualEndpoint* endpoint = device.endpoint_of(asked_at);
        return endpoint != nullptr && endpoint->registration && endpoint->registration->queue_mode;
    }
    return device.profile->expiry_signal == ExpirySignal::silent;
}

void Engine::signal(Device& device, Message& message, coap::Code code) {
    coap::Message response;
    response.code = code;
    tell(device, message, ServerEvent::answered, std::move(response));
}

/// D14: the device's RST, as RST or, where that is too late, as 5.02.
void Engine::tell_reset(Device& device, Message& message) {
    coap::Message response;
    response.code = coap::codes::bad_gateway;
    tell(device, message, ServerEvent::device_reset, std::move(response));
}

void Engine::signal_expiry(Device& device, Message& message) {
    coap::Message response;
    response.code = coap::codes::gateway_timeout;
    tell(device, message, ServerEvent::expired, std::move(response));
}

void Engine::forward_answer(Device& device, Message& message, const coap::Message& answer) {
    message.response_code = answer.code;
    message.response_payload = answer.payload;
    if (message.server.state == ServerLeg::none) return;
    update_observation(device, message.frame, message.server, answer);
    tell(device, message, ServerEvent::answered, answer);
}

/// D15: the result is in the message's timeline. If the same may be asked again, the answer waits
/// for that (D2).
void Engine::keep_late_answer(Device& device, Message& message, const ServerExchange& exchange,
                              coap::Message answer) {
    if (!message.response_code) return;  // it is no answer of the device, but a word of ours
    ++counters_.late_results;
    write_timeline(message, "late_result");
    if (!answer.code.is_response()) {
        auto sent = coap::parse(exchange.response);
        if (!sent || sent->code != *message.response_code) return;
        answer = std::move(*sent);
    }
    const auto* endpoint = device.endpoint_of(exchange.endpoint);
    const Duration life = endpoint == nullptr
                              ? Duration{}
                              : config_->lwm2m_servers[endpoint->server].late_answer_max_age;
    const bool is_current = message.id >= device.active().newest_change;
    if (life > Duration{} && is_current && may_be_asked_again(message.frame)) {
        keep_answer(device, exchange.endpoint, message.frame, std::move(answer), life);
    }
}

// ---- Observations (RFC 7641)

/// A success with Observe to a request with Observe 0 makes an observation; anything else to an
/// Observe request ends it.
void Engine::update_observation(Device& device, const coap::Message& request,
                                const ServerExchange& server, const coap::Message& answer) {
    const auto asked = request.uint_option(coap::options::observe);
    if (!asked) return;
    const coap::Token& token = request.token;
    const bool made = *asked == 0 && answer.code.code_class() == 2 &&
                      answer.find(coap::options::observe) != nullptr;
    if (!made) return forget_observation(device, token, false);
    const Observation observation{token, server.token, server.endpoint, server.peer,
                                  request.path_text()};
    device.observations[token] = observation;
    std::erase(device.dead_tokens, token);
    out_.batch.put(queueing::RecordKind::observation, observation_key(device.index, token),
                   to_record(observation));
}

/// If the server forgot it, the device is told by RST at its next notification (U8).
void Engine::forget_observation(Device& device, const coap::Token& token, bool by_server) {
    if (device.observations.erase(token) == 0) return;
    out_.batch.erase(queueing::RecordKind::observation, observation_key(device.index, token));
    if (by_server) remember_dead(device, token);
}

}  // namespace scef::adapter
