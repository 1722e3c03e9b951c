#include "lwm2m-core/client/session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lwm2m-core/client/content_format.h"
#include "lwm2m-core/client/device_clock.h"
#include "lwm2m-core/client/discover.h"
#include "lwm2m-core/client/objects/definitions.h"
#include "lwm2m-core/coap/codec.h"

namespace scef::client {
namespace {

using coap::Message;
using Step = Registration::Step;
using Verdict = Registration::Verdict;
namespace codes = coap::codes;
namespace options = coap::options;

constexpr std::size_t waiting_max = 8;  ///< own messages behind the outstanding one
constexpr std::size_t stored_max = 64;  ///< notifications kept; the oldest leaves first

// Others that are critical are 4.02 (RFC 7252 5.4.1).
bool is_understood(const coap::Option& option) {
    using namespace coap::options;
    constexpr std::array known{uri_host, uri_port, uri_path, uri_query, accept, block1, block2};
    return !option.is_critical() || std::ranges::find(known, option.number) != known.end();
}

}  // namespace

std::optional<coap::Code> Session::refuse(Message& request) {
    coap::drop_bad_elective(request);
    if (const auto refused = coap::refuse_request(request)) return refused;
    const bool is_good = std::ranges::all_of(request.options, is_understood);
    return is_good ? std::nullopt : std::optional(codes::bad_option);
}

Message Session::response_to(const Message& request, Outcome& outcome, Turn& turn) {
    Message response = coap::make_response(request, outcome.code);
    if (outcome.content) {
        observe(request, outcome, response, turn);
        response.add_uint(options::content_format, outcome.content->format);
        response.payload = std::move(outcome.content->payload);
        cut_to_block(response, &request);
    }
    if (outcome.created && outcome.code == codes::created) {
        for (std::size_t level = 0; level < outcome.created->depth(); ++level) {
            response.add_text(options::location_path, std::to_string(outcome.created->id(level)));
        }
    }
    return response;
}

void Session::observe(const Message& request, Outcome& outcome, Message& response, Turn& turn) {
    const auto wish = request.uint_option(options::observe);
    if (!wish || outcome.observable.empty()) return;
    if (*wish == 1) {
        notifier_.cancel(request.token);
    } else if (*wish == 0) {
        const auto sequence = notifier_.observe(request, outcome.observable, turn.now);
        if (sequence) response.add_uint(options::observe, *sequence);
    }
}

const SendContent& default_send_content() {
    static const SendContent content{
        {Path(ids::temperature, 0, 5700), Path(ids::temperature, 1, 5700), Path(ids::device, 0, 9)},
        formats::senml_json};
    return content;
}

Session::Session(ObjectModel& model, const AccessControl& access, const ClientSettings& settings)
    : model_(model),
      settings_(settings),
      operations_(model, attributes_, access),
      notifier_(model, attributes_, operations_, settings.confirmable_notifications),
      registration_(settings.endpoint, settings.queue_mode),
      messages_(settings.transmission) {}

void Session::bind(std::optional<std::uint16_t> server_instance) {
    server_instance_ = server_instance;
    notifier_.set_server_instance(server_instance.value_or(0));
    operations_.set_short_server_id(account().short_server_id);
}

ServerAccount Session::account() const {
    const auto account =
        server_instance_ ? server_account(model_, *server_instance_) : std::nullopt;
    return account.value_or(ServerAccount{});
}

void Session::take_step(Turn& turn) {
    const bool was_registered = registration_.is_registered();
    const std::int64_t lifetime = account().lifetime_seconds;
    switch (registration_.take_due(turn.now)) {
        case Step::none:
            return;
        case Step::register_:
            notifier_.clear();  // Core TS 6.2.1: a registration starts without observations
            announced_lifetime_ = lifetime;
            links_changed_ = false;
            return messages_.push(
                Purpose::register_,
                registration_.register_request(lifetime, registration_links(model_)), turn);
        case Step::update: {
            const bool same = announced_lifetime_ == lifetime;
            const std::string links = links_changed_ ? registration_links(model_) : std::string();
            announced_lifetime_ = lifetime;
            links_changed_ = false;
            return messages_.push(
                Purpose::update,
                registration_.update_request(same ? std::nullopt : std::optional(lifetime), links),
                turn);
        }
        case Step::deregister:
            if (!account().notification_storing) notifier_.clear();
            if (!was_registered) return registration_.forget();
            return messages_.push(Purpose::deregister, registration_.deregister_request(), turn);
    }
}

void Session::flush_stored(Turn& turn) {
    for (Message& message : std::exchange(stored_, {})) {
        const coap::Token token = message.token;
        notifier_.on_sent(token, messages_.notify(std::move(message), turn));
        ++counters_.notifications_sent;
    }
}

void Session::notify(bool is_offline, Turn& turn) {
    const bool is_reachable = !is_offline && !is_disabled();
    if (may_flush(is_offline)) flush_stored(turn);
    if (notifier_.due() > turn.now) return;
    const bool is_storing = account().notification_storing;
    for (Message& message : notifier_.take_due(turn.now)) {
        if (!is_reachable && !is_storing) {
            ++counters_.notifications_discarded;
            continue;
        }
        if (!is_reachable) {
            ++counters_.notifications_stored;
            if (stored_.size() >= stored_max) stored_.erase(stored_.begin());
            stored_.push_back(std::move(message));
            continue;
        }
        const coap::Token token = message.token;
        notifier_.on_sent(token, messages_.notify(std::move(message), turn));
        ++counters_.notifications_sent;
    }
}

void Session::count(const Settled& settled) {
    const coap::Code code = settled.response ? settled.response->code : codes::empty;
    const Purpose purpose = settled.outgoing.purpose;
    if (purpose == Purpose::notification) return;
    if (code == codes::created) ++counters_.registrations;
    if (code == codes::changed && purpose == Purpose::update) ++counters_.updates;
    if (code == codes::changed && purpose == Purpose::send) ++counters_.sends;
    if (code.code_class() != 2) ++counters_.failures;
}

Verdict Session::on_settled(const Settled& settled, Turn& turn) {
    count(settled);
    const Purpose purpose = settled.outgoing.purpose;
    if (purpose == Purpose::notification) {
        if (!settled.response) notifier_.cancel(settled.outgoing.message.token);
        return Verdict::none;
    }
    const Verdict verdict = registration_.on_settled(settled, account(), turn);
    if (purpose == Purpose::update && !registration_.is_registered()) notifier_.clear();
    if (purpose == Purpose::deregister && !is_disabled()) {
        notifier_.clear();
        stored_.clear();
    }
    if (purpose == Purpose::update || purpose == Purpose::register_) {
        const bool stale =
            announced_lifetime_ && *announced_lifetime_ != account().lifetime_seconds;
        if (registration_.is_registered() && (stale || links_changed_)) {
            registration_.plan(Step::update, turn.now);
        }
    }
    plan_sends(turn);
    return verdict;
}

void Session::plan_sends(Turn& turn) {
    const bool sends = registration_.is_registered() && settings_.send_interval > Duration{};
    if (!sends) send_due_ = never;
    if (sends && send_due_ == never) send_due_ = turn.now + settings_.send_interval;
}

void Session::send_if_due(Turn& turn) {
    if (turn.now < send_due_) return;
    if (!account().mute_send && messages_.waiting() < waiting_max) {
        (void)push_send(default_send_content(), turn);
    }
    send_due_ = turn.now + settings_.send_interval;
}

void Session::plan_update(Turn& turn) {
    if (registration_.is_registered()) {
        registration_.plan(Step::update, turn.now);
    } else if (registration_.state() == RegistrationState::idle) {
        registration_.plan(Step::register_, turn.now);
    }
}

void Session::on_links_changed(Turn& turn) {
    links_changed_ = true;
    if (registration_.is_registered()) registration_.plan(Step::update, turn.now);
}

Status Session::send(const SendContent& content, Turn& turn) {
    if (!registration_.is_registered()) return fail(Errc::conflict, "the device is not registered");
    if (account().mute_send) {
        return fail(Errc::conflict, "the server has muted Send (/1/x/23 is true or absent)");
    }
    if (messages_.waiting() >= waiting_max) {
        return fail(Errc::queue_full, "too many messages of the device wait for the server");
    }
    if (push_send(content, turn)) return {};
    return fail(Errc::not_found, "the device has nothing readable at these paths");
}

bool Session::push_send(const SendContent& content, Turn& turn) {
    Records records;
    for (const Path& path : content.paths) {
        const auto read = operations_.readable(path);
        if (read) records.insert(records.end(), read->begin(), read->end());
    }
    if (records.empty()) return false;
    Message message;
    message.code = codes::post;
    message.add_text(options::uri_path, "dp");
    message.add_uint(options::content_format, content.format);
    message.payload = to_senml(content.format, records, Path{}, unix_seconds(turn.wall));
    messages_.push(Purpose::send, std::move(message), turn);
    return true;
}

void Session::forget() {
    registration_.forget();
    registration_.reset_attempts();
    messages_.clear();
    notifier_.clear();
    stored_.clear();
    blocks_ = RequestBlocks{};
    send_due_ = never;
}

Instant Session::notification_due(bool is_offline) const {
    return may_flush(is_offline) ? Instant::min() : notifier_.due();
}

}  // namespace scef::client
