#include "simulators/scef-simulator/monitoring.h"

#include <algorithm>
#include <utility>

#include "simulators/scef-simulator/random_id.h"
#include "simulators/scef-simulator/t8_members.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

constexpr int ue_detached = 0;             // TS 29.336 8.4.58: UE_DETACHED_MME
constexpr int detection_time_expired = 2;  // MAX_DETECTION_TIME_EXPIRED_MME

bool is_reachable(const UeRecord& record) { return record.has_modem && record.ue.hears(); }

/// Until when a UE that can be reached now can be reached, as far as the network knows.
std::optional<WallTime> available_until(const UeRecord& record, const Turn& turn) {
    const Ue& ue = record.ue;
    const Instant next = ue.deadline();
    if (!is_reachable(record) || next == never) return std::nullopt;
    if (ue.sleep_mode() == UeState::connected) return std::nullopt;
    const bool stays_idle = ue.state() == UeState::connected && ue.sleep_mode() == UeState::psm;
    const Duration left = (next - turn.now) + (stays_idle ? ue.timers().active : Duration::zero());
    return turn.wall + left;
}

}  // namespace

Result<Monitoring::Created> Monitoring::create(SubscriptionRequest request,
                                               const std::string& scs_as_id,
                                               const std::string& base, const Scef& scef,
                                               const Turn& turn) {
    const std::optional<std::string> ue = scef.ue_of(request.identity);
    if (!ue) return fail(Errc::forbidden, "the subscriber is not provisioned");
    const UeRecord* record = scef.network().find(*ue);
    Subscription subscription;
    subscription.scs_as_id = scs_as_id;
    subscription.ue = *ue;
    subscription.request = std::move(request);
    const bool is_so = record != nullptr && is_reachable(*record) &&
                       subscription.request.type == MonitoringType::ue_reachability;
    if (is_so && subscription.request.reports_max == 1) {
        Report now;
        now.time = turn.wall;
        now.available_until = available_until(*record, turn);
        return Created(to_json(now, subscription, record->ue));
    }
    subscription.id = random_id(turn.random);
    subscription.self = base + "/" + subscription.id;
    std::string id = subscription.id;
    Subscription& made = subscriptions_.emplace(id, std::move(subscription)).first->second;
    by_ue_[*ue].insert(id);
    arm_end(made);
    if (made.request.test_notification_requested) {
        effects_.emplace_back(Notification{Notification::Kind::test, made.ue,
                                           made.request.destination, dump(test_body(made.self)),
                                           std::nullopt});
    }
    if (record != nullptr) look(made, *record, turn);
    return Created(std::move(id));
}

const Subscription* Monitoring::find(const std::string& scs_as_id, const std::string& id) const {
    const auto found = subscriptions_.find(id);
    const bool is_there = found != subscriptions_.end() && found->second.scs_as_id == scs_as_id;
    return is_there ? &found->second : nullptr;
}

std::vector<const Subscription*> Monitoring::of_scs_as(const std::string& scs_as_id) const {
    std::vector<const Subscription*> found;
    for (const auto& [id, subscription] : subscriptions_) {
        if (subscription.scs_as_id == scs_as_id) found.push_back(&subscription);
    }
    return found;
}

void Monitoring::replace(const std::string& id, SubscriptionRequest request) {
    Subscription& subscription = subscriptions_.at(id);
    if (subscription.request.expires) ends_.erase({*subscription.request.expires, id});
    subscription.request = std::move(request);
    subscription.reports = 0;
    arm_end(subscription);
}

void Monitoring::remove(const std::string& id) {
    const auto found = subscriptions_.find(id);
    if (found == subscriptions_.end()) return;
    Subscription& subscription = found->second;
    watch_silence(subscription, never);
    if (subscription.request.expires) ends_.erase({*subscription.request.expires, id});
    const auto watched = by_ue_.find(subscription.ue);
    watched->second.erase(id);
    if (watched->second.empty()) by_ue_.erase(watched);
    subscriptions_.erase(found);
}

void Monitoring::forget() {
    subscriptions_.clear();
    by_ue_.clear();
    ends_.clear();
    silences_.clear();
}

void Monitoring::on_ue(const std::string& ue, const Scef& scef, const Turn& turn) {
    const auto watched = by_ue_.find(ue);
    const UeRecord* record = scef.network().find(ue);
    if (watched == by_ue_.end() || record == nullptr) return;
    const std::set<std::string> ids = watched->second;
    for (const std::string& id : ids) look(subscriptions_.at(id), *record, turn);
}

void Monitoring::on_downlink_failed(const std::string& ue) {
    const auto watched = by_ue_.find(ue);
    if (watched == by_ue_.end()) return;
    for (const std::string& id : watched->second) subscriptions_.at(id).failed = true;
}

void Monitoring::advance(const Scef& scef, const Turn& turn) {
    while (!ends_.empty() && ends_.begin()->first <= turn.wall) {
        const std::string id = ends_.begin()->second;
        remove(id);
    }
    while (!silences_.empty() && silences_.begin()->first <= turn.now) {
        Subscription& subscription = subscriptions_.at(silences_.begin()->second);
        watch_silence(subscription, never);
        const UeRecord* record = scef.network().find(subscription.ue);
        report(subscription, *record, turn, /*is_idle=*/false, detection_time_expired);
    }
}

Instant Monitoring::deadline(const Turn& turn) const {
    Instant next = silences_.empty() ? never : silences_.begin()->first;
    if (!ends_.empty()) next = std::min(next, turn.now + (ends_.begin()->first - turn.wall));
    return next;
}

Effects Monitoring::take_effects() { return std::exchange(effects_, {}); }

/// Compares the UE with what the subscription saw last. It may end the subscription.
void Monitoring::look(Subscription& subscription, const UeRecord& record, const Turn& turn) {
    const SubscriptionRequest& request = subscription.request;
    const UeState state = record.ue.state();
    const bool is_heard = is_reachable(record);
    const bool was_heard = std::exchange(subscription.was_reachable, is_heard);
    const bool became_reachable = is_heard && !was_heard;
    const UeState before = std::exchange(subscription.last_state, state);
    const bool fell_idle = before == UeState::connected &&
                           (state == UeState::idle || state == UeState::edrx) && request.tells_idle;
    if (request.type == MonitoringType::loss_of_connectivity) {
        if (state == UeState::connected || state == UeState::detached) {
            watch_silence(subscription, never);
        } else if (before == UeState::connected && request.detection_time) {
            watch_silence(subscription, turn.now + *request.detection_time);
        }
        if (state == UeState::detached && before != UeState::detached) {
            report(subscription, record, turn, /*is_idle=*/false, ue_detached);
        }
        return;
    }
    const bool awaits_failure = request.type == MonitoringType::availability_after_ddn_failure;
    if (became_reachable && (!awaits_failure || subscription.failed)) {
        subscription.failed = false;
        report(subscription, record, turn, /*is_idle=*/false);
    } else if (fell_idle && !awaits_failure) {
        report(subscription, record, turn, /*is_idle=*/true);
    }
}

void Monitoring::report(Subscription& subscription, const UeRecord& record, const Turn& turn,
                        bool is_idle, std::optional<int> loss_reason) {
    Report event;
    event.time = turn.wall;
    event.tells_idle = is_idle;
    event.loss_reason = loss_reason;
    if (!loss_reason) event.available_until = available_until(record, turn);
    subscription.reports += 1;
    effects_.emplace_back(Notification{
        Notification::Kind::monitoring, subscription.ue, subscription.request.destination,
        dump(notification_body(event, subscription, record.ue)), std::nullopt});
    if (subscription.is_spent()) {
        const std::string id = subscription.id;
        remove(id);
    }
}

void Monitoring::arm_end(const Subscription& subscription) {
    const auto& end = subscription.request.expires;
    if (end) ends_.emplace(*end, subscription.id);
}

void Monitoring::watch_silence(Subscription& subscription, Instant lost_at) {
    if (subscription.lost_at != never) silences_.erase({subscription.lost_at, subscription.id});
    subscription.lost_at = lost_at;
    if (lost_at != never) silences_.emplace(lost_at, subscription.id);
}

}  // namespace scef::scef_simulator
