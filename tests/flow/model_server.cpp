#include "tests/flow/model_server.h"

#include <algorithm>
#include <set>

#include "lwm2m-core/lwm2m/operation.h"

namespace scef::flow {

coap::Message ModelServer::request(coap::Code code, std::string_view path,
                                   const std::function<void(coap::Message&)>& change) {
    coap::Message message;
    message.code = code;
    message.message_id = next_id_++;
    const std::uint32_t token = next_token_++;
    message.token =
        coap::Token{static_cast<std::uint8_t>(token >> 8), static_cast<std::uint8_t>(token)};
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto slash = path.find('/');
        message.add_text(coap::options::uri_path, path.substr(0, slash));
        path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash);
    }
    if (change) change(message);
    send(message);
    return message;
}

coap::Message ModelServer::observe(std::string_view path) {
    return request(coap::codes::get, path,
                   [](coap::Message& m) { m.add_uint(coap::options::observe, 0); });
}

void ModelServer::send_octets(Bytes octets) { send_to(endpoint, std::move(octets)); }

void ModelServer::send_to(queueing::EndpointIndex to, Bytes octets) {
    bus_.after({}, [this, to, octets = std::move(octets)] {
        bus_.deliver(adapter::ServerDatagram{to, address_, octets});
    });
}

void ModelServer::receive(queueing::EndpointIndex from, const Bytes& octets) {
    if (is_down) return;
    const auto message = coap::parse(octets);
    if (!message) {
        received_opaque.push_back(octets);
        return;
    }
    received.push_back({bus_.now(), from, *message});
    if (message->type != coap::Type::confirmable) return;
    if (message->code.is_request()) return answer(from, *message);
    const bool is_notification = message->find(coap::options::observe) != nullptr;
    if (is_notification ? resets_notifications : resets_responses) {
        return send_to(from, coap::serialize(coap::make_reset(message->message_id)));
    }
    if (acknowledges) send_to(from, coap::serialize(coap::make_ack(message->message_id)));
}

void ModelServer::answer(queueing::EndpointIndex from, const coap::Message& request) {
    using lwm2m::Operation;
    if (!answers_requests) return;
    std::string path;
    for (const std::string& segment : location) path += '/' + segment;
    const Operation operation = lwm2m::classify_uplink(request, path);
    coap::Code code = coap::codes::changed;
    if (operation == Operation::register_) code = coap::codes::created;
    if (operation == Operation::deregister) code = coap::codes::deleted;
    coap::Message response = coap::make_response(request, code);
    if (operation == Operation::register_) {
        for (const std::string& segment : location) {
            response.add_text(coap::options::location_path, segment);
        }
    }
    response.payload = answer_payload;
    if (!answers_after) return send_to(from, coap::serialize(response));
    send_to(from, coap::serialize(coap::make_ack(request.message_id)));
    response.type = coap::Type::confirmable;
    response.message_id = next_id_++;
    bus_.after(*answers_after,
               [this, from, response] { send_to(from, coap::serialize(response)); });
}

std::vector<coap::Message> ModelServer::responses_to(const coap::Message& request) const {
    std::vector<coap::Message> found;
    std::set<std::pair<coap::Type, std::uint16_t>> seen;
    for (const Received& entry : received) {
        const coap::Message& message = entry.message;
        if (!message.code.is_response() || message.token != request.token) continue;
        if (message.type == coap::Type::acknowledgement &&
            message.message_id != request.message_id) {
            continue;
        }
        if (seen.insert({message.type, message.message_id}).second) found.push_back(message);
    }
    return found;
}

bool ModelServer::has_ack(const coap::Message& request) const {
    return std::any_of(received.begin(), received.end(), [&](const Received& entry) {
        return entry.message.type == coap::Type::acknowledgement && entry.message.code.is_empty() &&
               entry.message.message_id == request.message_id;
    });
}

bool ModelServer::has_reset(const coap::Message& request) const {
    return std::any_of(received.begin(), received.end(), [&](const Received& entry) {
        return entry.message.type == coap::Type::reset &&
               entry.message.message_id == request.message_id;
    });
}

std::vector<coap::Message> ModelServer::from_device() const {
    std::vector<coap::Message> found;
    std::set<std::uint16_t> seen;
    for (const Received& entry : received) {
        const coap::Message& message = entry.message;
        if (message.type != coap::Type::confirmable) continue;
        if (seen.insert(message.message_id).second) found.push_back(message);
    }
    return found;
}

}  // namespace scef::flow
