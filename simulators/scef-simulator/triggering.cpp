#include "simulators/scef-simulator/triggering.h"

#include <algorithm>
#include <utility>

#include "simulators/scef-simulator/random_id.h"
#include "simulators/scef-simulator/t8_members.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

/// Ended transactions that can still be read.
constexpr std::size_t ended_max = 10'000;

}  // namespace

Triggering::Triggering(const Settings& settings)
    : delay_(Duration(static_cast<Duration::rep>(
          static_cast<double>(settings.triggers.delay.count()) / settings.time_scale))),
      retry_(settings.timers.faster(settings.time_scale).contact_retry),
      reaches_psm_(settings.triggers.reaches_psm),
      pdn_port_(settings.triggers.pdn_port),
      link_(settings.link) {}

Result<std::string> Triggering::create(TriggerRequest request, const std::string& scs_as_id,
                                       const std::string& base, const Scef& scef,
                                       const Turn& turn) {
    const std::optional<std::string> ue = scef.ue_of(request.identity);
    if (!ue) return fail(Errc::forbidden, "the subscriber is not provisioned");
    Trigger trigger;
    trigger.id = random_id(turn.random);
    trigger.scs_as_id = scs_as_id;
    trigger.self = base + "/" + trigger.id;
    trigger.ue = *ue;
    trigger.request = std::move(request);
    if (trigger.request.test_notification_requested) {
        effects_.emplace_back(Notification{Notification::Kind::test, trigger.ue,
                                           trigger.request.destination,
                                           dump(test_body(trigger.self)), std::nullopt});
    }
    std::string id = trigger.id;
    start(triggers_.emplace(id, std::move(trigger)).first->second, turn);
    return id;
}

const Trigger* Triggering::find(const std::string& scs_as_id, const std::string& id) const {
    const auto found = triggers_.find(id);
    const bool is_there = found != triggers_.end() && !found->second.is_for_pdn &&
                          found->second.scs_as_id == scs_as_id;
    return is_there ? &found->second : nullptr;
}

std::vector<const Trigger*> Triggering::of_scs_as(const std::string& scs_as_id) const {
    std::vector<const Trigger*> found;
    for (const auto& [id, trigger] : triggers_) {
        if (!trigger.is_for_pdn && trigger.scs_as_id == scs_as_id) found.push_back(&trigger);
    }
    return found;
}

void Triggering::replace(const std::string& id, TriggerRequest request, const Turn& turn) {
    Trigger& trigger = triggers_.at(id);
    std::erase(ended_, id);
    trigger.request = std::move(request);
    trigger.sequence.reset();
    start(trigger, turn);
    trigger.result = "REPLACED";
}

Trigger Triggering::recall(const std::string& id) {
    Trigger& trigger = triggers_.at(id);
    if (trigger.is_pending) trigger.result = "TERMINATE";
    trigger.is_pending = false;
    arm(trigger, never);
    pending_[trigger.ue].erase(id);
    std::erase(ended_, id);
    Trigger recalled = std::move(trigger);
    triggers_.erase(id);
    return recalled;
}

void Triggering::forget() {
    triggers_.clear();
    pending_.clear();
    deadlines_.clear();
    ended_.clear();
}

void Triggering::ask_for_pdn_connection(const std::string& ue, Instant until, const Turn& turn) {
    if (Trigger* asked = pdn_trigger_of(ue)) {
        asked->expires = std::max(asked->expires, until);
        return arm(*asked, asked->due);
    }
    Trigger trigger;
    trigger.id = random_id(turn.random);
    trigger.ue = ue;
    trigger.is_for_pdn = true;
    trigger.request.application_port = pdn_port_;
    trigger.expires = until;
    pending_[ue].insert(trigger.id);
    effects_.emplace_back(Record{"pdn-trigger", ue, dump(json{{"port", pdn_port_}})});
    const std::string id = trigger.id;
    arm(triggers_.emplace(id, std::move(trigger)).first->second, turn.now + delay_);
}

Trigger* Triggering::pdn_trigger_of(const std::string& ue) {
    const auto waiting = pending_.find(ue);
    if (waiting == pending_.end()) return nullptr;
    for (const std::string& id : waiting->second) {
        Trigger& trigger = triggers_.at(id);
        if (trigger.is_for_pdn) return &trigger;
    }
    return nullptr;
}

bool Triggering::on_ack(const std::string& ue, std::uint32_t sequence, Scef& scef,
                        const Turn& turn) {
    const auto waiting = pending_.find(ue);
    if (waiting == pending_.end()) return false;
    for (const std::string& id : waiting->second) {
        Trigger& trigger = triggers_.at(id);
        if (trigger.sequence != sequence) continue;
        effects_.emplace_back(Record{"trigger-ack", ue, dump(json{{"sequence", sequence}})});
        end(trigger, "SUCCESS");
        scef.wake(ue, turn);
        return true;
    }
    return false;
}

void Triggering::on_ue(const std::string& ue, Scef& scef, const Turn& turn) {
    const UeRecord* record = scef.network().find(ue);
    const bool is_connected = record != nullptr && record->ue.has_pdn_connection();
    if (Trigger* asked = is_connected ? pdn_trigger_of(ue) : nullptr) end(*asked, "SUCCESS");
    const auto waiting = pending_.find(ue);
    if (waiting == pending_.end()) return;
    const std::set<std::string> ids = waiting->second;
    for (const std::string& id : ids) {
        Trigger& trigger = triggers_.at(id);
        if (trigger.due == never && can_page(trigger, scef)) attempt(trigger, scef, turn);
    }
}

void Triggering::advance(Scef& scef, const Turn& turn) {
    while (deadline() <= turn.now) {
        Trigger& trigger = triggers_.at(deadlines_.begin()->second);
        if (trigger.expires <= turn.now) {
            end(trigger, trigger.sequence ? "UNCONFIRMED" : "EXPIRED");
        } else {
            attempt(trigger, scef, turn);
        }
    }
}

Instant Triggering::deadline() const {
    return deadlines_.empty() ? never : deadlines_.begin()->first;
}

Effects Triggering::take_effects() { return std::exchange(effects_, {}); }

/// An SMS finds every UE that listens to paging, and if so set one in PSM too.
bool Triggering::can_page(const Trigger& trigger, const Scef& scef) const {
    const UeRecord* record = scef.network().find(trigger.ue);
    if (record == nullptr || !record->has_modem) return false;
    const UeState state = record->ue.state();
    return record->ue.hears() || state == UeState::no_pdn ||
           (reaches_psm_ && state == UeState::psm);
}

/// A validity period of 0 is one attempt (TS 23.040 9.2.3.12: no storing).
void Triggering::attempt(Trigger& trigger, Scef& scef, const Turn& turn) {
    const bool is_once = trigger.expires == never;
    if (trigger.attempts > link_.repeats_max) {
        effects_.emplace_back(Record{"trigger-unanswered", trigger.ue, "{}"});
        if (is_once) return end(trigger, "FAILURE");
        trigger.attempts = 0;
        return arm(trigger, turn.now + retry_);
    }
    if (can_page(trigger, scef)) return send(trigger, scef, turn);
    if (is_once) return end(trigger, "FAILURE");
    trigger.attempts = 0;
    arm(trigger, never);
}

void Triggering::send(Trigger& trigger, Scef& scef, const Turn& turn) {
    const bool is_repeated = trigger.sequence.has_value();
    if (!is_repeated) trigger.sequence = scef.next_sequence(trigger.ue, turn);
    trigger.attempts += 1;
    const TriggerRequest& request = trigger.request;
    effects_.emplace_back(Record{is_repeated ? "trigger-repeat" : "trigger", trigger.ue,
                                 dump(json{{"sequence", *trigger.sequence},
                                           {"port", request.application_port},
                                           {"data", to_hex(request.payload)}})});
    modem_link::Frame frame{
        modem_link::Kind::trigger, trigger.ue, *trigger.sequence, "", "", request.payload};
    frame.port = request.application_port;
    effects_.emplace_back(ToModem{std::move(frame)});
    arm(trigger, turn.now + link_.repeat);
}

void Triggering::start(Trigger& trigger, const Turn& turn) {
    constexpr std::chrono::seconds longest = std::chrono::hours(24 * 365);
    const std::chrono::seconds validity = trigger.request.validity;
    trigger.expires =
        validity.count() == 0 ? never : turn.now + Duration(std::min(validity, longest));
    trigger.is_pending = true;
    trigger.attempts = 0;
    pending_[trigger.ue].insert(trigger.id);
    arm(trigger, turn.now + delay_);
}

void Triggering::end(Trigger& trigger, const char* result) {
    trigger.result = result;
    trigger.is_pending = false;
    arm(trigger, never);
    const auto waiting = pending_.find(trigger.ue);
    waiting->second.erase(trigger.id);
    if (waiting->second.empty()) pending_.erase(waiting);
    if (trigger.is_for_pdn) {
        triggers_.erase(std::string(trigger.id));
        return;
    }
    effects_.emplace_back(Notification{Notification::Kind::trigger_report, trigger.ue,
                                       trigger.request.destination,
                                       dump(trigger_report_body(trigger)), std::nullopt});
    ended_.push_back(trigger.id);
    if (ended_.size() <= ended_max) return;
    triggers_.erase(ended_.front());
    ended_.pop_front();
}

void Triggering::arm(Trigger& trigger, Instant due) {
    if (trigger.armed != never) deadlines_.erase({trigger.armed, trigger.id});
    trigger.due = due;
    trigger.armed = trigger.is_pending ? std::min(due, trigger.expires) : never;
    if (trigger.armed != never) deadlines_.emplace(trigger.armed, trigger.id);
}

}  // namespace scef::scef_simulator
