#include <algorithm>
#include <array>
#include <utility>

#include "nidd/types/t8_json.h"
#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/replacement.h"

/// What the SCEF answers and reports about deliveries, and what is asked of it to settle a doubt
/// (docs/life-of-a-message.md, 6; docs/t8-outcomes.md).
namespace scef::adapter {

using queueing::DeviceLeg;
using queueing::Reason;

namespace {

constexpr Duration early_status_life = std::chrono::seconds(60);
constexpr std::size_t early_statuses_max = 16;
constexpr Duration reconcile_pause = std::chrono::seconds(5);

/// When to ask again what was not answered for good.
Duration pause_after(const nidd::T8Answer& answer) {
    return std::max(reconcile_pause, answer.retry_after.value_or(Duration{}));
}

/// The SCEF has no such resource (any more).
bool is_gone(const nidd::T8Answer& answer) {
    return answer.transport == nidd::T8Answer::Transport::answered &&
           (answer.status == 404 || answer.status == 410);
}

}  // namespace

void Engine::on_delivery_answer(Message& message, const nidd::T8Answer& answer,
                                const std::string& configuration_id) {
    using Kind = nidd::DeliveryOutcome::Kind;
    static constexpr std::array<DownlinkEvent, 11> events{
        DownlinkEvent::delivered,      DownlinkEvent::buffered,
        DownlinkEvent::doubtful,       DownlinkEvent::throttled,
        DownlinkEvent::too_large,      DownlinkEvent::refused,
        DownlinkEvent::not_authorized, DownlinkEvent::configuration_lost,
        DownlinkEvent::attempt_failed, DownlinkEvent::not_sent,
        DownlinkEvent::expired_unsent};
    Device& device = *device_at(message.device);
    const auto outcome =
        nidd::classify_delivery(answer, configuration_id, config_->scefs[device.scef].profile);
    if (outcome.kind == Kind::delivered || outcome.kind == Kind::buffered) {
        scef_failures_[device.scef] = 0;
        device.active().throttles = 0;
        device.nidd.recreated = false;
    }
    if (message.is_reply()) pump_later(device, turn_->now);  // D18: what waited for it
    const DownlinkEvent event = events[static_cast<std::size_t>(outcome.kind)];
    const bool is_current = configuration_id == device.nidd.configuration_id;
    apply(message, event,
          {.status = outcome.status,
           .transfer_id = outcome.transfer_id,
           .cause = outcome.cause,
           .retry_after = outcome.retry_after,
           .retry_at = outcome.retry_at,
           .reason = event == DownlinkEvent::too_large ? Reason::too_large : Reason::none,
           .quota_is_used_up = outcome.quota_is_used_up,
           .configuration_is_current = is_current});
    if (event == DownlinkEvent::buffered && !is_current) {
        apply(message, DownlinkEvent::missing_at_scef, {});
    }
}

/// D24: the message ended while its POST was open, mostly because the device answered first. A copy
/// that the SCEF still holds would be a second one.
void Engine::withdraw_orphan(Device& device, const nidd::T8Answer& answer,
                             const Operation& operation) {
    const auto outcome = nidd::classify_delivery(answer, operation.configuration_id,
                                                 config_->scefs[operation.scef].profile);
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
            if (Replacement(*this, device).is_unsettled(*message)) {
                post_is_open = true;
                break;
            }
            apply_status(*message, status);
            return 204;
        }
        post_is_open =
            post_is_open || message->device_leg == DeviceLeg::submitting ||
            message->device_leg == DeviceLeg::in_doubt ||
            (message->device_leg == DeviceLeg::expired_in_flight && message->transfer_id.empty());
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
    Replacement replacement(*this, device);
    if (message.is_taking_a_place()) return replacement.ask(message);
    if (replacement.is_contested(message)) return;  // the answer to that tells of it, too
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
    if (is_gone(answer)) {
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
    // Each has its own timer, for any of them may end meanwhile; the first asks for all.
    for (const MessageId& name : device.activity->messages) {
        const Message* message = message_at(name);
        if (message != nullptr && message->judged_by <= id &&
            (message->device_leg == DeviceLeg::in_doubt ||
             message->device_leg == DeviceLeg::net_buffered)) {
            schedule(turn_->now + pause_after(answer), TimerKind::reconcile, device.index, name);
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
        if (message == nullptr || message->judged_by > id || message->is_taking_a_place()) continue;
        const bool in_doubt = message->device_leg == DeviceLeg::in_doubt;
        if (!in_doubt && message->device_leg != DeviceLeg::net_buffered) continue;
        const Bytes octets = message->octets();
        const auto found = std::find_if(pending.begin(), pending.end(), [&](const auto& transfer) {
            const auto link = nidd::transfer_link_of(transfer.self);
            if (!link) return false;
            if (!in_doubt) return link->transfer_id == message->transfer_id;
            const auto ports = device.ports_of(message->via);
            const bool is_elsewhere = transfer.rds_port && transfer.rds_port != ports;
            return transfer.data == octets && !is_elsewhere &&
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
    if (is_gone(answer) || (answered && answer.status == 409)) {  // it is on its way
        message.cancel_requested = false;
        message.reason = Reason::none;
        write_timeline(message, "too late to cancel");
        message.resent = true;  // whatever became of it, it is not sent again
        if (is_gone(answer)) apply(message, DownlinkEvent::missing_at_scef, {});
        return;
    }
    schedule(turn_->now + pause_after(answer), TimerKind::reconcile, message.device, message.id);
}

}  // namespace scef::adapter
