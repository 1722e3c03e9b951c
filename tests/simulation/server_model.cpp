#include "tests/simulation/server_model.h"

#include <array>

#include "lwm2m-core/lwm2m/operation.h"
#include "tests/simulation/describe.h"
#include "tests/simulation/oracle.h"

namespace scef::simulation {
namespace {

constexpr std::size_t questions_kept = 24;
constexpr std::size_t replies_kept = 256;

/// The number in `r12` or `n12.7`.
std::uint32_t number_in(std::string_view payload) {
    std::uint32_t number = 0;
    for (std::size_t i = 1; i < payload.size() && payload[i] >= '0' && payload[i] <= '9'; ++i) {
        number = number * 10 + static_cast<std::uint32_t>(payload[i] - '0');
    }
    return number;
}

}  // namespace

/// UDP: once, never, twice, late.
template <typename Deliver>
void ServerModel::network(Deliver deliver) {
    const int copies = stage_.fault(Fault::datagram_lost, stage_.weather.udp_lost)         ? 0
                       : stage_.fault(Fault::datagram_doubled, stage_.weather.udp_doubled) ? 2
                                                                                           : 1;
    for (int i = 0; i < copies; ++i) {
        const bool late = stage_.fault(Fault::datagram_late, stage_.weather.udp_late);
        stage_.after(late ? stage_.between(20ms, 5s) : stage_.between(1ms, 4ms), deliver);
    }
}

void ServerModel::send_octets(queueing::EndpointIndex endpoint, Bytes octets) {
    network([this, endpoint, octets = std::move(octets)] { arrive(endpoint, octets); });
}

void ServerModel::arrive(queueing::EndpointIndex endpoint, const Bytes& octets) {
    const bool is_con_request =
        octets.size() >= 4 && (octets[0] & 0xf0) == 0x40 && octets[1] > 0 && octets[1] < 8;
    if (is_con_request && on_request_arrives) {
        on_request_arrives(endpoint, static_cast<std::uint16_t>(octets[2] << 8 | octets[3]));
    }
    entrance_.take(adapter::ServerDatagram{endpoint, address_, octets});
}

coap::Message ServerModel::make_request(queueing::EndpointIndex endpoint, std::uint32_t serial) {
    coap::Message message;
    message.message_id = next_id_.try_emplace(endpoint, std::uint16_t{100}).first->second++;
    const std::uint16_t token = next_token_++;
    message.token =
        coap::Token{static_cast<std::uint8_t>(token >> 8), static_cast<std::uint8_t>(token)};
    message.add_text(coap::options::uri_query, "s=" + std::to_string(serial));
    return message;
}

void ServerModel::put(Question question) {
    oracle_.exchanges.on_request(address_, question.endpoint, question.message, question.serial);
    stage_.history.note(stage_.now,
                        [&] { return address_.text() + " asks " + describe(question.octets); });
    questions_.push_back(question);
    if (questions_.size() > questions_kept) questions_.pop_front();
    if (question.message.type != coap::Type::confirmable) {
        return send_octets(question.endpoint, question.octets);
    }
    open_[{question.endpoint, question.message.message_id}] = true;
    repeat(question, stage_.between(2s, 3s), 4);
}

/// RFC 7252 4.2; some go on although the ACK came.
void ServerModel::repeat(const Question& question, Duration pause, int copies) {
    const auto key = std::pair(question.endpoint, question.message.message_id);
    if (!open_.contains(key) &&
        !stage_.fault(Fault::server_repeats_after_ack, stage_.weather.servers / 4)) {
        return;
    }
    if (!is_down) send_octets(question.endpoint, question.octets);
    if (copies == 0) {
        open_.erase(key);
        return;
    }
    stage_.after(pause,
                 [this, question, pause, copies] { repeat(question, pause * 2, copies - 1); });
}

void ServerModel::ask(queueing::EndpointIndex endpoint) {
    const std::uint32_t serial = stage_.next_serial++;
    coap::Message message = make_request(endpoint, serial);
    static constexpr std::array<coap::Code, 9> methods{
        coap::codes::get,  coap::codes::get,   coap::codes::get,
        coap::codes::get,  coap::codes::put,   coap::codes::put,
        coap::codes::post, coap::codes::fetch, coap::codes::ipatch};
    message.code = methods[stage_.random.below(methods.size())];
    if (stage_.chance(200)) message.type = coap::Type::non_confirmable;
    message.add_text(coap::options::uri_path, stage_.chance(30) ? "1" : "3");
    message.add_text(coap::options::uri_path, "0");
    message.add_text(coap::options::uri_path, std::to_string(stage_.random.below(12)));
    if (message.code == coap::codes::get && stage_.chance(300)) {
        message.add_uint(coap::options::observe, stage_.chance(200) ? 1 : 0);
    } else if (stage_.chance(50)) {
        message.add_uint(coap::options::block1, coap::Block{1, true, 2}.value());
    }
    if (stage_.chance(100)) {
        message.add_uint(coap::options::ttl_seconds,
                         static_cast<std::uint32_t>(stage_.random.below(120)));
    }
    if (message.code != coap::codes::get && stage_.chance(500)) {
        message.payload.assign(stage_.random.below(stage_.chance(50) ? 400 : 40), 'x');
    }
    put({endpoint, message, coap::serialize(message), serial});
}

std::uint32_t ServerModel::ask_plainly(queueing::EndpointIndex endpoint) {
    const std::uint32_t serial = stage_.next_serial++;
    coap::Message message = make_request(endpoint, serial);
    message.code = coap::codes::get;
    message.add_text(coap::options::uri_path, "3");
    put({endpoint, message, coap::serialize(message), serial});
    return serial;
}

/// The application's own retry: the same question, a new message id and token.
void ServerModel::ask_again() {
    if (questions_.empty()) return;
    Question question = questions_[stage_.random.below(questions_.size())];
    stage_.coverage.count(Fault::asked_again);
    const coap::Message fresh = make_request(question.endpoint, question.serial);
    question.message.message_id = fresh.message_id;
    question.message.token = fresh.token;
    question.octets = coap::serialize(question.message);
    put(std::move(question));
}

void ServerModel::repeat_old() {
    if (questions_.empty()) return;
    const Question& question = questions_[stage_.random.below(questions_.size())];
    stage_.coverage.count(Fault::server_repeats_after_ack);
    send_octets(question.endpoint, question.octets);
}

/// A server that restarted: a message id of before with another question.
void ServerModel::reuse_message_id() {
    if (questions_.empty()) return;
    Question question = questions_[stage_.random.below(questions_.size())];
    stage_.coverage.count(Fault::message_id_reused);
    question.serial = stage_.next_serial++;
    coap::Message message = make_request(question.endpoint, question.serial);
    message.code = coap::codes::get;
    message.message_id = question.message.message_id;
    message.add_text(coap::options::uri_path, "3");
    question.message = message;
    question.octets = coap::serialize(message);
    put(std::move(question));
}

void ServerModel::receive_from(queueing::EndpointIndex endpoint, const Bytes& octets) {
    network([this, endpoint, octets] { read(endpoint, octets); });
}

void ServerModel::read(queueing::EndpointIndex endpoint, const Bytes& octets) {
    if (is_down) return stage_.coverage.count(Fault::server_down);
    const auto message = coap::parse(octets);
    if (!message) return;
    if (!message->payload.empty() && (message->payload[0] == 'u' || message->payload[0] == 'n')) {
        oracle_.uplinks.on_reached(std::string(as_text(message->payload)));
    }
    if (message->code.is_request()) return answer(endpoint, *message);
    if (message->type == coap::Type::acknowledgement || message->type == coap::Type::reset) {
        open_.erase({endpoint, message->message_id});
    }
    if (message->code.is_response()) read_response(endpoint, *message);
}

void ServerModel::read_response(queueing::EndpointIndex endpoint, const coap::Message& message) {
    if (message.code.code_class() == 2) answered_[number_in(as_text(message.payload))] = true;
    if (message.type != coap::Type::confirmable) return;
    const Weather& weather = stage_.weather;
    if (stage_.fault(Fault::server_silent, weather.servers)) return;
    const bool resets = stage_.fault(Fault::server_resets, weather.servers / 4);
    send_octets(endpoint, coap::serialize(resets ? coap::make_reset(message.message_id)
                                                 : coap::make_ack(message.message_id)));
}

void ServerModel::answer(queueing::EndpointIndex endpoint, const coap::Message& request) {
    using lwm2m::Operation;
    const auto key = std::pair(endpoint, request.message_id);
    if (const auto known = replied_.find(key); known != replied_.end()) {
        if (!known->second.empty()) send_octets(endpoint, known->second);
        return;
    }
    if (replied_.size() >= replies_kept) replied_.clear();
    const Weather& weather = stage_.weather;
    if (stage_.fault(Fault::server_silent, weather.servers)) return;
    if (stage_.fault(Fault::server_resets, weather.servers / 8)) {
        return send_octets(endpoint, coap::serialize(coap::make_reset(request.message_id)));
    }
    const Operation operation = lwm2m::classify_uplink(request);
    const coap::Code code = operation == Operation::register_    ? coap::codes::created
                            : operation == Operation::deregister ? coap::codes::deleted
                                                                 : coap::codes::changed;
    coap::Message response = coap::make_response(request, code);
    if (operation == Operation::register_) {
        response.add_text(coap::options::location_path, "rd");
        response.add_text(coap::options::location_path, "5a");
    }
    response.payload = to_bytes("a" + std::string(as_text(request.payload)));
    if (!stage_.fault(Fault::server_slow, weather.servers)) {
        replied_[key] = coap::serialize(response);
        return send_octets(endpoint, replied_[key]);
    }
    replied_[key] = coap::serialize(coap::make_ack(request.message_id));
    send_octets(endpoint, replied_[key]);
    response.type = coap::Type::confirmable;
    response.message_id = next_id_.try_emplace(endpoint, std::uint16_t{100}).first->second++;
    oracle_.exchanges.on_server_response(address_, endpoint, response.message_id);
    open_[{endpoint, response.message_id}] = true;
    stage_.after(stage_.between(1s, 40s), [this, endpoint, response] {
        repeat_response(endpoint, response.message_id, coap::serialize(response), 2s, 4);
    });
}

void ServerModel::repeat_response(queueing::EndpointIndex endpoint, std::uint16_t message_id,
                                  Bytes octets, Duration pause, int copies) {
    if (!open_.contains({endpoint, message_id})) return;
    if (!is_down) send_octets(endpoint, octets);
    if (copies == 0) {
        open_.erase({endpoint, message_id});
        return;
    }
    stage_.after(pause, [this, endpoint, message_id, octets = std::move(octets), pause, copies] {
        repeat_response(endpoint, message_id, octets, pause * 2, copies - 1);
    });
}

}  // namespace scef::simulation
