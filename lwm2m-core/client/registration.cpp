#include "lwm2m-core/client/registration.h"

#include <algorithm>
#include <utility>

#include "lwm2m-core/client/content_format.h"

namespace scef::client {
namespace {

using coap::Message;
namespace codes = coap::codes;
namespace options = coap::options;
using std::chrono::seconds;

constexpr std::int64_t lifetime_max = 100LL * 366 * 24 * 3600;
constexpr Duration pause_max = seconds(lifetime_max);
/// How long an Update waits that met an overloaded server, and up to a quarter more.
constexpr Duration overload_pause = seconds(30);

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
        case RegistrationState::registering:
            return "registering";
        case RegistrationState::registered:
            return "registered";
        case RegistrationState::updating:
            return "updating";
        case RegistrationState::deregistering:
            return "deregistering";
        case RegistrationState::disabled:
            return "disabled";
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

void Registration::plan_update(std::int64_t lifetime_seconds) {
    const Duration lifetime = seconds(std::clamp<std::int64_t>(lifetime_seconds, 1, lifetime_max));
    plan(Step::update, started_ + lifetime / 5 * 4);
}

void Registration::take_location(const Message& response) {
    location_.clear();
    for (const coap::Option& option : response.options) {
        if (option.number == options::location_path) location_.emplace_back(option.text());
    }
}

Registration::Verdict Registration::on_register_failed(const RetryPolicy& policy, Instant now) {
    constexpr std::int64_t doublings_max = 20;
    state_ = RegistrationState::idle;
    if (++attempts_ < policy.retry_count) {
        const auto factor = std::int64_t{1} << std::min(attempts_ - 1, doublings_max);
        plan(Step::register_, now + std::min(policy.retry_timer, pause_max / factor) * factor);
        return Verdict::none;
    }
    attempts_ = 0;
    plan(Step::register_, now + policy.sequence_delay);
    if (++sequences_ < policy.sequence_count) return Verdict::none;
    sequences_ = 0;
    return Verdict::exhausted;
}

Registration::Verdict Registration::on_update_settled(coap::Code code, const ServerAccount& account,
                                                      Turn& turn) {
    if (code == codes::changed) {
        state_ = RegistrationState::registered;
        plan_update(account.lifetime_seconds);
    } else if (code == codes::service_unavailable || code == codes::too_many_requests) {
        state_ = RegistrationState::registered;
        const auto spread =
            static_cast<double>(overload_pause.count()) * turn.random.fraction() / 4;
        plan(Step::update,
             turn.now + overload_pause + Duration(static_cast<Duration::rep>(spread)));
    } else {
        forget();  // 4.04, or the server stays silent: register anew (Core TS 6.2.2)
        plan(Step::register_, turn.now);
    }
    return Verdict::none;
}

Registration::Verdict Registration::on_settled(const Settled& settled, const ServerAccount& account,
                                               Turn& turn) {
    const coap::Code code = settled.response ? settled.response->code : codes::empty;
    switch (settled.outgoing.purpose) {
        case Purpose::register_:
            if (code != codes::created) return on_register_failed(account.retry, turn.now);
            take_location(*settled.response);
            reset_attempts();
            state_ = RegistrationState::registered;
            plan_update(account.lifetime_seconds);
            return Verdict::succeeded;
        case Purpose::update:
            return on_update_settled(code, account, turn);
        case Purpose::deregister: {
            const auto period = std::exchange(disable_for_, std::nullopt);
            forget();
            if (period) disable(*period, turn.now);
            return Verdict::none;
        }
        case Purpose::bootstrap_request:
        case Purpose::send:
        case Purpose::notification:
        case Purpose::download:
            return Verdict::none;
    }
    return Verdict::none;
}

void Registration::disable(Duration period, Instant now) {
    if (is_registered()) {
        disable_for_ = period;
        return plan(Step::deregister, now);
    }
    state_ = RegistrationState::disabled;
    reset_attempts();
    plan(Step::register_, now + period);
}

void Registration::forget() {
    state_ = RegistrationState::idle;
    location_.clear();
    disable_for_.reset();
    plan(Step::none, never);
}

}  // namespace scef::client
