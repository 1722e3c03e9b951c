#include "scef-adapter/engine/replacement.h"

#include <algorithm>
#include <utility>

#include "nidd/types/t8_json.h"
#include "scef-adapter/engine/delivery_body.h"
#include "scef-adapter/engine/quota_gate.h"

namespace scef::adapter {

using inside::Purpose;
using nidd::T8Request;
using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Reason;

namespace {

constexpr Duration ask_again_pause = std::chrono::seconds(5);

/// Of octets that the older frame's charge does not cover.
std::uint64_t more_octets(const queueing::Message& newer, const queueing::Message& older) {
    const std::size_t now = newer.octets().size(), before = older.octets().size();
    return now > before ? now - before : 0;
}

}  // namespace

// ---- Who loses its place

bool Replacement::loses_place(const Message& older, const Message& newer,
                              bool takes_every_place) const {
    if (older.id == newer.id || older.is_reply()) return false;
    return takes_every_place ||
           (!newer.collapse_key.empty() && older.collapse_key == newer.collapse_key);
}

inside::Room Replacement::room(const Message& newer, bool takes_every_place) const {
    inside::Room room;
    if (!device_.activity) return room;
    for (const MessageId& id : device_.activity->messages) {
        const Message* older = engine_.message_at(id);
        if (older == nullptr || !older->queued_here ||
            !loses_place(*older, newer, takes_every_place)) {
            continue;
        }
        ++room.messages;
        room.octets += older->octets().size();
    }
    return room;
}

bool Replacement::withdraw(Message& message, Reason reason) {
    if (message.is_reply() || is_contested(message)) return false;
    if (message.device_leg == DeviceLeg::net_buffered) {
        engine_.cancel_buffered(device_, message, reason);
    } else if (message.queued_here) {
        engine_.cancel_waiting(device_, message, reason);
    } else {
        return false;
    }
    return true;
}

std::uint64_t Replacement::displace(Message& newer, bool takes_every_place) {
    if (!takes_every_place && newer.collapse_key.empty()) return 0;
    std::uint64_t displaced = 0;
    std::vector<Message*> buffered;
    const std::vector<MessageId> ids = device_.active().messages;
    for (const MessageId& id : ids) {
        Message* older = engine_.message_at(id);
        if (older == nullptr || !loses_place(*older, newer, takes_every_place)) continue;
        const bool is_held = older->device_leg == DeviceLeg::net_buffered &&
                             !older->cancel_requested && older->expires_at > engine_.turn_->wall &&
                             !is_contested(*older);
        if (!older->queued_here && !is_held) continue;  // too late: it is on its way, or going
        older->superseded_by = newer.id;
        engine_.changed(*older);
        ++displaced;
        if (is_held) {
            buffered.push_back(older);
        } else {
            engine_.apply(*older, Event::superseded, {});
        }
    }
    // One request is in flight at a time: the newer one can only take the place of that one.
    const MessageId in_flight = device_.active().in_flight;
    const auto place = std::find_if(buffered.begin(), buffered.end(), [&](const Message* older) {
        return in_flight.empty() || older->id == in_flight;
    });
    for (auto older = buffered.begin(); older != buffered.end(); ++older) {
        if (older != place) engine_.cancel_buffered(device_, **older, Reason::superseded);
    }
    if (place != buffered.end()) {
        newer.replaces = (*place)->id;
        device_.active().replacing.push_back(newer.id);
    }
    return displaced;
}

// ---- The PUT

void Replacement::pump() {
    if (!device_.activity || device_.activity->replacing.empty()) return;
    for (const MessageId& id : std::exchange(device_.activity->replacing, {})) {
        Message* newer = engine_.message_at(id);
        if (newer == nullptr || !newer->queued_here || newer->replaces.empty()) continue;
        if (!attempt(*newer)) device_.activity->replacing.push_back(id);
    }
}

/// False: not yet.
bool Replacement::attempt(Message& newer) {
    Message* older = engine_.message_at(newer.replaces);
    if (older == nullptr || older->device_leg != DeviceLeg::net_buffered ||
        older->cancel_requested || older->superseded_by != newer.id ||
        older->expires_at <= engine_.turn_->wall) {
        newer.replaces = MessageId();  // its place is no more
        engine_.changed(newer);
        return true;
    }
    auto hold = engine_.holding_of_device(device_, newer);
    if (!hold && newer.retry_at > engine_.turn_->wall) {
        hold = inside::Hold{Reason::retry, engine_.instant_of(newer.retry_at)};
    }
    const bool is_pause =
        hold && (hold->reason == Reason::throttled || hold->reason == Reason::configuration ||
                 hold->reason == Reason::retry);
    if (is_pause) {
        if (std::exchange(newer.reason, hold->reason) != hold->reason) {
            engine_.write_timeline(newer);
        }
        if (hold->until != never) engine_.pump_later(device_, hold->until);
        return false;
    }
    if (hold || !may_go(newer, *older)) {
        withdraw_instead(newer, *older);
    } else {
        put(newer, *older);
    }
    return true;
}

/// No window and no turn in the queue is needed: the SCEF holds a frame already. Nor is there need
/// for quota, as far as the older frame is charged and will not go on the air.
bool Replacement::may_go(const Message& newer, const Message& older) const {
    const MessageId& in_flight = device_.activity->in_flight;
    const Turn& turn = *engine_.turn_;
    return newer.not_before <= turn.wall && (in_flight.empty() || in_flight == older.id) &&
           QuotaGate(engine_, device_).has_room_for_more(more_octets(newer, older));
}

/// SUBMITTING, and whose place it is to take, are recorded in this turn, before the PUT.
void Replacement::put(Message& newer, Message& older) {
    older.holds_slot = false;
    engine_.begin_attempt(device_, newer);
    newer.transfer_id = older.transfer_id;
    QuotaGate(engine_, device_).charge_more(newer, more_octets(newer, older));
    engine_.write_timeline(newer, "in the place of " + older.id.text());
    engine_.write_timeline(older, "to be replaced by " + newer.id.text());
    engine_.call_t8(device_, Purpose::replace, newer.id,
                    {T8Request::Operation::replace_delivery,
                     device_.nidd.configuration_id,
                     newer.transfer_id,
                     delivery_body(*engine_.config_, device_, newer, engine_.turn_->wall),
                     "",
                     "",
                     {},
                     engine_.instant_of(newer.expires_at)});
}

/// The newer one may not go now: at least the older one shall not go either.
void Replacement::withdraw_instead(Message& newer, Message& older) {
    newer.replaces = MessageId();
    engine_.changed(newer);
    engine_.cancel_buffered(device_, older, Reason::superseded);
}

void Replacement::on_put(const nidd::T8Answer& answer, const inside::Operation& operation) {
    using Kind = nidd::ReplacementOutcome::Kind;
    using Transport = nidd::T8Answer::Transport;
    const auto outcome =
        nidd::classify_replacement(answer, engine_.config_->scefs[operation.scef].profile);
    Message* newer = engine_.message_at(operation.message);
    if (newer == nullptr || !newer->is_taking_a_place()) {  // the device was faster
        if (outcome.kind != Kind::replaced) return;
        return engine_.call_t8(device_, Purpose::withdraw, {},
                               {T8Request::Operation::delete_delivery, operation.configuration_id,
                                operation.transfer_id, ""});
    }
    const bool is_lost = operation.configuration_id != device_.nidd.configuration_id;
    const Facts facts{.status = outcome.status,
                      .transfer_id = operation.transfer_id,
                      .cause = outcome.cause,
                      .retry_after = outcome.retry_after};
    switch (outcome.kind) {
        case Kind::replaced:
        case Kind::delivered:
            engine_.scef_failures_[operation.scef] = 0;
            device_.active().throttles = 0;
            take_place(*newer, outcome.kind == Kind::delivered ? Event::delivered : Event::buffered,
                       facts);
            if (is_lost) engine_.apply(*newer, Event::missing_at_scef, {});
            return;
        case Kind::too_late:
        case Kind::refused:
            return stay_behind(*newer, outcome.cause, is_lost);
        case Kind::gone:
            return stay_behind(*newer, outcome.cause, true);
        case Kind::not_sent: {
            const bool unsent = answer.transport == Transport::not_sent && !answer.retry_after;
            wait(*newer, unsent ? Event::not_sent : Event::throttled, facts);
            return release(newer->replaces, is_lost);
        }
        case Kind::expired:
            wait(*newer, Event::expired_unsent, facts);
            return release(newer->replaces, is_lost);
        case Kind::unknown:
            if (newer->device_leg == DeviceLeg::expired_in_flight) return ask(*newer);
            return engine_.apply(*newer, Event::doubtful, {.cause = outcome.cause});
    }
}

// ---- The doubt

void Replacement::ask(Message& newer) {
    if (device_.nidd.configuration_id.empty()) return lose_sight(newer);
    engine_.call_t8(device_, Purpose::read_replaced, newer.id,
                    {T8Request::Operation::read_delivery, device_.nidd.configuration_id,
                     newer.transfer_id, ""});
}

void Replacement::on_read(const nidd::T8Answer& answer, const inside::Operation& operation) {
    Message* newer = engine_.message_at(operation.message);
    if (newer == nullptr || !newer->is_taking_a_place() ||
        newer->device_leg == DeviceLeg::submitting) {
        return;
    }
    const bool answered = answer.transport == nidd::T8Answer::Transport::answered;
    const bool is_gone = answered && (answer.status == 404 || answer.status == 410);
    const bool is_lost = operation.configuration_id != device_.nidd.configuration_id;
    const auto held = answered && answer.status == 200 ? nidd::parse_transfer(answer.body)
                                                       : fail(Errc::unavailable, "");
    if (is_gone || (is_lost && !held)) return lose_sight(*newer);
    if (!held) {
        return engine_.schedule(engine_.turn_->now + ask_again_pause, inside::TimerKind::reconcile,
                                device_.index, newer->id);
    }
    Message* older = engine_.message_at(newer->replaces);
    Message* holder = nullptr;
    if (held->data == newer->octets()) {
        holder = newer;
        const bool in_doubt = newer->device_leg == DeviceLeg::in_doubt;
        take_place(*newer, in_doubt ? Event::found_at_scef : Event::buffered, {});
    } else if (older == nullptr || held->data == older->octets()) {
        holder = older;
        stay_behind(*newer, "the SCEF holds the older one", is_lost);
    } else {
        return lose_sight(*newer);
    }
    if (holder == nullptr || holder->device_leg != DeviceLeg::net_buffered) return;
    if (held->delivery_status &&
        (held->delivery_status->is_success() || held->delivery_status->is_failure())) {
        nidd::NiddDownlinkDataDeliveryStatusNotification status;
        status.delivery_status = *held->delivery_status;
        return engine_.apply_status(*holder, status);
    }
    // It held it when it was asked; since then its configuration was lost, and it with that.
    if (is_lost && holder == newer) engine_.apply(*newer, Event::missing_at_scef, {});
}

/// The SCEF holds none of the two any more: one of them may have gone on the air.
void Replacement::lose_sight(Message& newer) {
    const MessageId older = std::exchange(newer.replaces, MessageId());
    newer.transfer_id.clear();
    engine_.changed(newer);
    engine_.apply(newer, Event::missing_at_scef, {});
    give_up(older);
}

void Replacement::on_moved(Message& newer, Event event) {
    const MessageId id = newer.replaces;
    Message* older = engine_.message_at(id);
    if (event == Event::answered || event == Event::acknowledged || event == Event::reset) {
        return take_place(newer, event, {});  // the device has it: it was put there
    }
    if (event == Event::lingered) {
        newer.replaces = MessageId();
        if (older != nullptr) engine_.withdraw(device_, *older);
        return give_up(id);
    }
    const bool is_over = newer.device_leg == DeviceLeg::expired_in_flight;
    if (is_over && older != nullptr) give_slot_back(*older);
}

// ---- How it ends

/// The newer one has the place. With an event that was applied already, only the older one ends.
void Replacement::take_place(Message& newer, Event event, const Facts& facts) {
    Message* older = engine_.message_at(std::exchange(newer.replaces, MessageId()));
    engine_.changed(newer);
    if (older != nullptr) engine_.apply(*older, Event::superseded, {});
    const bool is_applied =
        event == Event::answered || event == Event::acknowledged || event == Event::reset;
    if (!is_applied) engine_.apply(newer, event, facts);
}

/// The older one keeps its place; the newer one goes as any other, behind it.
void Replacement::stay_behind(Message& newer, const std::string& cause, bool is_gone) {
    const MessageId older = std::exchange(newer.replaces, MessageId());
    newer.transfer_id.clear();
    engine_.apply(newer, Event::not_replaced, {.cause = "not replaced: " + cause});
    release(older, is_gone);
}

/// Nothing was changed; another PUT follows the pause, if the older one is still there.
void Replacement::wait(Message& newer, Event event, const Facts& facts) {
    engine_.apply(newer, event, facts);
    newer.transfer_id.clear();
    if (newer.queued_here) device_.active().replacing.push_back(newer.id);
}

/// Whether the older one went on the air is not known, and what was reported may be of either.
void Replacement::give_up(const MessageId& id) {
    Message* older = engine_.message_at(id);
    if (older == nullptr) return;
    give_slot_back(*older);
    engine_.apply(*older, Event::missing_at_scef, {});
}

/// The older one goes on: with what the SCEF reported meanwhile, or with what its absence says.
void Replacement::release(const MessageId& id, bool is_gone) {
    Message* older = engine_.message_at(id);
    if (older == nullptr || older->device_leg == DeviceLeg::done) return;
    give_slot_back(*older);
    while (older->device_leg == DeviceLeg::net_buffered &&
           engine_.apply_early_status(device_, *older)) {  // the first may say: still pending
    }
    if (older->device_leg != DeviceLeg::net_buffered) return;
    if (is_gone) return engine_.apply(*older, Event::missing_at_scef, {});
    if (older->expires_at <= engine_.turn_->wall) {
        engine_.apply(*older, Event::ttl, {.reason = Reason::ttl});
    }
}

void Replacement::give_slot_back(Message& older) {
    const bool waits_for_answer =
        older.device_leg == DeviceLeg::awaiting_answer && older.answer_due > engine_.turn_->now;
    const bool is_in_flight = waits_for_answer || (older.device_leg == DeviceLeg::net_buffered &&
                                                   queueing::expects_answer(older));
    MessageId& in_flight = device_.active().in_flight;
    if (!is_in_flight || !in_flight.empty()) return;
    in_flight = older.id;
    older.holds_slot = true;
    engine_.changed(older);
}

bool Replacement::is_contested(const Message& older) const {
    if (older.superseded_by.empty()) return false;
    const Message* newer = engine_.message_at(older.superseded_by);
    return newer != nullptr && newer->replaces == older.id && newer->is_taking_a_place();
}

}  // namespace scef::adapter
