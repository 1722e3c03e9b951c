#include "simulators/lwm2m-server-simulator/exchanges.h"

#include <random>

#include "simulators/lwm2m-server-simulator/clock.h"
#include "simulators/lwm2m-server-simulator/content_formats.h"
#include "simulators/lwm2m-server-simulator/payload.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;
using Effect = DeviceRequest::Effect;
using Outcome = DeviceAnswer::Outcome;

std::string random_token() {
    static std::random_device device;
    std::string token;
    for (int i = 0; i < 8; ++i) token.push_back(static_cast<char>(device() & 0xff));
    return token;
}

std::string location_of(const CoapMessage& response, const std::string& root) {
    std::string location;
    for (const CoapOption& option : response.options) {
        if (option.number == coap::location_path)
            location += "/" + std::string(as_text(option.value));
    }
    return !root.empty() && location.starts_with(root + "/") ? location.substr(root.size())
                                                             : location;
}

/// The client's objects may lie below a path of its own (Core TS 6.4.1).
void add_root(CoapMessage& message, const std::string& root) {
    CoapMessage prefix;
    add_path(prefix, root);
    message.options.insert(message.options.begin(), prefix.options.begin(), prefix.options.end());
}

DeviceAnswer ending(Outcome outcome) {
    DeviceAnswer answer;
    answer.outcome = outcome;
    return answer;
}

}  // namespace

bool Exchanges::cancel_by_reset(const Device& device, const DeviceRequest& request) {
    const std::string token = observations_.token_of(device.endpoint, request.target);
    if (token.empty() || exchanges_.contains(token)) return false;
    observations_.reset_next(token);
    return true;
}

void Exchanges::start(const Device& device, DeviceRequest request, Done done) {
    if (request.effect == Effect::cancel_by_reset) {
        const bool known = cancel_by_reset(device, request);
        return done(ending(known ? Outcome::reset_later : Outcome::not_observed));
    }
    const bool is_cancel = request.effect == Effect::cancel;
    const std::string token =
        is_cancel ? observations_.token_of(device.endpoint, request.target) : random_token();
    if (token.empty() || exchanges_.contains(token)) return done(ending(Outcome::not_observed));
    if (is_cancel) {
        // The same request but for the Observe option, or it is another cache key (RFC 7641 3.6).
        request.message = observations_.find(token)->request.message;
        request.message.remove(coap::observe);
        request.message.add_uint(coap::observe, 1);
    } else {
        add_root(request.message, device.root);
    }
    request.message.token = token;
    Exchange exchange;
    exchange.device = device;
    exchange.transfer = BlockwiseTransfer(request.message);
    exchange.started = steady_now();
    exchange.repeats_due = request.repeat_datagram;
    exchange.request = std::move(request);
    exchange.done = std::move(done);
    exchanges_.emplace(token, std::move(exchange));
    ++counters_.requests;
    send_next(token);
}

void Exchanges::send_next(const std::string& token) {
    const auto entry = exchanges_.find(token);
    Exchange& exchange = entry->second;
    ++exchange.messages;
    exchange.deadline = steady_now() + exchange.request.timeout;
    const auto sent = send_(exchange.device.session, exchange.transfer.next_message());
    if (sent) {
        exchange.message_id = *sent;
        return;
    }
    DeviceAnswer answer = ending(Outcome::not_sent);
    answer.payload = sent.error().message;
    finish(entry, std::move(answer));
}

void Exchanges::finish(Table::iterator entry, DeviceAnswer answer) {
    const Exchange exchange = std::move(entry->second);
    exchanges_.erase(entry);
    answer.latency = steady_now() - exchange.started;
    answer.retransmissions =
        exchange.datagrams > exchange.messages ? exchange.datagrams - exchange.messages : 0;
    tell_answer(exchange, answer);
    exchange.done(std::move(answer));
}

void Exchanges::tell_answer(const Exchange& exchange, const DeviceAnswer& answer) {
    if (exchange.request.operation.empty()) return;  // the rest of a notification
    const bool answered = answer.outcome == Outcome::answered;
    json data{{"operation", exchange.request.operation},
              {"path", exchange.request.target},
              {"code", answered ? json(code_text(answer.code)) : json()},
              {"latencyMs", std::chrono::duration<double, std::milli>(answer.latency).count()}};
    if (const char* const error = error_text(answer.outcome)) data["error"] = error;
    events_.add("RESPONSE", exchange.device.endpoint, std::move(data));
}

bool Exchanges::on_response(const std::string& peer, const CoapMessage& response) {
    const auto entry = exchanges_.find(response.token);
    Observation* const observed = observations_.find(response.token);
    const bool open = entry != exchanges_.end() && entry->second.device.peer == peer;
    // While a Cancel is under way a notification of the same token may still come in.
    const bool notification = observed != nullptr && response.find(coap::observe) != nullptr;
    if (open && !(notification && entry->second.request.effect == Effect::cancel)) {
        on_answer(entry, response);
        return true;
    }
    if (observed != nullptr) {
        listener_.on_heard(observed->device.endpoint);
        on_notification(*observed, response);
        if (!coap::is_success(response.code)) observations_.end(response.token, "refused");
        return true;
    }
    if (!observations_.take_reset(response.token)) ++counters_.unknown_responses;
    return false;
}

void Exchanges::on_answer(Table::iterator entry, CoapMessage response) {
    const std::string token = entry->first;
    Exchange& exchange = entry->second;
    const bool separate = response.type != coap::Type::ack;
    listener_.on_heard(exchange.device.endpoint);
    if (exchange.transfer.is_of_other_block(response)) return;
    exchange.waits = false;
    if (!std::exchange(exchange.settled, true)) settle_observation(token, exchange, response);
    const bool goes_on = exchange.transfer.advance(response);
    const std::size_t all = exchange.request.message.payload.size();
    if (exchange.request.on_progress && (goes_on || coap::is_success(response.code))) {
        exchange.request.on_progress(goes_on ? exchange.transfer.arrived() : all, all);
    }
    if (goes_on) return send_next(token);
    ++counters_.responses;
    if (separate) ++counters_.separate_responses;
    DeviceAnswer answer;
    answer.code = response.code;
    answer.content_format = response.uint_option(coap::content_format);
    answer.payload =
        decode_payload(response.payload, answer.content_format, exchange.request.target);
    answer.location = location_of(response, exchange.device.root);
    answer.separate = separate;
    finish(entry, std::move(answer));
}

void Exchanges::settle_observation(const std::string& token, const Exchange& exchange,
                                   const CoapMessage& response) {
    if (exchange.request.effect == Effect::cancel) observations_.end(token, "request");
    if (exchange.request.effect != Effect::observe || !coap::is_success(response.code) ||
        response.find(coap::observe) == nullptr) {
        return;
    }
    observations_.add(token, exchange.device, exchange.request);
}

/// A notification whose value takes several blocks is told when the rest was fetched (RFC 7959
/// 2.6).
void Exchanges::on_notification(Observation& observation, const CoapMessage& notification) {
    ++counters_.notifications;
    ++observation.notifications;
    DeviceRequest rest = observation.request;
    rest.effect = Effect::none;
    rest.operation.clear();
    rest.message.token = random_token();
    BlockwiseTransfer transfer(rest.message);
    CoapMessage whole = notification;
    if (transfer.advance(whole)) {
        return fetch_rest(observation, notification, std::move(transfer), std::move(rest));
    }
    const auto format = whole.uint_option(coap::content_format);
    tell_notification(observation, whole,
                      decode_payload(whole.payload, format, observation.request.target));
}

void Exchanges::fetch_rest(const Observation& observation, const CoapMessage& notification,
                           BlockwiseTransfer transfer, DeviceRequest request) {
    const std::string token = request.message.token;
    Exchange exchange;
    exchange.device = observation.device;
    exchange.transfer = std::move(transfer);
    exchange.started = steady_now();
    exchange.request = std::move(request);
    exchange.done = [this, observation, notification](const DeviceAnswer& answer) {
        if (answer.outcome == Outcome::answered) {
            tell_notification(observation, notification, answer.payload);
        }
    };
    exchanges_.emplace(token, std::move(exchange));
    send_next(token);
}

void Exchanges::tell_notification(const Observation& observation, const CoapMessage& notification,
                                  json payload) {
    const auto format = notification.uint_option(coap::content_format);
    const std::string& endpoint = observation.device.endpoint;
    const std::string path = observation.request.target;
    json data{{"path", path},
              {"code", code_text(notification.code)},
              {"payload", payload},
              {"confirmable", notification.type == coap::Type::con}};
    if (format) data["contentFormat"] = *format;
    if (format) data["format"] = content_format_name(*format);
    if (const auto number = notification.uint_option(coap::observe)) data["observe"] = *number;
    events_.add("NOTIFICATION", endpoint, std::move(data));
    if (coap::is_success(notification.code)) listener_.on_notified(endpoint, path, payload);
}

/// Ends it, or lets it wait for the client if the request has that patience.
void Exchanges::on_no_answer(Table::iterator entry) {
    Exchange& exchange = entry->second;
    const std::string endpoint = exchange.device.endpoint;
    if (exchange.request.patience > Duration::zero() && !exchange.waits) {
        exchange.waits = true;
        exchange.deadline = steady_now() + exchange.request.patience;
        events_.add("REQUEST_SUSPENDED", endpoint,
                    {{"operation", exchange.request.operation},
                     {"path", exchange.request.target},
                     {"arrivedBytes", exchange.transfer.arrived()}});
        return listener_.on_silent(endpoint);
    }
    ++counters_.timeouts;
    finish(entry, ending(Outcome::timeout));
    listener_.on_silent(endpoint);
}

void Exchanges::on_refused(const std::string& token, bool reset) {
    const auto entry = exchanges_.find(token);
    if (entry == exchanges_.end()) return;
    if (!reset) {
        if (!entry->second.waits) on_no_answer(entry);
        return;
    }
    listener_.on_heard(entry->second.device.endpoint);
    ++counters_.resets;
    finish(entry, ending(Outcome::reset));
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
    std::vector<std::string> overdue;  // what ends may start others
    for (const auto& [token, exchange] : exchanges_) {
        if (exchange.deadline <= now) overdue.push_back(token);
    }
    for (const std::string& token : overdue) {
        const auto entry = exchanges_.find(token);
        if (entry != exchanges_.end() && entry->second.deadline <= now) on_no_answer(entry);
    }
}

void Exchanges::resume(const Device& device) {
    observations_.move(device);
    std::vector<std::string> waiting;
    for (auto& [token, exchange] : exchanges_) {
        if (exchange.device.endpoint != device.endpoint || !exchange.waits) continue;
        exchange.device = device;
        exchange.waits = false;
        waiting.push_back(token);
    }
    for (const std::string& token : waiting) {
        events_.add("REQUEST_RESUMED", device.endpoint,
                    {{"operation", exchanges_.at(token).request.operation},
                     {"path", exchanges_.at(token).request.target}});
        send_next(token);
    }
}

void Exchanges::stop() {
    while (!exchanges_.empty()) finish(exchanges_.begin(), ending(Outcome::stopped));
    observations_.clear();
}

}  // namespace scef::lwm2m_server_simulator
