#include "lwm2m-core/client/message_layer.h"

#include <utility>

#include "lwm2m-core/coap/codec.h"

namespace scef::client {
namespace {

using coap::Message;
using coap::Type;

coap::Token new_token(Random& random) {
    const std::uint64_t number = random.next();
    const auto octet = [&](unsigned i) { return static_cast<std::uint8_t>(number >> (8 * i)); };
    return {octet(0), octet(1), octet(2), octet(3)};
}

}  // namespace

bool MessageLayer::repeat_answer(std::uint16_t message_id, Instant now) {
    const Bytes* const known = duplicates_.find(message_id, now);
    if (known == nullptr) return false;
    ++duplicates_suppressed_;
    if (!known->empty()) frames_.push_back(*known);
    return true;
}

MessageLayer::Incoming MessageLayer::on_frame(ByteView frame, Turn& turn) {
    Incoming incoming;
    if (!coap::looks_like_coap(frame)) return incoming;
    auto message = coap::parse(frame);
    if (!message) {
        if (message.error().rejection == coap::Rejection::reset) {
            frames_.push_back(coap::serialize(coap::make_reset(message.error().message_id)));
        }
        return incoming;
    }
    if (message->code.is_empty()) {
        if (message->type == Type::confirmable) {  // a CoAP ping
            frames_.push_back(coap::serialize(coap::make_reset(message->message_id)));
            return incoming;
        }
        if (message->type == Type::reset) incoming.reset_message = message->message_id;
        incoming.settled = queue_.on_message(*message, turn.now);
    } else if (message->code.is_response()) {
        on_response(*message, turn, incoming);
    } else if ((message->type == Type::confirmable || message->type == Type::non_confirmable) &&
               !repeat_answer(message->message_id, turn.now)) {
        incoming.request = std::move(*message);
    }
    return incoming;
}

void MessageLayer::on_response(const Message& message, Turn& turn, Incoming& incoming) {
    if (message.type == Type::reset) return;
    const bool confirmable = message.type == Type::confirmable;
    if (confirmable && repeat_answer(message.message_id, turn.now)) return;
    incoming.settled = queue_.on_message(message, turn.now);
    if (!confirmable) return;
    Bytes reply = coap::serialize(incoming.settled ? coap::make_ack(message.message_id)
                                                   : coap::make_reset(message.message_id));
    frames_.push_back(reply);
    duplicates_.remember(message.message_id, std::move(reply), turn.now);
}

void MessageLayer::answer(const Message& request, Message response, Turn& turn) {
    if (response.type != Type::acknowledgement) response.message_id = take_message_id(turn);
    Bytes frame = coap::serialize(response);
    frames_.push_back(frame);
    const bool repeats = request.type == Type::confirmable;
    duplicates_.remember(request.message_id, repeats ? std::move(frame) : Bytes{}, turn.now);
}

void MessageLayer::push(Purpose purpose, Message message, Turn& turn) {
    message.message_id = take_message_id(turn);
    message.token = new_token(turn.random);
    queue_.push({purpose, std::move(message)});
}

std::uint16_t MessageLayer::notify(Message message, Turn& turn) {
    message.message_id = take_message_id(turn);
    const std::uint16_t id = message.message_id;
    if (message.type == Type::confirmable) {
        queue_.push({Purpose::notification, std::move(message)});
    } else {
        frames_.push_back(coap::serialize(message));
    }
    return id;
}

Frames MessageLayer::take_frames() { return std::exchange(frames_, {}); }

std::uint16_t MessageLayer::take_message_id(Turn& turn) {
    if (!next_message_id_) next_message_id_ = static_cast<std::uint16_t>(turn.random.next());
    const std::uint16_t id = *next_message_id_;
    next_message_id_ = static_cast<std::uint16_t>(id + 1);
    return id;
}

}  // namespace scef::client
