#include <algorithm>
#include <utility>

#include "lwm2m-core/vocabulary/log_fields.h"
#include "scef-adapter/engine/announcer.h"
#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/quota_gate.h"
#include "scef-adapter/engine/replacement.h"
#include "scef-adapter/engine/wake.h"

/// The downlink table at work: a row is found, and its actions are done (docs/exchanges.md).
namespace scef::adapter {

using queueing::DeliveryLevel;
using queueing::DeviceLeg;
using queueing::MessageKind;
using queueing::MessageState;
using queueing::Reason;
using queueing::ServerLeg;

namespace {

constexpr Duration non_lifetime = std::chrono::seconds(145);
constexpr std::size_t late_answers_max = 16;
constexpr Duration throttle_default = std::chrono::seconds(5);
constexpr Duration park_pause = std::chrono::seconds(60);
/// 1 s doubling to 300 s, with full jitter over its second half.
Duration back_off_pause(std::uint32_t failures, Random& random) {
    const std::int64_t seconds = std::int64_t{1} << std::min<std::uint32_t>(failures, 9);
    const Duration full = std::chrono::seconds(std::min<std::int64_t>(seconds, 300));
    return full / 2 + Duration(static_cast<Duration::rep>(random.fraction() *
                                                          static_cast<double>((full / 2).count())));
}

DeliveryLevel level_of(const nidd::DeliveryStatus& status) {
    if (status.is_confirmed_by_device()) return DeliveryLevel::device;
    return status.is_next_hop() ? DeliveryLevel::next_hop : DeliveryLevel::scef;
}

}  // namespace

void Engine::apply(Message& message, DownlinkEvent event, const Facts& facts) {
    Device& device = *device_at(message.device);
    const Duration since = turn_->wall - message.first_submitted_at;  // negative: the clock was set
    message.device_deduplicates =
        message.attempts > 0 && since >= Duration{} && since < device.profile->device_deduplication;
    message.is_contested = Replacement(*this, device).is_contested(message);
    const queueing::DownlinkRow* row = queueing::find_row(message, event);
    if (row == nullptr) {
        ++counters_.events_ignored;
        return;
    }
    if (!facts.transfer_id.empty()) message.transfer_id = facts.transfer_id;
    const bool repeats = event == DownlinkEvent::device_timer && row->to == DeviceLeg::queued;
    if (repeats || event == DownlinkEvent::acknowledged) message.resent = true;
    message.device_leg = row->to;
    if (row->to != DeviceLeg::queued && row->to != DeviceLeg::retry_wait) {
        leave_queue(device, message);
    }
    note_leg(device, message, facts);
    for (const DownlinkAction action : row->actions) perform(action, device, message, facts);
    while (message.device_leg == DeviceLeg::net_buffered && !message.is_contested &&
           apply_early_status(device, message)) {  // the first may say: still pending
    }
    if (!message.replaces.empty()) Replacement(*this, device).on_moved(message, event);
}

/// What came before it was clear that the transfer is this message's (exchanges, last row).
bool Engine::apply_early_status(Device& device, Message& message) {
    auto& early = device.active().early_statuses;
    const auto found = std::find_if(early.begin(), early.end(), [&](const EarlyStatus& status) {
        return status.transfer_id == message.transfer_id && status.forget_at > turn_->now;
    });
    if (found == early.end()) return false;
    const auto status = found->status;
    early.erase(found);
    apply_status(message, status);
    return true;
}

/// State and reason as people see them follow from the device leg.
void Engine::note_leg(Device& device, Message& message, const Facts& facts) {
    const MessageState before = message.state;
    const Reason reason_before = message.reason;
    switch (message.device_leg) {
        case DeviceLeg::queued:
            message.state = MessageState::queued;
            message.reason = Reason::retry;
            message.window_until = {};  // it was not sent, or the window was judged already
            break;
        case DeviceLeg::retry_wait:
            message.state = MessageState::queued;
            message.reason = Reason::retry;
            break;
        case DeviceLeg::submitting:
            break;
        case DeviceLeg::in_doubt:
            message.state = MessageState::sending;
            message.reason = Reason::in_doubt;
            message.judged_by = next_operation_;
            ++counters_.deliveries_in_doubt;
            break;
        case DeviceLeg::net_buffered:
            message.state = MessageState::accepted;
            message.level = DeliveryLevel::scef;
            if (message.cancel_requested) break;
            message.reason = Reason::none;
            message.judged_by = next_operation_;
            if (!queueing::expects_answer(message)) free_slot(device, message);
            break;
        case DeviceLeg::awaiting_answer:
            if (message.state == MessageState::unconfirmed) break;
            message.state = MessageState::accepted;
            if (facts.status.is_success()) message.level = level_of(facts.status);
            message.reason = Reason::awaiting_answer;
            break;
        case DeviceLeg::expired_in_flight:
            message.state = MessageState::unconfirmed;
            message.reason = Reason::ttl;
            break;
        case DeviceLeg::done:
            return;
    }
    if (before != message.state || reason_before != message.reason) {
        write_timeline(message, facts.cause);
    }
    if (message.state == MessageState::unconfirmed) {
        Announcer(*this, device).on_outcome(message, before, facts.cause);
    }
    changed(message);
}

void Engine::perform(DownlinkAction action, Device& device, Message& message, const Facts& facts) {
    switch (action) {
        case DownlinkAction::await_answer:
            counters_.scefs[device.scef].on_heard(message, true, turn_->now);
            message.answer_due =
                turn_->now + device.profile->device_ack_timeout + window_of(device).latency;
            schedule(message.answer_due, TimerKind::answer, device.index, message.id);
            if (message.expires_at <= turn_->wall) {  // its TTL was over while the SCEF had it
                schedule(turn_->now + coap::exchange_lifetime, TimerKind::ttl, device.index,
                         message.id);
            }
            return;
        case DownlinkAction::free_slot:
            return free_slot(device, message);
        case DownlinkAction::requeue:
            enter_queue(device, message);
            return free_slot(device, message);
        case DownlinkAction::back_off:
            return back_off(message, facts);
        case DownlinkAction::reconcile:
            return reconcile(device, message);
        case DownlinkAction::delete_at_scef:
            return withdraw(device, message);
        case DownlinkAction::renew_configuration:
            --message.attempts;
            if (!facts.configuration_is_current) return;  // made anew while this POST was open
            return lose_configuration(device, NiddLink::Status::pending);
        case DownlinkAction::take_back_attempt:
            --message.attempts;
            return;
        case DownlinkAction::throttle_device:
            --message.attempts;
            return throttle_device(device, facts);
        case DownlinkAction::throttle_scef:
            --message.attempts;
            return throttle_scef(device.scef,
                                 back_off_pause(scef_failures_[device.scef]++, turn_->random));
        case DownlinkAction::park_scef:
            --message.attempts;
            log(LogLine::Level::error, "SCEF_NOT_AUTHORIZED",
                LogFields()
                    .add("scef", config_->scefs[device.scef].name)
                    .add("cause", facts.cause)
                    .text());
            return throttle_scef(device.scef, park_pause);
        case DownlinkAction::learn_size:
            device.nidd.maximum_packet_bits =
                static_cast<std::uint32_t>((message.octets().size() - 1) * 8);
            return changed(device);
        case DownlinkAction::linger:
            return schedule(turn_->now + coap::exchange_lifetime, TimerKind::linger, device.index,
                            message.id);
        default:
            return conclude(action, device, message, facts);
    }
}

/// Actions that tell the server of an end, and the ends.
void Engine::conclude(DownlinkAction action, Device& device, Message& message, const Facts& facts) {
    switch (action) {
        case DownlinkAction::complete:
            message.level =
                facts.status.is_success() ? level_of(facts.status) : DeliveryLevel::device;
            tell(device, message, ServerEvent::completed, {});
            if (message.kind == MessageKind::request && message.server.state != ServerLeg::none) {
                auto& late = device.active().late_answers;
                if (late.size() >= late_answers_max) late.erase(late.begin());
                late.push_back({message.frame, message.server, turn_->now + non_lifetime});
                schedule(late.back().forget_at, TimerKind::pump, device.index);
            }
            return finish(device, message, MessageState::delivered, Reason::none, facts.cause);
        case DownlinkAction::forward_answer:
            message.level = DeliveryLevel::coap;
            learn_in_passing(device, message.frame.path_text(), *facts.answer);
            if (message.operation == lwm2m::Operation::bootstrap_finish &&
                facts.answer->code.code_class() == 2) {
                end_bootstrap(device);
            }
            forward_answer(device, message, *facts.answer);
            return finish(device, message, MessageState::delivered, Reason::answered);
        case DownlinkAction::report_late:
            message.level = DeliveryLevel::coap;
            learn_in_passing(device, message.frame.path_text(), *facts.answer);
            forward_answer(device, message, *facts.answer);
            return finish(device, message, MessageState::delivered, Reason::answered);
        case DownlinkAction::forward_reset:
            if (message.kind == MessageKind::request)
                update_observation(device, message.frame, message.server, *facts.answer);
            return tell_reset(device, message);
        case DownlinkAction::signal_expiry:
            return signal_expiry(device, message);
        case DownlinkAction::signal_failure:
            return signal(device, message, coap::codes::bad_gateway);
        case DownlinkAction::signal_too_large:
            return signal(device, message, coap::codes::request_entity_too_large);
        case DownlinkAction::finish_expired:
            if (message.cancel_requested && message.reason == Reason::superseded) {
                return conclude(DownlinkAction::finish_superseded, device, message, facts);
            }
            return message.cancel_requested
                       ? finish(device, message, MessageState::canceled, message.reason)
                       : finish(device, message, MessageState::expired, Reason::ttl, facts.cause);
        case DownlinkAction::finish_failed:
            if (facts.answer != nullptr) {
                return finish(device, message, MessageState::failed, Reason::reset_by_device);
            }
            return finish(device, message, MessageState::failed,
                          facts.reason == Reason::none ? Reason::refused_by_scef : facts.reason,
                          facts.cause);
        case DownlinkAction::finish_dead:
            return finish(device, message, MessageState::dead, Reason::attempts, facts.cause);
        case DownlinkAction::finish_unconfirmed:
            return finish(device, message, MessageState::unconfirmed, Reason::unknown_outcome);
        case DownlinkAction::finish_superseded:
            return finish(device, message, MessageState::superseded, Reason::superseded,
                          "by " + message.superseded_by.text());
        case DownlinkAction::report_unknown: {
            const MessageState before = std::exchange(message.state, MessageState::unconfirmed);
            message.reason = Reason::unknown_outcome;
            write_timeline(message);
            return Announcer(*this, device).on_outcome(message, before, {});
        }
        default:
            return;
    }
}

void Engine::back_off(Message& message, const Facts& facts) {
    Device& device = *device_at(message.device);
    message.retry_at = facts.retry_at && *facts.retry_at > turn_->wall
                           ? *facts.retry_at
                           : turn_->wall + back_off_pause(message.attempts, turn_->random);
    message.transfer_id.clear();
    counters_.scefs[device.scef].on_heard(message, false, turn_->now);
    enter_queue(device, message);
    free_slot(device, message);
    const bool failed_at_scef = !facts.cause.empty();
    if (failed_at_scef && config_->scefs[device.scef].monitoring.availability_after_ddn_failure) {
        Wake(*this, device).watch(message, "AVAILABILITY_AFTER_DDN_FAILURE");
    }
}

void Engine::free_slot(Device& device, Message& message) {
    message.holds_slot = false;
    if (device.active().in_flight == message.id) device.active().in_flight = MessageId();
    changed(message);
    pump_later(device, turn_->now);
}

void Engine::throttle_device(Device& device, const Facts& facts) {
    DeviceActivity& active = device.active();
    const Duration least = facts.retry_after.value_or(
        throttle_default * (std::int64_t{1} << std::min<std::uint32_t>(active.throttles++, 6)));
    const Duration pause =
        least + Duration(static_cast<Duration::rep>(turn_->random.fraction() *
                                                    static_cast<double>(least.count()) / 10));
    active.throttled_until = turn_->now + pause;
    schedule(active.throttled_until, TimerKind::pump, device.index);
    if (facts.quota_is_used_up) QuotaGate(*this, device).exhaust_until(active.throttled_until);
    if (++scef_failures_[device.scef] < 5) return;
    throttle_scef(device.scef, pause);
    scope_quotas_.exhaust_scef(device.scef, quota_time(), turn_->now + pause, out_);
}

void Engine::throttle_scef(std::size_t scef, Duration pause) {
    scef_blocked_until_[scef] = std::max(scef_blocked_until_[scef], turn_->now + pause);
}

void Engine::finish(Device& device, Message& message, MessageState state, Reason reason,
                    std::string_view detail) {
    leave_queue(device, message);
    message.device_leg = DeviceLeg::done;
    const MessageState before = std::exchange(message.state, state);
    message.reason = reason;
    message.answer_due = never;
    message.end_detail = detail;
    tell(device, message, ServerEvent::completed, {});
    counters_.scefs[device.scef].on_ended(message, turn_->now, turn_->wall);
    write_timeline(message, detail);
    Announcer(*this, device).on_outcome(message, before, detail);
    free_slot(device, message);
    DeviceActivity& active = device.active();
    const auto open = active.open_by_token.find(message.frame.token);
    if (open != active.open_by_token.end() && open->second == message.id) {
        active.open_by_token.erase(open);
    }
    if (message.kind == MessageKind::request && message.attempts > 0 &&
        reason != Reason::answered) {
        remember_spent(device, message.frame.token);
    }
    const bool is_lost = state != MessageState::delivered && state != MessageState::canceled &&
                         state != MessageState::superseded;
    if (is_lost) flush_transfer(device, message);
    close_if_over(device, message);
}

/// It stays as long as a separate response of ours is not acknowledged.
void Engine::close_if_over(Device& device, Message& message) {
    if (message.device_leg == DeviceLeg::done && !message.is_responding()) close(device, message);
}

void Engine::close(Device& device, Message& message) {
    DeviceActivity& active = device.active();
    active.messages.erase(std::remove(active.messages.begin(), active.messages.end(), message.id),
                          active.messages.end());
    bytes_open_ -= message.octets().size();
    if (auto ended = messages_.take(message.id)) ended_messages_.push_back(std::move(ended));
}

void Engine::cancel_waiting(Device& device, Message& message, Reason reason) {
    signal_expiry(device, message);
    finish(device, message, MessageState::canceled, reason);
}

/// The SCEF holds it: it ends when the SCEF has deleted it. The reason is stored, so that a restart
/// asks again.
void Engine::cancel_buffered(Device& device, Message& message, Reason reason) {
    message.cancel_requested = true;
    message.reason = reason;
    write_timeline(message);
    withdraw(device, message);
}

}  // namespace scef::adapter
