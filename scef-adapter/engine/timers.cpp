#include <algorithm>

#include "scef-adapter/engine/engine.h"

/// The engine's clock: a heap of deadlines and one for the configurations of devices, each checked
/// against what its object says when it is due.
namespace scef::adapter {

using queueing::DeviceIndex;
using queueing::DeviceLeg;
using queueing::Reason;

Instant Engine::next_deadline() const {
    return std::min(next_timer(), scope_quotas_.next_deadline());
}

Instant Engine::next_timer() const {
    const Instant next = timers_.empty() ? never : timers_.front().due;
    return std::min({next, configuration_timers_.next(), registration_timers_.next()});
}

void Engine::schedule(Instant due, TimerKind kind, DeviceIndex device, const MessageId& id) {
    if (kind == TimerKind::configuration) return configuration_timers_.add(due, device);
    if (kind == TimerKind::registration) return registration_timers_.add(due, device);
    timers_.push_back({due, kind, device, id});
    std::push_heap(timers_.begin(), timers_.end());
}

Instant Engine::instant_of(WallTime time) const { return turn_->now + (time - turn_->wall); }

void Engine::on_time() {
    for (Instant due = next_timer(); due <= turn_->now; due = next_timer()) {
        if (configuration_timers_.next() == due) {
            Device* device = device_at(configuration_timers_.pop());
            if (device != nullptr) configuration_due(*device);
            continue;
        }
        if (registration_timers_.next() == due) {
            Device* device = device_at(registration_timers_.pop());
            if (device != nullptr) lifetime_due(*device);
            continue;
        }
        const Timer timer = timers_.front();
        std::pop_heap(timers_.begin(), timers_.end());
        timers_.pop_back();
        fire(timer);
    }
}

/// What ends leaves its timers behind; they are swept out before they outnumber the living.
void Engine::forget_dead_timers() {
    const auto is_known = [this](DeviceIndex index) { return devices_.contains(index); };
    configuration_timers_.forget_dead(is_known);
    registration_timers_.forget_dead(is_known);
    if (timers_.size() < timers_checked_) return;
    std::erase_if(timers_, [this](const Timer& timer) {
        if (timer.kind == TimerKind::pump) return !devices_.contains(timer.device);
        return !messages_.contains(timer.id) && uplink_at(timer.id) == nullptr;
    });
    std::make_heap(timers_.begin(), timers_.end());
    timers_checked_ = std::max<std::size_t>(1024, timers_.size() * 2);
}

/// Timers are never taken back: each is checked against what its object says now.
void Engine::fire(const Timer& timer) {
    Message* message = message_at(timer.id);
    Uplink* uplink = uplink_at(timer.id);
    const bool is_alive = message != nullptr || uplink != nullptr || timer.kind == TimerKind::pump;
    Device* device = is_alive ? device_at(timer.device) : nullptr;
    if (device == nullptr) return;
    if (timer.kind == TimerKind::pump) {
        if (device->activity && device->activity->pump_at == timer.due) {
            device->activity->pump_at = never;
        }
        if (device->activity) forget_old_answers(*device);
        return pump(*device);
    }
    if (message != nullptr) return fire(timer, *device, *message);
    fire(timer, *device, *uplink);
}

void Engine::fire(const Timer& timer, Device& device, Message& message) {
    switch (timer.kind) {
        case TimerKind::ack_hold:
            return custody_due(device, message);
        case TimerKind::response_copy:
            return response_copy_due(device, message, timer.due);
        case TimerKind::answer:
            if (message.answer_due == timer.due) {
                apply(message, DownlinkEvent::device_timer, {});
            }
            return;
        case TimerKind::ttl:
            if (turn_->wall < message.expires_at) {
                return schedule(instant_of(message.expires_at), TimerKind::ttl, timer.device,
                                timer.id);
            }
            return apply(message, DownlinkEvent::ttl, {.reason = Reason::ttl});
        case TimerKind::reconcile:
            if (message.cancel_requested) return withdraw(device, message);
            if (message.device_leg == DeviceLeg::in_doubt ||
                message.device_leg == DeviceLeg::net_buffered || message.is_taking_a_place()) {
                reconcile(device, message);
            }
            return;
        case TimerKind::linger:
            return apply(message, DownlinkEvent::lingered, {});
        case TimerKind::separate_limit:
            return limit_due(device, message);
        default:
            return;
    }
}

void Engine::fire(const Timer& timer, Device& device, Uplink& uplink) {
    switch (timer.kind) {
        case TimerKind::uplink_copy:
            return uplink_copy_due(device, uplink, timer.due);
        case TimerKind::uplink_retry:
            if (uplink.retry_at == timer.due) apply(device, uplink, UplinkEvent::retry_due);
            return;
        case TimerKind::uplink_sent:
            return apply(device, uplink, UplinkEvent::sent);
        case TimerKind::uplink_slow:
            return apply(device, uplink, UplinkEvent::slow);
        case TimerKind::uplink_ttl:
            if (turn_->wall < uplink.expires_at) {
                return schedule(instant_of(uplink.expires_at), TimerKind::uplink_ttl, timer.device,
                                timer.id);
            }
            return apply(device, uplink, UplinkEvent::expired);
        default:
            return;
    }
}

}  // namespace scef::adapter
