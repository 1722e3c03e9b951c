#include "tests/simulation/exchange_check.h"

namespace scef::simulation {
namespace {

/// RFC 7252 4.8.2: a copy comes after ACK_TIMEOUT, which no server may set below this.
constexpr Duration ack_limit = std::chrono::seconds(2);

bool begins_with_number(std::string_view payload, char letter, std::uint32_t number) {
    const std::string wanted = letter + std::to_string(number);
    if (!payload.starts_with(wanted)) return false;
    return payload.size() == wanted.size() || payload[wanted.size()] == '.';
}

}  // namespace

std::string ExchangeCheck::text_of(const MidKey& key) {
    return std::get<0>(key).text() + " at endpoint " + std::to_string(std::get<1>(key)) +
           ", message id " + std::to_string(std::get<2>(key));
}

void ExchangeCheck::on_request(const SocketAddress& peer, queueing::EndpointIndex endpoint,
                               const coap::Message& request, std::uint32_t serial) {
    questions_[{peer, endpoint, request.token}] = {request.message_id, serial,
                                                   request.type == coap::Type::confirmable,
                                                   request.find(coap::options::observe) != nullptr};
    const MidKey key{peer, endpoint, request.message_id};
    asked_[key].push_back(serial);
    askings_[serial].push_back(key);
}

void ExchangeCheck::on_request_arrives(const SocketAddress& peer, queueing::EndpointIndex endpoint,
                                       std::uint16_t message_id, Instant now) {
    const MidKey key{peer, endpoint, message_id};
    if (!waiting_.emplace(key, now + ack_limit).second) return;
    due_.push_back({now + ack_limit, key});
}

void ExchangeCheck::on_datagram(const SocketAddress& peer, queueing::EndpointIndex endpoint,
                                const coap::Message& message, Instant now) {
    on_time(now);
    const bool settles =
        message.type == coap::Type::acknowledgement || message.type == coap::Type::reset;
    const MidKey key{peer, endpoint, message.message_id};
    if (settles) waiting_.erase(key);
    if (message.type == coap::Type::acknowledgement && message.code.is_empty()) judge_ack(key);
    if (message.code.is_response()) judge_answer(peer, endpoint, message);
}

/// An empty ACK is a promise, or the receipt for a server's separate answer. A question that was
/// asked again may share the message of the first asking, and a server may use a message id again.
void ExchangeCheck::judge_ack(const MidKey& key) {
    if (other_ids_.contains(key)) return;
    const auto& [peer, endpoint, message_id] = key;
    if (!ledger_.message_of(endpoint, peer, message_id).empty()) return;
    bool has_record = false;
    if (const auto asked = asked_.find(key); asked != asked_.end()) {
        for (const std::uint32_t serial : asked->second) {
            for (const auto& [other, where, id] : askings_[serial]) {
                has_record = has_record || !ledger_.message_of(where, other, id).empty();
            }
        }
    }
    if (!has_record) {
        verdicts_.broken("I1", text_of(key) + ": acknowledged, and no record has the message");
    }
}

void ExchangeCheck::judge_answer(const SocketAddress& peer, queueing::EndpointIndex endpoint,
                                 const coap::Message& message) {
    const MidKey key{peer, endpoint, message.message_id};
    const auto found = questions_.find({peer, endpoint, message.token});
    if (found == questions_.end()) {
        // RFC 7641: a notification of an observation that only the device remembers.
        if (message.type == coap::Type::confirmable &&
            message.find(coap::options::observe) != nullptr) {
            return;
        }
        return verdicts_.broken("answers", text_of(key) + ": an answer with a token nobody used");
    }
    const Question& question = found->second;
    if (message.type == coap::Type::acknowledgement && message.message_id != question.message_id) {
        verdicts_.broken("answers", text_of(key) + ": piggybacked on message id " +
                                        std::to_string(message.message_id) + ", the request had " +
                                        std::to_string(question.message_id));
    }
    if (message.code.code_class() != 2) return;
    const std::string_view payload = as_text(message.payload);
    const bool is_its_answer = begins_with_number(payload, 'r', question.serial);
    const bool is_its_notification =
        question.observes && begins_with_number(payload, 'n', question.serial);
    if (is_its_answer || is_its_notification) return;
    // What has Observe and fits no observation goes to the LwM2M server, under the device's token.
    if (message.find(coap::options::observe) != nullptr) {
        ++stray_notifications_;
    } else {
        verdicts_.broken("answers", text_of(key) + ": question " + std::to_string(question.serial) +
                                        " was answered by '" + std::string(payload) + "'");
    }
}

void ExchangeCheck::on_time(Instant now) {
    while (!due_.empty() && due_.front().at < now) {
        const Due due = due_.front();
        due_.pop_front();
        const auto found = waiting_.find(due.key);
        if (found == waiting_.end() || found->second != due.at) continue;
        waiting_.erase(found);
        verdicts_.broken("2 s", text_of(due.key) + ": no ACK and no answer for 2 s");
    }
}

void ExchangeCheck::on_crash() {
    waiting_.clear();
    due_.clear();
}

void ExchangeCheck::on_device_removed(queueing::EndpointIndex endpoint) {
    std::erase_if(waiting_,
                  [&](const auto& entry) { return std::get<1>(entry.first) == endpoint; });
}

}  // namespace scef::simulation
