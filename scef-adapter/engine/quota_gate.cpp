#include "scef-adapter/engine/quota_gate.h"

#include <algorithm>
#include <utility>

#include "scef-adapter/engine/block_transfers.h"
#include "scef-adapter/engine/effective_quota.h"
#include "scef-adapter/engine/quota_scope.h"

namespace scef::adapter {

using queueing::Message;
using queueing::MessageState;
using queueing::Priority;
using queueing::Reason;

double QuotaGate::reserve_of(Priority priority) const {
    return priority == Priority::emergency ? 0 : device_.quota->emergency_reserve;
}

/// Of shared scopes a transfer is asked for frame by frame.
quota::Want QuotaGate::frame_of(const Message& message) {
    return {.octets = message.octets().size(),
            .emergency = message.priority == Priority::emergency};
}

// ---- May it?

std::optional<inside::Refusal> QuotaGate::refusal(std::size_t octets, Priority priority) const {
    const quota::QuotaTime time = engine_.quota_time();
    const quota::Want want{octets, 1, reserve_of(priority), priority == Priority::emergency};
    if (device_.quota->on_exhausted == QuotaConfig::OnExhausted::reject) {
        const DownlinkEarliest earliest = downlink_earliest(device_, time, want);
        if (earliest.at > time.now) {
            const std::string limit = limit_name(device_, earliest);
            return inside::Refusal{
                {Errc::quota_exceeded, "the downlink quota of this device is used up: " + limit},
                earliest.at - time.now,
                device_.quota->quota_reject_code,
                device_scope(device_.spec.external_id)};
        }
    }
    const auto hold = engine_.scope_quotas_.hold(device_, Direction::downlink, time, want);
    if (!hold || !hold->rejects) return std::nullopt;
    return inside::Refusal{{Errc::quota_exceeded,
                            "the downlink quota of " + hold->scope + " is used up: " + hold->limit},
                           hold->until - time.now,
                           hold->reject_code,
                           hold->scope};
}

std::optional<inside::Hold> QuotaGate::hold_of_device(const Message& message) const {
    const quota::QuotaTime time = engine_.quota_time();
    const std::uint32_t frames = frames_of(message);
    const quota::Want want{frames * message.octets().size(), frames, reserve_of(message.priority),
                           message.priority == Priority::emergency};
    const DownlinkEarliest earliest = downlink_earliest(device_, time, want);
    if (earliest.at > time.now) {
        return inside::Hold{Reason::quota, earliest.at, "device: " + limit_name(device_, earliest)};
    }
    return std::nullopt;
}

std::optional<inside::Hold> QuotaGate::hold(const Message& message) const {
    if (auto held = hold_of_device(message)) return held;
    const auto hold = engine_.scope_quotas_.hold(device_, Direction::downlink, engine_.quota_time(),
                                                 frame_of(message));
    if (!hold) return std::nullopt;
    return inside::Hold{Reason::quota,
                        hold->until,
                        hold->limit.empty() ? hold->scope : hold->scope + ": " + hold->limit,
                        true,
                        hold->rejects ? hold->reject_code : std::uint8_t{0},
                        kind_of_scope(hold->scope)};
}

bool QuotaGate::ask(const Message& message) {
    return engine_.scope_quotas_.want(device_, engine_.quota_time(), frame_of(message));
}

void QuotaGate::reject(Message& message, const inside::Hold& hold) {
    const Duration wait = hold.until - engine_.turn_->now;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    coap::Message response;
    response.code = coap::Code::from_octet(hold.reject_code);
    response.add_uint(coap::options::max_age, static_cast<std::uint32_t>(seconds));
    engine_.tell(device_, message, queueing::ServerEvent::answered, std::move(response));
    engine_.finish(device_, message, MessageState::rejected, Reason::quota, hold.detail);
}

// ---- What goes on the air

void QuotaGate::charge(const Message& message) {
    const quota::QuotaTime time = engine_.quota_time();
    const std::size_t octets = message.octets().size();
    const bool emergency = message.priority == Priority::emergency && !message.is_reply();
    const auto counted = charge_downlink(device_, time, octets, emergency);
    engine_.usage_ledger_.sent(device_, message, octets, counted);
    engine_.scope_quotas_.charge(device_, Direction::downlink, time, octets, emergency);
    engine_.usage_changed(device_);
}

bool QuotaGate::has_room_for_more(std::uint64_t octets) const {
    if (octets == 0) return true;
    const quota::QuotaTime time = engine_.quota_time();
    return device_.downlink_quota->has_room_for_more(time, octets) &&
           engine_.scope_quotas_.has_room_for_more(device_, time, octets);
}

void QuotaGate::charge_more(const Message& message, std::uint64_t octets) {
    if (octets == 0) return;
    const quota::QuotaTime time = engine_.quota_time();
    const auto counted = device_.downlink_quota->charge_more(time, octets);
    engine_.usage_ledger_.sent_more(device_, message, octets, counted);
    engine_.scope_quotas_.charge_more(device_, time, octets);
    engine_.usage_changed(device_);
}

void QuotaGate::charge_uplink(std::uint64_t octets) {
    const quota::QuotaTime time = engine_.quota_time();
    if (adapter::charge_uplink(device_, time, octets)) ++engine_.counters_.uplink_over_quota;
    engine_.usage_ledger_.received(
        device_, octets, quota::rounded_up(octets, device_.uplink_quota->limits().round_up));
    engine_.scope_quotas_.charge(device_, Direction::uplink, time, octets);
    engine_.usage_changed(device_);
}

bool QuotaGate::is_short() const {
    const quota::QuotaTime time = engine_.quota_time();
    constexpr quota::Want empty_message{.octets = 4};
    return downlink_earliest(device_, time, empty_message).at > time.now ||
           engine_.scope_quotas_.hold(device_, Direction::downlink, time, empty_message);
}

void QuotaGate::exhaust_until(Instant until) {
    device_.downlink_quota->exhaust_until(engine_.quota_time(), until);
    engine_.usage_changed(device_);
}

// ---- Dry run

quota::Amount QuotaGate::ahead_of(const Message& message) const {
    quota::Amount ahead;
    device_.activity->queue.for_each_before(message, [&](const MessageId& id) {
        ahead += {1, engine_.message_at(id)->octets().size()};
    });
    return ahead;
}

/// All that holds it, and not only the first.
std::vector<QuotaGate::Held> QuotaGate::all_holds(const Message& message) const {
    const Turn& turn = *engine_.turn_;
    std::vector<Held> all;
    const auto add = [&all](std::optional<inside::Hold> hold) {
        if (hold) all.push_back({std::move(*hold), ""});
    };
    add(engine_.holding_of_device(device_, message));
    if (message.not_before > turn.wall) {
        add(inside::Hold{Reason::not_before, engine_.instant_of(message.not_before)});
    }
    add(engine_.window_hold(device_, message));
    add(hold_of_device(message));
    for (ScopeHold& hold : engine_.scope_quotas_.holds(device_, Direction::downlink,
                                                       engine_.quota_time(), frame_of(message))) {
        inside::Hold held{Reason::quota, hold.until, std::move(hold.limit), true};
        all.push_back({std::move(held), std::move(hold.scope)});
    }
    return all;
}

DryRun QuotaGate::dry_run(const Message& message, Priority priority) const {
    DryRun run;
    const Turn& turn = *engine_.turn_;
    device_.active();  // what is asked below reads it
    const std::size_t octets = message.octets().size();
    run.octets = octets;
    run.frames = frames_of(message);
    run.octets_counted = quota::rounded_up(octets, device_.quota->downlink.round_up);
    run.expires_at = message.expires_at;
    run.want = frame_of(message);
    if (auto refusal = engine_.admit(device_, octets, priority)) {
        run.refusal = std::move(refusal->error);
        run.refusal_scope = std::move(refusal->quota_scope);
    }
    const quota::Amount ahead = ahead_of(message);
    run.queue_ahead = ahead.messages;
    // With all that goes first, as far as one can tell: of messages at most a burst is asked for.
    const quota::Want all{octets + ahead.octets, static_cast<std::uint32_t>(1 + ahead.messages),
                          reserve_of(priority), priority == Priority::emergency};
    Instant earliest = downlink_earliest(device_, engine_.quota_time(), all).at;
    for (Held& held : all_holds(message)) {
        DryRun::Wait& wait = run.waits.emplace_back();
        wait.reason = held.hold.reason;
        wait.scope = std::move(held.scope);
        wait.detail = std::move(held.hold.detail);
        if (held.hold.until == never) continue;
        wait.until = turn.wall + (held.hold.until - turn.now);
        earliest = std::max(earliest, held.hold.until);
    }
    run.earliest = turn.wall + (std::max(earliest, turn.now) - turn.now);
    return run;
}

}  // namespace scef::adapter
