#include "lwm2m-core/client/client.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lwm2m-core/client/discover.h"
#include "lwm2m-core/coap/codec.h"

namespace scef::client {
namespace {

using coap::Message;
using coap::Type;
using Step = Registration::Step;
namespace codes = coap::codes;
namespace options = coap::options;

constexpr std::size_t waiting_max = 8;  ///< own messages behind the outstanding one

coap::Token new_token(Random& random) {
    const std::uint64_t number = random.next();
    const auto octet = [&](unsigned i) { return static_cast<std::uint8_t>(number >> (8 * i)); };
    return {octet(0), octet(1), octet(2), octet(3)};
}

// Others that are critical are 4.02 (RFC 7252 5.4.1).
bool is_understood(const coap::Option& option) {
    using namespace coap::options;
    constexpr std::array known{uri_host, uri_port, uri_path, uri_query, accept, block1, block2};
    return !option.is_critical() || std::ranges::find(known, option.number) != known.end();
}

}  // namespace

Client::Client(ClientSettings settings)
    : settings_(std::move(settings)),
      operations_(model_, attributes_),
      notifier_(model_, attributes_, operations_, settings_.confirmable_notifications),
      registration_(settings_.endpoint, settings_.queue_mode),
      queue_(settings_.transmission) {
    if (settings_.bootstrap) {
        add_security_object(model_);
        add_empty_server_object(model_);
    } else {
        add_server_object(model_, settings_.lifetime.count());
    }
    add_device_object(model_, settings_.description);
    add_temperature_object(model_);
}

std::int64_t Client::lifetime_seconds() const {
    const Object* const servers = model_.object(ids::server);
    if (servers->instances.empty()) return settings_.lifetime.count();
    const Value* const value = servers->instances.front().resource(1)->value();
    return value == nullptr ? settings_.lifetime.count() : std::get<std::int64_t>(*value);
}

void Client::start(Turn& turn) {
    registration_.plan(settings_.bootstrap ? Step::bootstrap : Step::register_, turn.now);
    after(turn);
}

void Client::on_frame(ByteView frame, Turn& turn) {
    if (!coap::looks_like_coap(frame)) return;
    auto parsed = coap::parse(frame);
    if (!parsed) {
        if (parsed.error().rejection == coap::Rejection::reset) {
            frames_.push_back(coap::serialize(coap::make_reset(parsed.error().message_id)));
        }
        return;
    }
    refresh_clock(model_, turn.wall, clock_offset_);
    if (parsed->code.is_empty()) {
        on_empty(*parsed, turn);
    } else if (parsed->code.is_response()) {
        on_response(*parsed, turn);
    } else if (parsed->type == Type::confirmable || parsed->type == Type::non_confirmable) {
        on_request(std::move(*parsed), turn);
    }
    after(turn);
}

void Client::on_time(Turn& turn) {
    refresh_clock(model_, turn.wall, clock_offset_);
    if (const auto settled = queue_.on_time(turn, frames_)) on_settled(*settled, turn);
    if (turn.now >= send_due_) {
        if (queue_.waiting() < waiting_max) push_send(turn);
        send_due_ = turn.now + settings_.send_interval;
    }
    after(turn);
}

// What every turn ends with: the registration's next step, due notifications, the next confirmable.
void Client::after(Turn& turn) {
    take_step(turn);
    notify(turn);
    queue_.pump(turn, frames_);
}

void Client::on_empty(const Message& message, Turn& turn) {
    if (message.type == Type::confirmable) {  // a CoAP ping
        frames_.push_back(coap::serialize(coap::make_reset(message.message_id)));
        return;
    }
    if (message.type == Type::reset) notifier_.cancel_by_message_id(message.message_id);
    if (const auto settled = queue_.on_message(message, turn.now)) on_settled(*settled, turn);
}

void Client::on_response(const Message& message, Turn& turn) {
    if (message.type == Type::reset) return;
    const bool confirmable = message.type == Type::confirmable;
    if (confirmable) {
        if (const Bytes* const known = duplicates_.find(message.message_id, turn.now)) {
            ++counters_.duplicates_suppressed;
            frames_.push_back(*known);
            return;
        }
    }
    const auto settled = queue_.on_message(message, turn.now);
    if (confirmable) {
        Bytes reply = coap::serialize(settled ? coap::make_ack(message.message_id)
                                              : coap::make_reset(message.message_id));
        frames_.push_back(reply);
        duplicates_.remember(message.message_id, std::move(reply), turn.now);
    }
    if (settled) on_settled(*settled, turn);
}

void Client::on_request(Message request, Turn& turn) {
    const std::uint16_t message_id = request.message_id;
    if (const Bytes* const known = duplicates_.find(message_id, turn.now)) {
        ++counters_.duplicates_suppressed;
        if (!known->empty()) frames_.push_back(*known);
        return;
    }
    ++counters_.requests_handled;
    Message response = answer(request, turn);
    if (response.type != Type::acknowledgement) response.message_id = take_message_id(turn);
    Bytes frame = coap::serialize(response);
    frames_.push_back(frame);
    const bool repeats = request.type == Type::confirmable;
    duplicates_.remember(message_id, repeats ? std::move(frame) : Bytes{}, turn.now);
}

Message Client::answer(Message& request, Turn& turn) {
    coap::drop_bad_elective(request);
    if (const auto refused = coap::refuse_request(request)) {
        return coap::make_response(request, *refused);
    }
    if (!std::all_of(request.options.begin(), request.options.end(), is_understood)) {
        return coap::make_response(request, codes::bad_option);
    }
    const coap::Option* const block1 = request.find(options::block1);
    const Bytes block1_value = block1 == nullptr ? Bytes{} : block1->value;
    const bool in_blocks = block1 != nullptr;
    Message response;
    if (const auto partial = blocks_.take(request)) {
        response = coap::make_response(request, *partial);
    } else {
        Outcome outcome = operations_.handle(request);
        response = answer_of(request, outcome, turn);
        on_outcome(outcome, turn);
    }
    if (in_blocks) response.add(options::block1, block1_value);
    return response;
}

Message Client::answer_of(const Message& request, Outcome& outcome, Turn& turn) {
    Message response = coap::make_response(request, outcome.code);
    if (outcome.content) {
        observe(request, outcome, response, turn);
        response.add_uint(options::content_format, outcome.content->format);
        response.payload = std::move(outcome.content->payload);
        cut_to_block(response, &request);
    }
    if (outcome.created) {
        for (std::size_t level = 0; level < outcome.created->depth(); ++level) {
            response.add_text(options::location_path, std::to_string(outcome.created->id(level)));
        }
    }
    return response;
}

void Client::observe(const Message& request, Outcome& outcome, Message& response, Turn& turn) {
    const auto wish = request.uint_option(options::observe);
    if (!wish || outcome.observable.empty()) return;
    if (*wish == 1) {
        notifier_.cancel(request.token);
    } else if (*wish == 0) {
        const auto sequence = notifier_.observe(request, outcome.observable, turn.now);
        if (sequence) response.add_uint(options::observe, *sequence);
    }
}

void Client::on_outcome(const Outcome& outcome, Turn& turn) {
    for (const Path& path : outcome.changed) on_changed(path, turn);
    for (const Path& path : outcome.removed) notifier_.remove_below(path);
    if (outcome.created) {
        complete_temperature(model_, *outcome.created);
        on_changed(*outcome.created, turn);
    }
    if (outcome.created || !outcome.removed.empty()) {
        links_changed_ = true;
        if (registration_.is_registered()) registration_.plan(Step::update, turn.now);
    }
    if (outcome.executed) on_executed(*outcome.executed, turn);
    if (outcome.bootstrap_finished) {
        operations_.set_bootstrapping(false);
        registration_.plan(Step::register_, turn.now);
    }
}

void Client::on_changed(const Path& path, Turn& turn) {
    if (path == Path(ids::device, 0, 13)) {
        const std::int64_t set = std::get<std::int64_t>(*model_.peek(path));
        clock_offset_ = std::chrono::seconds(set - unix_seconds(turn.wall));
    }
    const bool is_lifetime = path == Path(ids::server, 0, 1);
    if (is_lifetime && registration_.is_registered()) registration_.plan(Step::update, turn.now);
    for (const Path& moved : track_extremes(model_, path)) notifier_.on_changed(moved);
    notifier_.on_changed(path);
}

void Client::on_executed(const Path& path, Turn& turn) {
    ++counters_.executed[path.text()];
    if (path == Path(ids::device, 0, 4)) return reboot(turn);
    if (path == Path(ids::device, 0, 12)) return notifier_.on_changed(Path(ids::device, 0, 11));
    if (path.object() == ids::server && path.resource() == 8) return plan_update(turn);
    for (const Path& moved : reset_extremes(model_, path.prefix(2))) notifier_.on_changed(moved);
}

void Client::reboot(Turn& turn) {
    registration_.forget();
    queue_.clear();
    notifier_.clear();
    blocks_ = RequestBlocks{};
    send_due_ = never;
    registration_.plan(Step::register_, turn.now + settings_.reboot_time);
}

void Client::count(const Settled& settled) {
    const coap::Code code = settled.response ? settled.response->code : codes::empty;
    if (settled.outgoing.purpose == Purpose::notification) return;
    if (code == codes::created) ++counters_.registrations;
    if (code == codes::changed && settled.outgoing.purpose == Purpose::update) ++counters_.updates;
    if (code == codes::changed && settled.outgoing.purpose == Purpose::send) ++counters_.sends;
    if (code.code_class() != 2) ++counters_.failures;
}

void Client::on_settled(const Settled& settled, Turn& turn) {
    count(settled);
    const Purpose purpose = settled.outgoing.purpose;
    if (purpose == Purpose::notification) {
        if (!settled.response) notifier_.cancel(settled.outgoing.message.token);
        return;
    }
    registration_.on_settled(settled, lifetime_seconds(), turn);
    if (purpose == Purpose::update && !registration_.is_registered()) notifier_.clear();
    if (purpose == Purpose::update || purpose == Purpose::register_) {
        const bool stale = announced_lifetime_ && *announced_lifetime_ != lifetime_seconds();
        if (registration_.is_registered() && (stale || links_changed_)) {
            registration_.plan(Step::update, turn.now);
        }
    }
    const bool sends = registration_.is_registered() && settings_.send_interval > Duration{};
    if (!sends) send_due_ = never;
    if (sends && send_due_ == never) send_due_ = turn.now + settings_.send_interval;
}

void Client::take_step(Turn& turn) {
    const bool was_registered = registration_.is_registered();
    switch (registration_.take_due(turn.now)) {
        case Step::none:
            return;
        case Step::bootstrap:
            operations_.set_bootstrapping(true);
            return push(Purpose::bootstrap_request, registration_.bootstrap_request(), turn);
        case Step::register_:
            operations_.set_bootstrapping(false);
            notifier_.clear();  // Core TS 6.2.1: a registration starts without observations
            announced_lifetime_ = lifetime_seconds();
            links_changed_ = false;
            return push(
                Purpose::register_,
                registration_.register_request(lifetime_seconds(), registration_links(model_)),
                turn);
        case Step::update: {
            const bool same = announced_lifetime_ == lifetime_seconds();
            const auto lifetime = same ? std::nullopt : std::optional(lifetime_seconds());
            const std::string links = links_changed_ ? registration_links(model_) : std::string();
            announced_lifetime_ = lifetime_seconds();
            links_changed_ = false;
            return push(Purpose::update, registration_.update_request(lifetime, links), turn);
        }
        case Step::deregister:
            notifier_.clear();
            if (!was_registered) return registration_.forget();
            return push(Purpose::deregister, registration_.deregister_request(), turn);
    }
}

void Client::notify(Turn& turn) {
    if (asleep_ || notifier_.due() > turn.now) return;
    for (Message& message : notifier_.take_due(turn.now)) {
        const coap::Token token = message.token;
        message.message_id = take_message_id(turn);
        notifier_.on_sent(token, message.message_id);
        ++counters_.notifications_sent;
        if (message.type == Type::confirmable) {
            queue_.push({Purpose::notification, std::move(message)});
        } else {
            frames_.push_back(coap::serialize(message));
        }
    }
}

void Client::push(Purpose purpose, Message message, Turn& turn) {
    message.message_id = take_message_id(turn);
    message.token = new_token(turn.random);
    queue_.push({purpose, std::move(message)});
}

void Client::push_send(Turn& turn) {
    Records records;
    for (const Path& path : {Path(3303, 0, 5700), Path(3303, 1, 5700), Path(3, 0, 9)}) {
        const auto read = model_.read(path);
        if (read) records.insert(records.end(), read->begin(), read->end());
    }
    Message message;
    message.code = codes::post;
    message.add_text(options::uri_path, "dp");
    message.add_uint(options::content_format, formats::senml_json);
    message.payload = to_senml(formats::senml_json, records, Path{}, unix_seconds(turn.wall));
    push(Purpose::send, std::move(message), turn);
}

void Client::register_now(Turn& turn) {
    queue_.clear();
    start(turn);
}

// While a Register is under way there is nothing to update.
void Client::plan_update(Turn& turn) {
    if (registration_.is_registered()) {
        registration_.plan(Step::update, turn.now);
    } else if (registration_.state() == RegistrationState::idle) {
        registration_.plan(Step::register_, turn.now);
    }
}

void Client::update_now(Turn& turn) {
    plan_update(turn);
    after(turn);
}

Status Client::deregister_now(Turn& turn) {
    if (!registration_.is_registered()) return fail(Errc::conflict, "the device is not registered");
    registration_.plan(Step::deregister, turn.now);
    after(turn);
    return {};
}

Status Client::send_now(Turn& turn) {
    if (!registration_.is_registered()) return fail(Errc::conflict, "the device is not registered");
    if (queue_.waiting() >= waiting_max) {
        return fail(Errc::queue_full, "too many messages of the device wait for the server");
    }
    push_send(turn);
    after(turn);
    return {};
}

Status Client::set_value(const Path& path, const Value& value, Turn& turn) {
    const auto written = model_.set(path, value);
    if (!written && written.error() == codes::not_found) {
        return fail(Errc::not_found, "the device has no resource " + path.text());
    }
    if (!written) return fail(Errc::invalid_argument, "the value does not fit the resource's type");
    on_changed(path, turn);
    after(turn);
    return {};
}

Frames Client::take_frames() { return std::exchange(frames_, {}); }

Instant Client::due() const {
    const Instant notification = asleep_ ? never : notifier_.due();
    return std::min({queue_.due(), registration_.due(), send_due_, notification});
}

std::uint16_t Client::take_message_id(Turn& turn) {
    if (!next_message_id_) next_message_id_ = static_cast<std::uint16_t>(turn.random.next());
    const std::uint16_t id = *next_message_id_;
    next_message_id_ = static_cast<std::uint16_t>(id + 1);
    return id;
}

}  // namespace scef::client
