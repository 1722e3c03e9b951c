#include "lwm2m-core/client/registration.h"

#include <algorithm>

#include "lwm2m-core/client/content_format.h"

namespace scef::client {
namespace {

using coap::Message;
namespace codes = coap::codes;
namespace options = coap::options;
using std::chrono::seconds;

Message request(coap::Code code, std::initializer_list<std::string_view> path) {
    Message message;
    message.type = coap::Type::confirmable;
    message.code = code;
    for (const std::string_view segment : path) message.add_text(options::uri_path, segment);
    return message;
}

void add_query(Message& message, std::string_view name, std::string_view value) {
    message.add_text(options::uri_query, std::string(name) + '=' + std::string(value));
}

void add_links(Message& message, std::string_view links) {
    message.add_uint(options::content_format, formats::link);
    message.payload = to_bytes(links);
}

}  // namespace

std::string_view name_of(RegistrationState state) {
    switch (state) {
        case RegistrationState::idle:
            return "idle";
        case RegistrationState::bootstrapping:
            return "bootstrapping";
        case RegistrationState::registering:
            return "registering";
        case RegistrationState::registered:
            return "registered";
        case RegistrationState::updating:
            return "updating";
        case RegistrationState::deregistering:
            return "deregistering";
    }
    return "idle";
}

std::string Registration::location_text() const {
    std::string text;
    for (const std::string& segment : location_) text += '/' + segment;
    return text;
}

void Registration::plan(Step step, Instant at) {
    planned_ = step;
    due_ = at;
}

Registration::Step Registration::take_due(Instant now) {
    if (now < due_) return Step::none;
    const Step step = planned_;
    plan(Step::none, never);
    started_ = now;
    switch (step) {
        case Step::bootstrap:
            state_ = RegistrationState::bootstrapping;
            break;
        case Step::register_:
            state_ = RegistrationState::registering;
            break;
        case Step::update:
            state_ = RegistrationState::updating;
            break;
        case Step::deregister:
            state_ = RegistrationState::deregistering;
            break;
        case Step::none:
            break;
    }
    return step;
}

Message Registration::bootstrap_request() const {
    Message message = request(codes::post, {"bs"});
    add_query(message, "ep", endpoint_);
    add_query(message, "pct", "11542");
    return message;
}

Message Registration::register_request(std::int64_t lifetime_seconds,
                                       std::string_view links) const {
    Message message = request(codes::post, {"rd"});
    add_query(message, "ep", endpoint_);
    add_query(message, "lt", std::to_string(lifetime_seconds));
    add_query(message, "lwm2m", "1.1");
    add_query(message, "b", "N");
    if (queue_mode_) message.add_text(options::uri_query, "Q");
    add_links(message, links);
    return message;
}

Message Registration::update_request(std::optional<std::int64_t> lifetime_seconds,
                                     std::string_view links) const {
    Message message = request(codes::post, {});
    for (const std::string& segment : location_) message.add_text(options::uri_path, segment);
    if (lifetime_seconds) add_query(message, "lt", std::to_string(*lifetime_seconds));
    if (!links.empty()) add_links(message, links);
    return message;
}

Message Registration::deregister_request() const {
    Message message = request(codes::del, {});
    for (const std::string& segment : location_) message.add_text(options::uri_path, segment);
    return message;
}

void Registration::retry(Step step, Turn& turn) {
    constexpr Duration pause_min = seconds(30), pause_max = std::chrono::minutes(10);
    const Duration pause = std::min(pause_max, pause_min * (1U << std::min(failures_, 5U)));
    ++failures_;
    const auto jitter = static_cast<double>(pause.count()) * 0.25 * turn.random.fraction();
    plan(step, turn.now + pause + Duration(static_cast<Duration::rep>(jitter)));
}

void Registration::plan_update(std::int64_t lifetime_seconds) {
    const Duration lifetime = seconds(std::max<std::int64_t>(lifetime_seconds, 1));
    plan(Step::update, started_ + lifetime / 5 * 4);
}

void Registration::on_register_answer(const Message& response, std::int64_t lifetime_seconds) {
    location_.clear();
    for (const coap::Option& option : response.options) {
        if (option.number == options::location_path) location_.emplace_back(option.text());
    }
    failures_ = 0;
    state_ = RegistrationState::registered;
    plan_update(lifetime_seconds);
}

void Registration::on_settled(const Settled& settled, std::int64_t lifetime_seconds, Turn& turn) {
    const coap::Code code = settled.response ? settled.response->code : codes::empty;
    switch (settled.outgoing.purpose) {
        case Purpose::bootstrap_request:
            if (code == codes::changed) {
                plan(Step::bootstrap, turn.now + coap::exchange_lifetime);  // unless it finishes
            } else {
                state_ = RegistrationState::idle;
                retry(Step::bootstrap, turn);
            }
            return;
        case Purpose::register_:
            if (code == codes::created)
                return on_register_answer(*settled.response, lifetime_seconds);
            state_ = RegistrationState::idle;
            return retry(Step::register_, turn);
        case Purpose::update:
            if (code == codes::changed) {
                state_ = RegistrationState::registered;
                failures_ = 0;
                return plan_update(lifetime_seconds);
            }
            if (code == codes::service_unavailable || code == codes::too_many_requests) {
                state_ = RegistrationState::registered;
                return retry(Step::update, turn);
            }
            forget();  // 4.04, or the server stays silent: register anew (Core TS 6.2.2)
            return plan(Step::register_, turn.now);
        case Purpose::deregister:
            return forget();
        case Purpose::send:
        case Purpose::notification:
            return;
    }
}

void Registration::forget() {
    state_ = RegistrationState::idle;
    location_.clear();
    plan(Step::none, never);
}

}  // namespace scef::client
