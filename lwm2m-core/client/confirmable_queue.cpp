#include "lwm2m-core/client/confirmable_queue.h"

#include "lwm2m-core/coap/codec.h"

namespace scef::client {

using coap::Message;
using coap::Type;

void ConfirmableQueue::push(Outgoing outgoing) {
    for (Outgoing& waiting : waiting_) {
        if (outgoing.purpose == Purpose::notification && waiting.purpose == Purpose::notification &&
            waiting.message.token == outgoing.message.token) {
            waiting = std::move(outgoing);
            return;
        }
    }
    waiting_.push_back(std::move(outgoing));
}

void ConfirmableQueue::pump(Turn& turn, Frames& frames) {
    if (open_ || waiting_.empty()) return;
    open_ =
        Open{std::move(waiting_.front()), coap::Retransmission(parameters_, turn), false, never};
    waiting_.pop_front();
    frames.push_back(coap::serialize(open_->outgoing.message));
}

Settled ConfirmableQueue::settle(std::optional<Message> response, bool reset) {
    Settled settled{std::move(open_->outgoing), std::move(response), reset};
    open_.reset();
    return settled;
}

std::optional<Settled> ConfirmableQueue::on_message(const Message& message, Instant now) {
    if (!open_) return std::nullopt;
    const Message& ours = open_->outgoing.message;
    const bool piggybacked = message.type == Type::acknowledgement;
    if ((piggybacked || message.type == Type::reset) && message.message_id != ours.message_id) {
        return std::nullopt;
    }
    if (message.type == Type::reset) return settle(std::nullopt, true);
    if (message.code.is_empty()) {
        if (!piggybacked) return std::nullopt;
        if (open_->outgoing.purpose == Purpose::notification) return settle(message, false);
        if (!open_->acknowledged) open_->answer_until = now + coap::exchange_lifetime;
        open_->acknowledged = true;
        return std::nullopt;
    }
    if (!message.code.is_response() || !awaits(message.token)) return std::nullopt;
    return settle(message, false);
}

std::optional<Settled> ConfirmableQueue::on_time(Turn& turn, Frames& frames) {
    if (!open_ || turn.now < open_->due()) return std::nullopt;
    if (open_->acknowledged || !open_->retransmission.advance(parameters_, turn.now)) {
        return settle(std::nullopt, false);
    }
    frames.push_back(coap::serialize(open_->outgoing.message));
    return std::nullopt;
}

bool ConfirmableQueue::awaits(const coap::Token& token) const {
    return open_ && open_->outgoing.purpose != Purpose::notification &&
           open_->outgoing.message.token == token;
}

void ConfirmableQueue::clear() {
    open_.reset();
    waiting_.clear();
}

}  // namespace scef::client
