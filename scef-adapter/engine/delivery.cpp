#include <algorithm>
#include <utility>

#include "scef-adapter/engine/block_transfers.h"
#include "scef-adapter/engine/delivery_body.h"
#include "scef-adapter/engine/effective_quota.h"
#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/quota_gate.h"
#include "scef-adapter/engine/replacement.h"
#include "scef-adapter/engine/wake.h"

/// When and how a queued message goes to the SCEF (docs/life-of-a-message.md, 5).
namespace scef::adapter {

using queueing::DeviceLeg;
using queueing::MessageKind;
using queueing::MessageState;
using queueing::OrderClass;
using queueing::Priority;
using queueing::Reason;
using queueing::UplinkKind;

namespace {

/// While the server has not answered a device's request, or the SCEF has not taken that answer,
/// other messages leave the device's window to it, but no longer than this (exchanges D18). Two
/// POSTs that are open at a time may reach the device in either order, and a client that waits for
/// an answer may refuse a request.
constexpr Duration answer_precedence = std::chrono::seconds(8);
/// The owner of a shared quota answers in milliseconds; before that nobody may be told that the
/// quota is used up.
constexpr Duration owner_patience = std::chrono::seconds(1);

}  // namespace

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

bool Engine::is_reachable(const Device& device, Instant now, WallTime wall) const {
    return window_at(effective_reachability(device.profile->reachability, device.power),
                     device.last_uplink, device.reachable_until, now, wall)
        .open;
}

Window Engine::window_of(const Device& device) const {
    return window_at(effective_reachability(device.profile->reachability, device.power),
                     device.last_uplink, device.reachable_until, turn_->now, turn_->wall);
}

/// The device's own word on its power saving and on the network's rate control, in what passes by
/// in the clear. `path` is that of the request or observation; without one the payload names its
/// paths (composites, Send).
void Engine::learn_in_passing(Device& device, std::string_view path, const coap::Message& told) {
    constexpr std::uint16_t cellular_connectivity = 10, apn_connection_profile = 11;
    const auto base = lwm2m::Path::parse(path.empty() ? "/" : path);
    if (!base) return;
    if (base->depth() > 0 && base->object() != cellular_connectivity &&
        base->object() != apn_connection_profile) {
        return;
    }
    if (told.find(coap::options::oscore) != nullptr) return;
    if (told.code.is_response() && told.code.code_class() != 2) return;
    const auto values = lwm2m::reported_values(*base, told);
    const PowerReport power = learn_power(device.power, values);
    const RateControlReport rate_control = learn_rate_control(device.rate_control, values);
    if (power != device.power) {
        device.power = power;
        changed(device);
    }
    if (rate_control != device.rate_control) {
        take_rate_control(device, rate_control, quota_time());
        changed(device);
        usage_changed(device);
    }
}

/// Sends everything that may go now, replies first; one request is in flight at a time.
void Engine::pump(Device& device) {
    if (!device.activity) return;
    DeviceActivity& active = device.active();
    Replacement(*this, device).pump();
    while (true) {
        MessageId head = active.queue.head();
        if (head.empty()) return;
        Message* message = message_at(head);
        if (message->expires_at <= turn_->wall) {  // the clock may have been set
            apply(*message, DownlinkEvent::ttl, {.reason = Reason::ttl});
            continue;
        }
        if (!message->is_reply() && !active.in_flight.empty()) return;
        if (!message->is_reply() && is_frozen(device)) {
            if (Message* urgent = bootstrap_head(device)) message = urgent;
        }
        const auto hold = holding(device, *message);
        if (hold) {
            if (hold->reject_code != 0 && message->attempts == 0) {
                QuotaGate(*this, device).reject(*message, *hold);
                continue;
            }
            if (hold->is_shared && QuotaGate(*this, device).ask(*message)) {
                active.owner_answers_by = turn_->now + owner_patience;
            }
            if (hold->is_shared && hold->until == never && active.owner_answers_by > turn_->now) {
                return pump_later(device, active.owner_answers_by);
            }
            if (message->reason != hold->reason) {
                message->reason = hold->reason;
                ScefCounters& counters = counters_.scefs[device.scef];
                counters.on_quota_wait_over(*message, turn_->now);
                if (hold->reason == Reason::quota) {
                    ++counters_.quota_waits;
                    counters.on_quota_wait(*message, hold->holder, turn_->now);
                }
                write_timeline(*message, hold->detail);
            }
            if (hold->until != never) pump_later(device, hold->until);
            if (hold->reason == Reason::awaiting_window) Wake(*this, device).seek_window(*message);
            return;
        }
        submit(device, *message);
    }
}

/// U13: while a device is bootstrapped, its bootstrap server's messages pass those that wait.
Engine::Message* Engine::bootstrap_head(Device& device) {
    Message* head = nullptr;
    device.active().queue.for_each([&](const MessageId& id) {
        Message* message = message_at(id);
        if (head != nullptr || message == nullptr || message->is_reply()) return;
        const VirtualEndpoint* endpoint = device.endpoint_of(message->server.endpoint);
        if (message->server.state != queueing::ServerLeg::none && endpoint != nullptr &&
            config_->lwm2m_servers[endpoint->server].bootstrap) {
            head = message;
        }
    });
    return head;
}

/// One timer for a device's queue: the earliest that was asked for.
void Engine::pump_later(Device& device, Instant when) {
    if (when >= device.active().pump_at) return;
    device.active().pump_at = when;
    schedule(when, TimerKind::pump, device.index);
}

/// Why a message may not go yet, and until when at the latest; nothing if it may.
std::optional<Engine::Hold> Engine::holding(Device& device, const Message& message) {
    if (auto hold = holding_of_device(device, message)) return hold;
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
        for (const MessageId& id : device.activity->messages) {
            const Message* reply = message_at(id);
            if (reply == nullptr || !reply->is_reply()) continue;
            const Instant until = instant_of(reply->created_at) + answer_precedence;
            if (reply->device_leg == DeviceLeg::submitting && until > turn_->now) {
                return Hold{Reason::order, until};
            }
        }
    }
    if (auto hold = window_hold(device, message)) return hold;
    return QuotaGate(*this, device).hold(message);
}

/// What holds a device's whole queue, or all but the replies to it.
std::optional<Engine::Hold> Engine::holding_of_device(const Device& device,
                                                      const Message& message) const {
    if (device.paused) return Hold{Reason::paused, never};
    if (device.nidd.status != NiddLink::Status::active) return Hold{Reason::configuration, never};
    const auto ports = device.ports_of(message.via);
    if (ports && !knows_ports(device.nidd, *ports)) return Hold{Reason::configuration, never};
    const Instant blocked =
        std::max(scef_blocked_until_[device.scef], device.activity->throttled_until);
    if (blocked > turn_->now) return Hold{Reason::throttled, blocked};
    if (message.is_reply()) return std::nullopt;
    if (device.parked) return Hold{Reason::left_binding, never};  // D22
    if (is_frozen(device)) {                                      // U13
        const VirtualEndpoint* asked_at = device.endpoint_of(message.server.endpoint);
        const bool from_bootstrap = message.server.state != queueing::ServerLeg::none &&
                                    asked_at != nullptr &&
                                    config_->lwm2m_servers[asked_at->server].bootstrap;
        if (!from_bootstrap) return Hold{Reason::bootstrap, instant_of(device.frozen_until)};
    }
    return std::nullopt;
}

std::optional<Engine::Hold> Engine::window_hold(const Device& device,
                                                const Message& message) const {
    if (message.send_now || device.profile->hold == adapter::Hold::scef) return std::nullopt;
    const Window window = window_of(device);
    if (window.open) return std::nullopt;
    if (message.device_leg == DeviceLeg::retry_wait) return std::nullopt;
    if (begins_transfer(message)) return Hold{Reason::awaiting_window, window.until};  // D23
    if (message.handed_over_by <= turn_->wall) return std::nullopt;
    return Hold{Reason::awaiting_window,
                std::min(window.until, instant_of(message.handed_over_by))};
}

/// SUBMITTING is recorded in this turn; the call to the SCEF leaves when that is durable.
void Engine::begin_attempt(Device& device, Message& message) {
    leave_queue(device, message);
    number_frame(device, message);
    message.device_leg = DeviceLeg::submitting;
    message.state = MessageState::sending;
    message.reason = Reason::none;
    message.transfer_id.clear();  // a late status of an earlier attempt tells nothing of this one
    if (message.attempts++ == 0) {
        message.first_submitted_at = turn_->wall;
    } else {
        ++counters_.deliveries_repeated;
    }
    message.last_submitted_at = turn_->wall;
    ScefCounters& counters = counters_.scefs[device.scef];
    const Window window = window_of(device);
    counters.on_quota_wait_over(message, turn_->now);
    counters.on_attempt(message, turn_->wall, window.open ? window.until : Instant{});
    counters.downlink_bytes += message.octets().size();
    if (message.kind != MessageKind::opaque) {
        CoapCounters::count(counters_.coap.downlink, message.frame);
    }
    if (!message.is_reply()) {
        message.holds_slot = true;
        device.active().in_flight = message.id;
    }
}

/// The charge is recorded in the same turn.
void Engine::submit(Device& device, Message& message) {
    begin_attempt(device, message);
    QuotaGate(*this, device).charge(message);
    ++counters_.deliveries_posted;
    write_timeline(message);
    const Window window = window_of(device);
    call_t8(device, Purpose::delivery, message.id,
            {nidd::T8Request::Operation::create_delivery,
             device.nidd.configuration_id,
             "",
             delivery_body(*config_, device, message, turn_->wall),
             "",
             "",
             {static_cast<std::uint8_t>(message.order_class), window.open ? window.until : never},
             instant_of(message.expires_at)});
}

/// The device leg has message ids of its own. Once allotted, a frame's octets never change, so that
/// a repeated one is recognised by the device (RFC 7252 4.5).
void Engine::number_frame(Device& device, Message& message) {
    if (message.frame_numbered || message.kind == MessageKind::opaque) return;
    message.frame_numbered = true;
    const bool answers_by_id = message.frame.type == coap::Type::acknowledgement ||
                               message.frame.type == coap::Type::reset;
    if (!answers_by_id) message.frame.message_id = next_device_message_id(device);
}

std::uint16_t Engine::next_device_message_id(Device& device) {
    if (device.device_message_id == device.device_message_ids_reserved) {
        device.device_message_ids_reserved =
            static_cast<std::uint16_t>(device.device_message_ids_reserved + 256);
        changed(device);
    }
    return device.device_message_id++;
}

}  // namespace scef::adapter
