#include "simulators/lwm2m-server-simulator/exchanges.h"

#include <random>

#include "simulators/lwm2m-server-simulator/clock.h"
#include "simulators/lwm2m-server-simulator/payload.h"

namespace scef::lwm2m_server_simulator {
namespace {

using Effect = DeviceRequest::Effect;
using Outcome = DeviceAnswer::Outcome;

std::string random_token() {
    static std::random_device device;
    std::string token;
    for (int i = 0; i < 8; ++i) token.push_back(static_cast<char>(device() & 0xff));
    return token;
}

std::string location_of(const CoapMessage& response) {
    std::string location;
    for (const CoapOption& option : response.options) {
        if (option.number == coap::location_path)
            location += "/" + std::string(as_text(option.value));
    }
    return location;
}

}  // namespace

std::string Exchanges::token_for(const Device& device, const DeviceRequest& request) {
    if (request.effect != Effect::cancel) return random_token();
    for (const auto& [token, observation] : observations_) {
        if (observation.device.endpoint == device.endpoint &&
            observation.request.target == request.target) {
            return token;
        }
    }
    return {};
}

void Exchanges::start(const Device& device, DeviceRequest request, Done done) {
    const std::string token = token_for(device, request);
    if (token.empty() || exchanges_.contains(token)) {
        DeviceAnswer answer;
        answer.outcome = Outcome::not_observed;
        return done(std::move(answer));
    }
    if (request.effect == Effect::cancel) {
        // The same request but for the Observe option, or it is another cache key (RFC 7641 3.6).
        request.message = observations_.at(token).request.message;
        request.message.remove(coap::observe);
        request.message.add_uint(coap::observe, 1);
    }
    request.message.token = token;
    const Instant now = steady_now();
    Exchange exchange;
    exchange.device = device;
    exchange.transfer = BlockwiseTransfer(request.message);
    exchange.started = now;
    exchange.deadline = now + request.timeout;
    exchange.repeats_due = request.repeat_datagram;
    exchange.request = std::move(request);
    exchange.done = std::move(done);
    exchanges_.emplace(token, std::move(exchange));
    ++counters_.requests;
    send_next(token);
}

bool Exchanges::send_next(const std::string& token) {
    const auto entry = exchanges_.find(token);
    Exchange& exchange = entry->second;
    ++exchange.messages;
    const auto sent = send_(exchange.device.session, exchange.transfer.next_message());
    if (sent) {
        exchange.message_id = *sent;
        return true;
    }
    DeviceAnswer answer;
    answer.outcome = Outcome::not_sent;
    answer.payload = sent.error().message;
    finish(entry, std::move(answer));
    return false;
}

void Exchanges::finish(Table::iterator entry, DeviceAnswer answer) {
    const Exchange exchange = std::move(entry->second);
    exchanges_.erase(entry);
    answer.latency = steady_now() - exchange.started;
    answer.retransmissions =
        exchange.datagrams > exchange.messages ? exchange.datagrams - exchange.messages : 0;
    exchange.done(std::move(answer));
}

bool Exchanges::on_response(const std::string& peer, const CoapMessage& response) {
    const auto entry = exchanges_.find(response.token);
    const auto observed = observations_.find(response.token);
    const bool open = entry != exchanges_.end() && entry->second.device.peer == peer;
    // While a Cancel is under way a notification of the same token may still come in.
    const bool notification =
        observed != observations_.end() && response.find(coap::observe) != nullptr;
    if (open && !(notification && entry->second.request.effect == Effect::cancel)) {
        on_answer(entry, response);
        return true;
    }
    if (observed != observations_.end()) {
        on_notification(observed->second, response);
        if (!coap::is_success(response.code)) observations_.erase(response.token);
        return true;
    }
    ++counters_.unknown_responses;
    return false;
}

void Exchanges::on_answer(Table::iterator entry, CoapMessage response) {
    const std::string token = entry->first;
    const bool separate = response.type != coap::Type::ack;
    if (entry->second.messages == 1) settle_observation(token, entry->second, response);
    if (entry->second.transfer.advance(response)) {
        send_next(token);
        return;
    }
    ++counters_.responses;
    if (separate) ++counters_.separate_responses;
    DeviceAnswer answer;
    answer.code = response.code;
    answer.content_format = response.uint_option(coap::content_format);
    answer.payload =
        decode_payload(response.payload, answer.content_format, entry->second.request.target);
    answer.location = location_of(response);
    answer.separate = separate;
    finish(entry, std::move(answer));
}

void Exchanges::settle_observation(const std::string& token, const Exchange& exchange,
                                   const CoapMessage& response) {
    if (exchange.request.effect == Effect::cancel) observations_.erase(token);
    if (exchange.request.effect != Effect::observe || !coap::is_success(response.code) ||
        response.find(coap::observe) == nullptr) {
        return;
    }
    std::erase_if(observations_, [&exchange](const auto& entry) {
        return entry.second.device.endpoint == exchange.device.endpoint &&
               entry.second.request.target == exchange.request.target;
    });
    observations_.emplace(token, Observation{exchange.device, exchange.request});
}

/// A notification whose value takes several blocks is told when the rest was fetched (RFC 7959
/// 2.6).
void Exchanges::on_notification(const Observation& observation, CoapMessage notification) {
    ++counters_.notifications;
    DeviceRequest rest = observation.request;
    rest.effect = Effect::none;
    rest.message.token = random_token();
    BlockwiseTransfer transfer(rest.message);
    CoapMessage whole = notification;
    if (!transfer.advance(whole)) return tell_notification(observation, whole);

    Exchange exchange;
    exchange.device = observation.device;
    exchange.transfer = std::move(transfer);
    exchange.started = steady_now();
    exchange.deadline = exchange.started + rest.timeout;
    exchange.request = rest;
    exchange.done = [this, observation, notification](const DeviceAnswer& answer) {
        CoapMessage value = notification;
        if (answer.outcome != Outcome::answered) return;
        events_.add("NOTIFICATION", observation.device.endpoint,
                    {{"path", observation.request.target},
                     {"code", code_text(value.code)},
                     {"observe", value.uint_option(coap::observe).value_or(0)},
                     {"payload", answer.payload}});
    };
    exchanges_.emplace(rest.message.token, std::move(exchange));
    send_next(rest.message.token);
}

void Exchanges::tell_notification(const Observation& observation, const CoapMessage& notification) {
    const auto format = notification.uint_option(coap::content_format);
    nlohmann::json data{
        {"path", observation.request.target},
        {"code", code_text(notification.code)},
        {"payload", decode_payload(notification.payload, format, observation.request.target)},
        {"confirmable", notification.type == coap::Type::con}};
    if (format) data["contentFormat"] = *format;
    if (const auto number = notification.uint_option(coap::observe)) data["observe"] = *number;
    events_.add("NOTIFICATION", observation.device.endpoint, std::move(data));
}

void Exchanges::on_refused(const std::string& token, bool reset) {
    const auto entry = exchanges_.find(token);
    if (entry == exchanges_.end()) return;
    ++(reset ? counters_.resets : counters_.timeouts);
    DeviceAnswer answer;
    answer.outcome = reset ? Outcome::reset : Outcome::timeout;
    finish(entry, std::move(answer));
}

void Exchanges::on_empty_ack(const std::string& peer, std::uint16_t message_id) {
    for (auto& [token, exchange] : exchanges_) {
        if (exchange.message_id != message_id || exchange.device.peer != peer) continue;
        if (std::exchange(exchange.acknowledged, true)) return;
        events_.add("AWAITING_RESPONSE", exchange.device.endpoint,
                    {{"path", exchange.request.target},
                     {"messageId", message_id},
                     {"token", to_hex(as_bytes(token))}});
        return;
    }
}

unsigned Exchanges::on_request_sent(const std::string& token) {
    const auto entry = exchanges_.find(token);
    if (entry == exchanges_.end()) {
        ++counters_.retransmissions;  // of a request that is given up already
        return 0;
    }
    Exchange& exchange = entry->second;
    const unsigned repeats = std::exchange(exchange.repeats_due, 0);
    exchange.datagrams += 1 + repeats;
    const bool first_copy = exchange.datagrams - repeats == exchange.messages;
    counters_.retransmissions += repeats + (first_copy ? 0 : 1);
    return repeats;
}

void Exchanges::end_overdue(Instant now) {
    for (auto entry = exchanges_.begin(); entry != exchanges_.end();) {
        const auto current = entry++;
        if (current->second.deadline > now) continue;
        ++counters_.timeouts;
        DeviceAnswer answer;
        answer.outcome = Outcome::timeout;
        finish(current, std::move(answer));
    }
}

void Exchanges::forget_observations(const std::string& endpoint) {
    std::erase_if(observations_, [&endpoint](const auto& entry) {
        return entry.second.device.endpoint == endpoint;
    });
}

void Exchanges::stop() {
    while (!exchanges_.empty()) {
        DeviceAnswer answer;
        answer.outcome = Outcome::stopped;
        finish(exchanges_.begin(), std::move(answer));
    }
    observations_.clear();
}

}  // namespace scef::lwm2m_server_simulator
