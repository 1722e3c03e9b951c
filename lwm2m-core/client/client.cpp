#include "lwm2m-core/client/client.h"

#include <algorithm>
#include <utility>

#include "lwm2m-core/client/objects/definitions.h"
#include "lwm2m-core/client/objects/initial_values.h"

namespace scef::client {
namespace {

using coap::Message;
using Step = Registration::Step;
using Verdict = Registration::Verdict;
namespace codes = coap::codes;
namespace options = coap::options;

}  // namespace

Client::Client(ClientSettings settings)
    : settings_(std::move(settings)),
      access_(model_),
      bootstrap_operations_(model_),
      bootstrap_(model_, settings_.endpoint),
      objects_(model_, settings_),
      order_(sessions_) {
    add_initial_objects(model_, settings_);
    const std::size_t pipes = std::max<std::size_t>(settings_.servers, 1);
    for (std::size_t i = 0; i < pipes; ++i) {
        sessions_.push_back(std::make_unique<Session>(model_, access_, settings_));
        sessions_.back()->operations().set_write_guard(
            [this](const Records& records) { return objects_.refuse(records); });
    }
    bind_sessions();
}

/// The first accounts get the pipes, in the order of their instances.
void Client::bind_sessions() {
    std::size_t pipe = 0;
    for (const Instance& instance : model_.object(ids::server)->instances) {
        if (pipe == sessions_.size()) break;
        sessions_[pipe++]->bind(instance.id);
    }
    for (; pipe < sessions_.size(); ++pipe) sessions_[pipe]->bind(std::nullopt);
}

Session* Client::session_of(std::uint16_t server_instance) {
    for (const auto& session : sessions_) {
        if (session->is_bound() && session->server_instance() == server_instance) {
            return session.get();
        }
    }
    return nullptr;
}

bool Client::is_registered() const {
    const auto is_bound = [](const auto& session) { return session->is_bound(); };
    return std::any_of(sessions_.begin(), sessions_.end(), is_bound) &&
           std::all_of(sessions_.begin(), sessions_.end(), [](const auto& session) {
               return !session->is_bound() || session->registration().is_registered();
           });
}

bool Client::is_listening(Instant now) const {
    if (offline_) return false;
    const bool can_be_deaf = settings_.queue_mode && settings_.queue_awake > Duration{};
    const bool awaits_answer =
        std::any_of(sessions_.begin(), sessions_.end(),
                    [](const auto& session) { return !session->messages().is_idle(); });
    return !can_be_deaf || awaits_answer || !is_registered() ||
           now < last_frame_ + settings_.queue_awake;
}

void Client::start(Turn& turn) {
    restart_due_ = never;
    const bool has_server = sessions_.front()->is_bound();
    if (settings_.bootstrap == BootstrapUse::at_start &&
        (!has_server || bootstrap_.has_account())) {
        bootstrap_.start(turn.now);
    } else {
        order_.begin(turn.now);
    }
    after(turn);
}

void Client::on_verdict(Session& session, Verdict verdict, Turn& turn) {
    order_.on_verdict(session, verdict, turn.now);
    const bool may_bootstrap = bootstrap_.has_account() && session.account().bootstrap_on_failure;
    if (verdict == Verdict::exhausted && may_bootstrap) bootstrap_.start(turn.now);
}

void Client::on_frame(std::size_t pipe, ByteView frame, Turn& turn) {
    if (pipe >= sessions_.size() || !is_listening(turn.now)) return;
    Session& session = *sessions_[pipe];
    last_frame_ = turn.now;
    objects_.traffic().on_received(frame.size());
    tell_changed(objects_.refresh(turn), turn);
    auto incoming = session.messages().on_frame(frame, turn);
    if (incoming.reset_message) session.notifier().cancel_by_message_id(*incoming.reset_message);
    if (incoming.request) on_request(session, std::move(*incoming.request), turn);
    if (incoming.settled) on_settled(session, *incoming.settled, turn);
    after(turn);
}

void Client::on_time(Turn& turn) {
    tell_changed(objects_.refresh(turn), turn);
    bool restarts = false;
    tell_changed(objects_.on_time(turn.now, restarts), turn);
    if (restarts) restart(turn, settings_.reboot_time);
    if (offline_) return after(turn);
    if (turn.now >= restart_due_) start(turn);
    bootstrap_.purge_account(turn.now);
    for (const auto& session : sessions_) {
        if (const auto settled = session->messages().on_time(turn)) {
            on_settled(*session, *settled, turn);
        }
        if (!bootstrap_.holds_device()) session->send_if_due(turn);
    }
    after(turn);
}

// What every turn ends with: steps that are due, notifications, the next confirmable of each pipe.
void Client::after(Turn& turn) {
    if (!offline_ && bootstrap_.take_due(turn.now)) {
        sessions_.front()->messages().push(Purpose::bootstrap_request, bootstrap_.request(), turn);
    }
    const bool rests = offline_ || bootstrap_.holds_device();
    if (!rests) download(turn);
    for (const auto& session : sessions_) {
        if (!rests) session->take_step(turn);
        if (!asleep_ && !bootstrap_.holds_device()) session->notify(offline_, turn);
        if (!offline_) session->messages().pump(turn);
        if (session->messages().has_frames()) last_frame_ = turn.now;
    }
}

/// The next block of a firmware package, from the server that wrote its URI.
void Client::download(Turn& turn) {
    if (firmware_session_ == nullptr) return;
    if (auto request = objects_.firmware().take_request()) {
        firmware_session_->messages().push(Purpose::download, std::move(*request), turn);
    }
}

/// The bootstrap server speaks by the first pipe while it has the device. Before it has answered
/// the request it may already write, if no server could speak there.
bool Client::is_bootstrap_command(const Session& session) const {
    if (&session != sessions_.front().get() || !bootstrap_.is_active()) return false;
    return bootstrap_.state() != BootstrapState::planned || !session.registration().is_registered();
}

void Client::on_request(Session& session, Message request, Turn& turn) {
    ++session.counters().requests_handled;
    Message response = answer(session, request, turn);
    session.messages().answer(request, std::move(response), turn);
}

Message Client::answer(Session& session, Message& request, Turn& turn) {
    if (const auto refused = Session::refuse(request)) {
        return coap::make_response(request, *refused);
    }
    const coap::Option* const block1 = request.find(options::block1);
    const Bytes block1_value = block1 == nullptr ? Bytes{} : block1->value;
    const bool in_blocks = block1 != nullptr;
    Message response;
    if (const auto partial = take_block(session, request, turn)) {
        response = coap::make_response(request, *partial);
    } else {
        Outcome outcome = operate(session, request, turn);
        response = session.response_to(request, outcome, turn);
        on_outcome(session, outcome, turn);
    }
    if (in_blocks) response.add(options::block1, block1_value);
    return response;
}

/// A block of a request that is not whole yet. A firmware package may be larger than other requests
/// and shows its progress.
std::optional<coap::Code> Client::take_block(Session& session, Message& request, Turn& turn) {
    constexpr std::size_t payload_max = 16 * 1024;
    const bool is_package = request.path_text() == "/5/0/0";
    const auto code =
        session.blocks().take(request, is_package ? Firmware::package_bytes_max : payload_max);
    if (!is_package || !code) return code;
    Firmware& firmware = objects_.firmware();
    if (*code == codes::continue_) tell_changed(firmware.on_push_block(turn.now), turn);
    if (*code == codes::request_entity_too_large) tell_changed(firmware.on_push_too_large(), turn);
    return code;
}

/// Whose operation it is, and what the client itself has to say to it.
Outcome Client::operate(Session& session, const Message& request, Turn& turn) {
    if (is_bootstrap_command(session)) {
        bootstrap_.on_command(turn.now);
        Outcome outcome = bootstrap_operations_.handle(request);
        if (outcome.bootstrap_finished && !bootstrap_.is_consistent()) {
            return just(codes::not_acceptable);
        }
        return outcome;
    }
    Outcome outcome = session.operations().handle(request);
    const bool asks_bootstrap = outcome.executed && outcome.executed->object() == ids::server &&
                                outcome.executed->resource() == server_ids::bootstrap_trigger;
    const bool is_possible = !outcome.executed || objects_.may_execute(*outcome.executed);
    if ((asks_bootstrap && !bootstrap_.has_account()) || !is_possible) {
        return just(codes::method_not_allowed);
    }
    return outcome;
}

void Client::on_settled(Session& session, const Settled& settled, Turn& turn) {
    if (settled.outgoing.purpose == Purpose::bootstrap_request) {
        if (!settled.response || settled.response->code.code_class() != 2) {
            ++session.counters().failures;
        }
        return bootstrap_.on_settled(settled, turn);
    }
    if (settled.outgoing.purpose == Purpose::download) {
        return tell_changed(objects_.firmware().on_block(settled.response), turn);
    }
    on_verdict(session, session.on_settled(settled, turn), turn);
}

void Client::on_outcome(Session& session, const Outcome& outcome, Turn& turn) {
    for (const Path& path : outcome.changed) {
        if (path.object() == ids::firmware_update) firmware_session_ = &session;
        on_changed(path, turn);
    }
    for (const Path& path : outcome.removed) {
        access_.on_removed(path);
        for (const auto& each : sessions_) {
            each->notifier().remove_below(path);
            each->attributes().remove_below(path);
        }
    }
    const bool by_bootstrap_server = is_bootstrap_command(session);
    if (outcome.created && !by_bootstrap_server) {
        access_.on_created(*outcome.created, session.account().short_server_id);
        on_changed(*outcome.created, turn);
    }
    if (!by_bootstrap_server && (outcome.created || !outcome.removed.empty())) {
        for (const auto& each : sessions_) each->on_links_changed(turn);
    }
    if (outcome.executed) on_executed(session, outcome, turn);
    if (outcome.bootstrap_finished) on_bootstrap_finished(turn);
}

void Client::on_bootstrap_finished(Turn& turn) {
    bootstrap_.on_finished(turn);
    bind_sessions();
    order_.begin(turn.now);
}

void Client::tell_changed(const std::vector<Path>& paths, Turn& turn) {
    for (const Path& path : paths) {
        for (const auto& session : sessions_) session->notifier().on_changed(path, turn.now);
    }
}

void Client::on_changed(const Path& path, Turn& turn) {
    const bool is_account = path.object() == ids::server;
    const bool is_lifetime = is_account && path.resource() == server_ids::lifetime;
    Session* const account = is_lifetime ? session_of(path.instance()) : nullptr;
    if (account != nullptr && account->registration().is_registered()) account->plan_update(turn);
    tell_changed(objects_.on_changed(path, turn.wall), turn);
    tell_changed({path}, turn);
}

void Client::on_executed(Session& session, const Outcome& outcome, Turn& turn) {
    const Path path = *outcome.executed;
    ++session.counters().executed[path.text()];
    session.counters().arguments[path.text()] = execute_arguments_text(outcome.arguments);
    if (path == Path(ids::device, 0, 4)) return restart(turn, settings_.reboot_time);
    if (path == Path(ids::device, 0, 5)) {
        restart(turn, settings_.reboot_time);
        objects_.reset();
        for (const auto& each : sessions_) each->attributes().clear();
        return bind_sessions();
    }
    if (path.object() == ids::server) return on_server_executed(path, turn);
    tell_changed(objects_.on_executed(path, turn.now), turn);
}

void Client::on_server_executed(const Path& path, Turn& turn) {
    Session* const account = session_of(path.instance());
    if (path.resource() == server_ids::bootstrap_trigger) return bootstrap_.start(turn.now);
    if (account == nullptr) return;
    if (path.resource() == server_ids::update_trigger) account->plan_update(turn);
    if (path.resource() == server_ids::disable) {
        account->registration().disable(account->account().disable_timeout, turn.now);
    }
}

/// Everything but the objects is lost, then it begins anew.
void Client::restart(Turn& turn, Duration pause) {
    for (const auto& session : sessions_) session->forget();
    objects_.on_restart();
    bootstrap_.cancel();
    order_.clear();
    restart_due_ = turn.now + pause;
}

void Client::set_offline(bool offline, Turn& turn) {
    offline_ = offline;
    if (!offline) on_time(turn);
}

void Client::register_now(Turn& turn) {
    for (const auto& session : sessions_) session->messages().clear();
    bootstrap_.cancel();
    start(turn);
}

void Client::update_now(Turn& turn) {
    for (const auto& session : sessions_) {
        if (session->is_bound()) session->plan_update(turn);
    }
    after(turn);
}

Status Client::deregister_now(Turn& turn) {
    bool was_registered = false;
    for (const auto& session : sessions_) {
        if (!session->registration().is_registered()) continue;
        was_registered = true;
        session->registration().plan(Step::deregister, turn.now);
    }
    after(turn);
    if (was_registered) return {};
    return fail(Errc::conflict, "the device is not registered");
}

Status Client::send_now(const SendContent& content, Turn& turn) {
    Status refusal;
    bool is_sent = false;
    for (const auto& session : sessions_) {
        Status status = session->send(content, turn);
        is_sent = is_sent || status.has_value();
        if (!status && refusal) refusal = std::move(status);
    }
    after(turn);
    return is_sent ? Status{} : refusal;
}

Status Client::bootstrap_now(Turn& turn) {
    if (!bootstrap_.has_account()) {
        return fail(Errc::conflict, "the device has no account of a bootstrap server");
    }
    bootstrap_.start(turn.now);
    after(turn);
    return {};
}

Status Client::set_value(const Path& path, const Value& value, Turn& turn) {
    const Value* const known = model_.peek(path);
    const auto before = known == nullptr ? std::nullopt : std::optional(*known);
    const auto written = model_.set(path, value);
    if (!written && written.error() == codes::not_found) {
        return fail(Errc::not_found, "the device has no resource " + path.text());
    }
    if (!written) return fail(Errc::invalid_argument, "the value does not fit the resource's type");
    if (before != *model_.peek(path)) on_changed(path, turn);
    after(turn);
    return {};
}

std::vector<PipeFrame> Client::take_frames() {
    std::vector<PipeFrame> frames;
    for (std::size_t pipe = 0; pipe < sessions_.size(); ++pipe) {
        for (Bytes& frame : sessions_[pipe]->messages().take_frames()) {
            objects_.traffic().on_sent(frame.size());
            frames.push_back({pipe, std::move(frame)});
        }
    }
    return frames;
}

Instant Client::due() const {
    Instant due = objects_.due();
    const bool is_held = bootstrap_.holds_device();
    for (const auto& session : sessions_) {
        if (!asleep_ && !is_held) due = std::min(due, session->notification_due(offline_));
        if (offline_) continue;
        due = std::min(due, session->messages().due());
        if (!is_held) due = std::min({due, session->send_due(), session->step_due()});
    }
    return offline_ ? due : std::min({due, bootstrap_.due(), restart_due_});
}

}  // namespace scef::client
