#include "tests/flow/model_device.h"

#include <algorithm>

namespace scef::flow {

coap::Message ModelDevice::make_request(coap::Code code, std::string_view path,
                                        std::vector<std::string> queries) {
    coap::Message message;
    message.code = code;
    message.message_id = next_id_++;
    message.token = coap::Token{0xd0, next_token_++};
    message.add_text(coap::options::uri_path, path);
    for (const std::string& query : queries) message.add_text(coap::options::uri_query, query);
    return message;
}

coap::Message ModelDevice::register_(std::vector<std::string> queries) {
    coap::Message message = make_request(coap::codes::post, "rd", std::move(queries));
    message.payload = to_bytes("</3/0>");
    send(message);
    return message;
}

coap::Message ModelDevice::deregister() {
    coap::Message message = make_request(coap::codes::del, "rd");
    message.add_text(coap::options::uri_path, "5a");
    send(message);
    return message;
}

coap::Message ModelDevice::data(std::string_view payload) {
    coap::Message message = make_request(coap::codes::post, "dp");
    message.payload = to_bytes(payload);
    send(message);
    return message;
}

coap::Message ModelDevice::notify(const coap::Token& token, std::uint32_t sequence,
                                  std::string_view payload, coap::Type type) {
    coap::Message message;
    message.type = type;
    message.code = coap::codes::content;
    message.message_id = next_id_++;
    message.token = token;
    message.add_uint(coap::options::observe, sequence);
    message.payload = to_bytes(payload);
    send(message);
    return message;
}

void ModelDevice::receive(const Bytes& octets, std::optional<nidd::RdsPort> by) {
    frames.push_back(octets);
    frame_ports.push_back(by);
    ports = by;
    const auto message = coap::parse(octets);
    if (!message) return;
    if (message->code.is_request()) return execute(*message);
    replies.push_back(*message);
    if (message->type == coap::Type::confirmable && acknowledges) {
        send(coap::make_ack(message->message_id));
    }
}

void ModelDevice::execute(const coap::Message& request) {
    if (const auto known = answered_.find(request.message_id); known != answered_.end()) {
        if (!known->second.empty()) send_octets(known->second);
        return;
    }
    answered_[request.message_id] = {};
    requests.push_back(request);
    if (!answers) return;
    if (resets_requests) return send(coap::make_reset(request.message_id));
    coap::Message response = coap::make_response(
        request, request.code == coap::codes::get ? coap::codes::content : coap::codes::changed);
    if (response.type == coap::Type::non_confirmable) response.message_id = next_id_++;
    if (request.uint_option(coap::options::observe) == 0u) {
        response.add_uint(coap::options::observe, 1);
    }
    if (answer_code) response.code = *answer_code;
    if (answer_format) response.add_uint(coap::options::content_format, *answer_format);
    response.payload = answer_payload;
    if (!answers_after) {
        answered_[request.message_id] = coap::serialize(response);
        return send(response);
    }
    if (request.type == coap::Type::confirmable) send(coap::make_ack(request.message_id));
    response.type = coap::Type::confirmable;
    response.message_id = next_id_++;
    bus_.after(*answers_after, [this, response, by = ports] {
        ports = by;
        send(response);
    });
}

}  // namespace scef::flow
