#include <algorithm>
#include <array>
#include <utility>

#include "nidd/types/t8_json.h"
#include "scef-adapter/engine/engine.h"

/// When and how a queued message goes to the SCEF, and what its answers mean
/// (docs/life-of-a-message.md, 5-7).
namespace scef::adapter {

using queueing::DeliveryLevel;
using queueing::DeviceLeg;
using queueing::MessageKind;
using queueing::MessageState;
using queueing::OrderClass;
using queueing::Priority;
using queueing::Reason;
using queueing::ServerLeg;

namespace {

/// While the server has not answered a device's request, other messages leave the device's window
/// to that answer, but no longer than this (exchanges D18).
constexpr Duration answer_precedence = std::chrono::seconds(8);
constexpr Duration early_status_life = std::chrono::seconds(60);
constexpr std::size_t early_statuses_max = 16;
constexpr Duration non_lifetime = std::chrono::seconds(145);
constexpr std::size_t late_answers_max = 16;
constexpr Duration throttle_default = std::chrono::seconds(5);
constexpr Duration park_pause = std::chrono::seconds(60);
constexpr Duration reconcile_pause = std::chrono::seconds(5);

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

// ---- The queue

void Engine::enter_queue(Device& device, Message& message) {
    if (message.queued_here) return;
    message.queued_here = true;
    device.active().queue.push(message);
    device.active().queued_bytes += message.octets().size();
}

void Engine::leave_queue(Device& device, Message& message) {
    if (!message.queued_here) return;
    message.queued_here = false;
    device.active().queue.erase(message);
    device.active().queued_bytes -= message.octets().size();
}

bool Engine::is_reachable(const Device& device, Instant now) const {
    return device.profile->reachability.kind != ReachabilityConfig::Kind::psm ||
           device.reachable_until > now;
}

/// Sends everything that may go now, replies first; one request is in flight at a time.
void Engine::pump(Device& device) {
    visit(device);
    if (!device.activity) return;
    DeviceActivity& active = device.active();
    while (true) {
        MessageId head = active.queue.head();
        if (head.empty()) return;
        Message* message = message_at(head);
        if (message->expires_at <= turn_->wall) {  // the clock may have been set
            apply(*message, DownlinkEvent::ttl, {.reason = Reason::ttl});
            continue;
        }
        if (!message->is_reply() && !active.in_flight.empty()) return;
        const auto hold = holding(device, *message);
        if (hold) {
            if (message->reason != hold->reason) {
                message->reason = hold->reason;
                if (hold->reason == Reason::quota) ++counters_.quota_waits;
                write_timeline(*message);
            }
            if (hold->until != never) pump_later(device, hold->until);
            return;
        }
        submit(device, *message);
    }
}

/// One timer for a device's queue: the earliest that was asked for.
void Engine::pump_later(Device& device, Instant when) {
    if (when >= device.active().pump_at) return;
    device.active().pump_at = when;
    schedule(when, TimerKind::pump, device.index);
}

/// Why a message may not go yet, and until when at the latest; nothing if it may.
std::optional<Engine::Hold> Engine::holding(Device& device, const Message& message) const {
    if (device.paused) return Hold{Reason::paused, never};
    if (device.nidd.status != NiddLink::Status::active) return Hold{Reason::configuration, never};
    const Instant blocked =
        std::max(scef_blocked_until_[device.scef], device.activity->throttled_until);
    if (blocked > turn_->now) return Hold{Reason::throttled, blocked};
    if (message.retry_at > turn_->wall) {
        return Hold{Reason::retry, instant_of(message.retry_at)};
    }
    if (message.is_reply()) return std::nullopt;
    if (message.not_before > turn_->wall) {
        return Hold{Reason::not_before, instant_of(message.not_before)};
    }
    if (message.order_class >= OrderClass::block_continuation) {
        for (const MessageId& id : device.activity->uplinks) {
            const auto found = uplinks_.find(id);
            if (found == uplinks_.end()) continue;
            const Uplink& uplink = *found->second;
            const Instant until = instant_of(uplink.created_at) + answer_precedence;
            if (uplink.kind == queueing::UplinkKind::request &&
                uplink.device_type == coap::Type::confirmable && until > turn_->now) {
                return Hold{Reason::order, until};
            }
        }
    }
    if (auto hold = window_hold(device, message)) return hold;
    const double reserve =
        message.priority == Priority::emergency ? 0 : device.quota->emergency_reserve;
    const Instant earliest =
        device.downlink_quota->earliest(*turn_, message.octets().size(), reserve);
    if (earliest > turn_->now) return Hold{Reason::quota, earliest};
    return std::nullopt;
}

std::optional<Engine::Hold> Engine::window_hold(const Device& device,
                                                const Message& message) const {
    if (message.send_now || device.profile->hold == adapter::Hold::scef) return std::nullopt;
    if (is_reachable(device, turn_->now)) return std::nullopt;
    if (message.device_leg == DeviceLeg::retry_wait) return std::nullopt;
    if (message.handed_over_by <= turn_->wall) return std::nullopt;
    return Hold{Reason::awaiting_window, instant_of(message.handed_over_by)};
}

/// SUBMITTING and the charge are recorded in this turn; the POST leaves when they are durable.
void Engine::submit(Device& device, Message& message) {
    leave_queue(device, message);
    number_frame(device, message);
    message.device_leg = DeviceLeg::submitting;
    message.state = MessageState::sending;
    message.reason = Reason::none;
    if (message.attempts++ == 0) {
        message.first_submitted_at = turn_->wall;
    } else {
        ++counters_.deliveries_repeated;
    }
    message.last_submitted_at = turn_->wall;
    if (!message.is_reply()) {
        message.holds_slot = true;
        device.active().in_flight = message.id;
    }
    Bytes octets = message.octets();
    device.downlink_quota->charge(*turn_, octets.size());
    usage_changed(device);
    ++counters_.deliveries_posted;
    counters_.downlink_bytes += octets.size();
    write_timeline(message);

    nidd::NiddDownlinkDataTransfer transfer;
    transfer.external_id = device.spec.external_id.text();
    transfer.data = std::move(octets);
    const auto left =
        std::chrono::floor<std::chrono::seconds>(message.expires_at - turn_->wall).count();
    transfer.maximum_latency =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(left, 0, 0x7fff'ffff));
    if (config_->scefs[device.scef].configuration.reliable_data_service) {
        transfer.reliable_data_service = true;
    }
    call_t8(device, Purpose::delivery, message.id,
            {nidd::T8Request::Operation::create_delivery, device.nidd.configuration_id, "",
             nidd::to_json(transfer)});
}

/// The device leg has message ids of its own. Once allotted, a frame's octets never change, so that
/// a repeated one is recognised by the device (RFC 7252 4.5).
void Engine::number_frame(Device& device, Message& message) {
    if (message.frame_numbered || message.kind == MessageKind::opaque) return;
    message.frame_numbered = true;
    const bool answers_by_id = message.frame.type == coap::Type::acknowledgement ||
                               message.frame.type == coap::Type::reset;
    if (answers_by_id) return;
    if (device.device_message_id == device.device_message_ids_reserved) {
        device.device_message_ids_reserved =
            static_cast<std::uint16_t>(device.device_message_ids_reserved + 256);
        changed(device);
    }
    message.frame.message_id = device.device_message_id++;
}

// ---- Answers of the SCEF

void Engine::on_delivery_answer(Message& message, const nidd::T8Answer& answer,
                                const std::string& configuration_id) {
    using Kind = nidd::DeliveryOutcome::Kind;
    static constexpr std::array<DownlinkEvent, 10> events{
        DownlinkEvent::delivered,      DownlinkEvent::buffered,
        DownlinkEvent::doubtful,       DownlinkEvent::throttled,
        DownlinkEvent::too_large,      DownlinkEvent::refused,
        DownlinkEvent::not_authorized, DownlinkEvent::configuration_lost,
        DownlinkEvent::attempt_failed, DownlinkEvent::not_sent};
    Device& device = *device_at(message.device);
    const auto outcome = nidd::classify_delivery(answer, configuration_id);
    if (outcome.kind == Kind::delivered || outcome.kind == Kind::buffered) {
        scef_failures_[device.scef] = 0;
        device.active().throttles = 0;
        device.nidd.recreated = false;
    }
    const DownlinkEvent event = events[static_cast<std::size_t>(outcome.kind)];
    const bool is_current = configuration_id == device.nidd.configuration_id;
    apply(message, event,
          {.status = outcome.status,
           .transfer_id = outcome.transfer_id,
           .cause = outcome.cause,
           .retry_after = outcome.retry_after,
           .retry_at = outcome.retry_at,
           .reason = event == DownlinkEvent::too_large ? Reason::too_large : Reason::none,
           .configuration_is_current = is_current});
    if (event == DownlinkEvent::buffered && !is_current) {
        apply(message, DownlinkEvent::missing_at_scef, {});
    }
}

/// D24: the message ended while its POST was open, mostly because the device answered first. A copy
/// that the SCEF still holds would be a second one.
void Engine::withdraw_orphan(Device& device, const nidd::T8Answer& answer,
                             const Operation& operation) {
    const auto outcome = nidd::classify_delivery(answer, operation.configuration_id);
    if (outcome.kind != nidd::DeliveryOutcome::Kind::buffered) return;
    call_t8(device, Purpose::withdraw, {},
            {nidd::T8Request::Operation::delete_delivery, operation.configuration_id,
             outcome.transfer_id, ""});
}

/// A status may overtake the answer to its own POST: it is kept for a while (exchanges, last row).
int Engine::on_delivery_status(Device& device,
                               const nidd::NiddDownlinkDataDeliveryStatusNotification& status) {
    const auto link = nidd::transfer_link_of(status.nidd_downlink_data_transfer);
    if (!link || link->configuration_id != device.nidd.configuration_id || !device.activity) {
        return 404;
    }
    DeviceActivity& active = device.active();
    bool post_is_open = false;
    for (const MessageId& id : active.messages) {
        Message* message = message_at(id);
        if (message == nullptr) continue;
        if (message->transfer_id == link->transfer_id) {
            apply_status(*message, status);
            return 204;
        }
        post_is_open = post_is_open || message->device_leg == DeviceLeg::submitting ||
                       message->device_leg == DeviceLeg::in_doubt;
    }
    if (!post_is_open) return 404;
    if (active.early_statuses.size() >= early_statuses_max) {
        active.early_statuses.erase(active.early_statuses.begin());
    }
    active.early_statuses.push_back({link->transfer_id, status, turn_->now + early_status_life});
    return 204;
}

void Engine::apply_status(Message& message,
                          const nidd::NiddDownlinkDataDeliveryStatusNotification& status) {
    Facts facts{.status = status.delivery_status,
                .cause = status.delivery_status.text,
                .retry_at = status.requested_retransmission_time};
    if (status.delivery_status.is_success()) return apply(message, DownlinkEvent::delivered, facts);
    if (!status.delivery_status.is_failure()) return;
    apply(message,
          status.delivery_status.text == "FAILURE_TIMEOUT" ? DownlinkEvent::timed_out_at_scef
                                                           : DownlinkEvent::attempt_failed,
          facts);
}

void Engine::reconcile(Device& device, Message& message) {
    if (device.nidd.configuration_id.empty()) {
        return apply(message, DownlinkEvent::missing_at_scef, {});
    }
    OperationId& open = device.active().reconcile_open;
    if (open != 0 && message.judged_by <= open) return;  // that list will tell of it, too
    open = next_operation_;
    call_t8(device, Purpose::reconcile, message.id,
            {nidd::T8Request::Operation::list_deliveries, device.nidd.configuration_id, "", ""});
}

/// D25: the SCEF's list of pending deliveries settles what we are not sure of.
void Engine::on_reconciled(Device& device, const nidd::T8Answer& answer, OperationId id,
                           const Operation& operation) {
    if (!device.activity) return;
    if (device.active().reconcile_open == id) device.active().reconcile_open = 0;
    const bool answered = answer.transport == nidd::T8Answer::Transport::answered;
    const bool is_current = operation.configuration_id == device.nidd.configuration_id;
    if (answered && answer.status == 404) {
        judge_pending(device, {}, id);
        if (is_current) lose_configuration(device, NiddLink::Status::pending);
        return pump(device);
    }
    const auto list = answered && answer.status == 200 ? nidd::parse_transfers(answer.body)
                                                       : fail(Errc::unavailable, "");
    if (list) {
        judge_pending(device, *list, id);
        return pump(device);
    }
    for (const MessageId& name : device.activity->messages) {
        const Message* message = message_at(name);
        if (message != nullptr && message->judged_by <= id &&
            (message->device_leg == DeviceLeg::in_doubt ||
             message->device_leg == DeviceLeg::net_buffered)) {
            return schedule(turn_->now + reconcile_pause, TimerKind::reconcile, device.index, name);
        }
    }
}

/// Only what was in doubt or buffered before the list was asked for can be judged by it.
void Engine::judge_pending(Device& device,
                           const std::vector<nidd::NiddDownlinkDataTransfer>& pending,
                           OperationId id) {
    const std::vector<MessageId> names = device.activity->messages;
    std::vector<std::string> claimed;
    for (const MessageId& name : names) {
        if (const Message* message = message_at(name)) claimed.push_back(message->transfer_id);
    }
    for (const MessageId& name : names) {
        Message* message = message_at(name);
        if (message == nullptr || message->judged_by > id) continue;
        const bool in_doubt = message->device_leg == DeviceLeg::in_doubt;
        if (!in_doubt && message->device_leg != DeviceLeg::net_buffered) continue;
        const Bytes octets = message->octets();
        const auto found = std::find_if(pending.begin(), pending.end(), [&](const auto& transfer) {
            const auto link = nidd::transfer_link_of(transfer.self);
            if (!link) return false;
            if (!in_doubt) return link->transfer_id == message->transfer_id;
            return transfer.data == octets &&
                   std::find(claimed.begin(), claimed.end(), link->transfer_id) == claimed.end();
        });
        if (found == pending.end()) {
            apply(*message, DownlinkEvent::missing_at_scef, {});
        } else if (in_doubt) {
            claimed.push_back(nidd::transfer_link_of(found->self)->transfer_id);
            apply(*message, DownlinkEvent::found_at_scef, {.transfer_id = claimed.back()});
        }
    }
}

void Engine::withdraw(Device& device, Message& message) {
    if (message.transfer_id.empty()) return;
    call_t8(device, Purpose::withdraw, message.id,
            {nidd::T8Request::Operation::delete_delivery, device.nidd.configuration_id,
             message.transfer_id, ""});
}

void Engine::on_withdrawn(Message& message, const nidd::T8Answer& answer) {
    const bool answered = answer.transport == nidd::T8Answer::Transport::answered;
    if (answered && (answer.status == 204 || answer.status == 200)) {
        return apply(message, DownlinkEvent::deleted_at_scef, {.reason = Reason::ttl});
    }
    const bool has_time = message.expires_at > turn_->wall;
    if (message.device_leg != DeviceLeg::net_buffered || !message.cancel_requested || !has_time) {
        return apply(message, DownlinkEvent::too_late_at_scef, {.reason = Reason::ttl});
    }
    if (answered && (answer.status == 409 || answer.status == 404)) {  // it is on its way
        message.cancel_requested = false;
        message.reason = Reason::none;
        write_timeline(message, "too late to cancel");
        message.resent = true;  // whatever became of it, it is not sent again
        if (answer.status == 404) apply(message, DownlinkEvent::missing_at_scef, {});
        return;
    }
    schedule(turn_->now + reconcile_pause, TimerKind::reconcile, message.device, message.id);
}

// ---- The table at work

void Engine::apply(Message& message, DownlinkEvent event, const Facts& facts) {
    const queueing::DownlinkRow* row = queueing::find_row(message, event);
    if (row == nullptr) {
        ++counters_.events_ignored;
        return;
    }
    Device& device = *device_at(message.device);
    if (!facts.transfer_id.empty()) message.transfer_id = facts.transfer_id;
    const bool repeats = event == DownlinkEvent::device_timer && row->to == DeviceLeg::queued;
    if (repeats || event == DownlinkEvent::acknowledged) message.resent = true;
    message.device_leg = row->to;
    if (row->to != DeviceLeg::queued && row->to != DeviceLeg::retry_wait) {
        leave_queue(device, message);
    }
    note_leg(device, message, facts);
    for (const DownlinkAction action : row->actions) perform(action, device, message, facts);
    if (message.device_leg == DeviceLeg::net_buffered) {
        auto& early = device.active().early_statuses;
        const auto found = std::find_if(early.begin(), early.end(), [&](const EarlyStatus& status) {
            return status.transfer_id == message.transfer_id && status.forget_at > turn_->now;
        });
        if (found != early.end()) {
            const auto status = found->status;
            early.erase(found);
            apply_status(message, status);
        }
    }
}

/// State and reason as people see them follow from the device leg.
void Engine::note_leg(Device& device, Message& message, const Facts& facts) {
    const MessageState before = message.state;
    const Reason reason_before = message.reason;
    switch (message.device_leg) {
        case DeviceLeg::queued:
            message.state = MessageState::queued;
            message.reason = Reason::retry;
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
    changed(message);
}

void Engine::perform(DownlinkAction action, Device& device, Message& message, const Facts& facts) {
    switch (action) {
        case DownlinkAction::await_answer:
            message.answer_due = turn_->now + device.profile->device_ack_timeout;
            schedule(message.answer_due, TimerKind::answer, device.index, message.id);
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
                "scef=" + config_->scefs[device.scef].name + " cause=" + facts.cause);
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
            if (message.kind == MessageKind::request && message.server.state != ServerLeg::none) {
                auto& late = device.active().late_answers;
                if (late.size() >= late_answers_max) late.pop_front();
                late.push_back({message.frame.token, message.server, turn_->now + non_lifetime});
                schedule(late.back().forget_at, TimerKind::pump, device.index);
            }
            return finish(device, message, MessageState::delivered, Reason::none);
        case DownlinkAction::forward_answer:
            message.level = DeliveryLevel::coap;
            forward_answer(device, message, *facts.answer);
            return finish(device, message, MessageState::delivered, Reason::answered);
        case DownlinkAction::report_late:
            ++counters_.late_results;
            message.level = DeliveryLevel::coap;
            message.response_code = facts.answer->code;
            message.response_payload = facts.answer->payload;
            return finish(device, message, MessageState::delivered, Reason::answered);
        case DownlinkAction::forward_reset:
            if (message.kind == MessageKind::request)
                update_observation(device, message, *facts.answer);
            if (message.server.state == ServerLeg::open) {
                Bytes reset = coap::serialize(coap::make_reset(message.server.message_id));
                server_requests_.set_answer(
                    queueing::RequestHistory::key(message.server.endpoint, message.server.peer,
                                                  message.server.message_id),
                    message.server.datagram_hash, reset);
                message.server.response = reset;
                send_to_server(message.server.endpoint, message.server.peer, std::move(reset));
                message.server.state = ServerLeg::done;
                return;
            }
            return signal(device, message, coap::codes::bad_gateway);
        case DownlinkAction::signal_expiry:
            return signal_expiry(device, message);
        case DownlinkAction::signal_failure:
            return signal(device, message, coap::codes::bad_gateway);
        case DownlinkAction::signal_too_large:
            return signal(device, message, coap::codes::request_entity_too_large);
        case DownlinkAction::finish_expired:
            return message.cancel_requested
                       ? finish(device, message, MessageState::canceled, message.reason)
                       : finish(device, message, MessageState::expired, Reason::ttl);
        case DownlinkAction::finish_failed:
            if (facts.answer != nullptr) {
                return finish(device, message, MessageState::failed, Reason::reset_by_device);
            }
            return finish(device, message, MessageState::failed,
                          facts.reason == Reason::none ? Reason::refused_by_scef : facts.reason);
        case DownlinkAction::finish_dead:
            return finish(device, message, MessageState::dead, Reason::attempts);
        case DownlinkAction::finish_unconfirmed:
            return finish(device, message, MessageState::unconfirmed, Reason::unknown_outcome);
        case DownlinkAction::report_unknown:
            message.state = MessageState::unconfirmed;
            message.reason = Reason::unknown_outcome;
            return write_timeline(message);
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
    enter_queue(device, message);
    free_slot(device, message);
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
    if (++scef_failures_[device.scef] >= 5) throttle_scef(device.scef, pause);
}

void Engine::throttle_scef(std::size_t scef, Duration pause) {
    scef_blocked_until_[scef] = std::max(scef_blocked_until_[scef], turn_->now + pause);
}

void Engine::finish(Device& device, Message& message, MessageState state, Reason reason) {
    leave_queue(device, message);
    message.device_leg = DeviceLeg::done;
    message.state = state;
    message.reason = reason;
    message.answer_due = never;
    if (message.server.state == ServerLeg::open ||
        message.server.state == ServerLeg::acknowledged) {
        message.server.state = ServerLeg::gone;
    }
    ++counters_.messages_ended[static_cast<std::size_t>(state)];
    write_timeline(message);
    free_slot(device, message);
    DeviceActivity& active = device.active();
    const auto open = active.open_by_token.find(message.frame.token);
    if (open != active.open_by_token.end() && open->second == message.id) {
        active.open_by_token.erase(open);
    }
    if (message.server.state != ServerLeg::responding) close(device, message);
}

void Engine::close(Device& device, Message& message) {
    DeviceActivity& active = device.active();
    active.messages.erase(std::remove(active.messages.begin(), active.messages.end(), message.id),
                          active.messages.end());
    bytes_open_ -= message.octets().size();
    visit(device);
    const auto found = messages_.find(message.id);
    if (found == messages_.end()) return;
    ended_messages_.push_back(std::move(found->second));
    messages_.erase(found);
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
