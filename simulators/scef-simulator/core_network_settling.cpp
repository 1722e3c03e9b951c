#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "simulators/scef-simulator/core_network.h"
#include "simulators/scef-simulator/ue_terms.h"

/// What follows from any change of a UE: which deliveries go, wait or end, and what the modem
/// hears.
namespace scef::scef_simulator {

/// After anything that may have changed a UE: end what cannot go on, send the next frames or answer
/// those that cannot be sent, tell the modem, set the alarm.
void CoreNetwork::settle(Place ue, const Turn& turn) {
    UeRecord& record = ue->second;
    record.ue.advance(turn.now);
    tell_state(ue);
    if (!record.hears()) record.flight.reset();
    give_up_hopeless(record);
    expire(record, turn);
    const bool is_connected = record.ue.has_pdn_connection();
    const bool was_connected = std::exchange(record.had_pdn_connection, is_connected);
    if (was_connected && !is_connected) deliveries_.on_pdn_connection_lost(record);
    hop_.send_next(ue->first, record, turn);
    answer_waiting(ue, turn);
    release_if_done(record, turn);
    tell_state(ue);
    arm(ue, turn);
    effects_.emplace_back(UeSettled{ue->first});
}

/// What no waiting helps: the UE said at its PDN connection that it has no reliable data service,
/// or the connection ended and the SCS/AS did not want to wait for another.
void CoreNetwork::give_up_hopeless(UeRecord& record) {
    const bool is_attached = record.ue.has_pdn_connection();
    const std::deque<DeliveryId> queue = record.queue;
    for (const DeliveryId& queued : queue) {
        const Delivery& delivery = deliveries_.at(queued);
        if (is_attached && delivery.acknowledged_by_ue &&
            record.profile.rds == RdsConduct::disabled) {
            deliveries_.fail(record, queued, "FAILURE_RDS_DISABLED", "RDS_DISABLED",
                             "the UE has the reliable data service disabled", std::nullopt);
        } else if (!is_attached && !delivery.awaits_ue_until &&
                   delivery.pdn_establishment_option == "INDICATE_ERROR") {
            deliveries_.fail(record, queued, "FAILURE_TEMPORARILY_NOT_REACHABLE",
                             "TEMPORARILY_NOT_REACHABLE", "the UE has no PDN connection",
                             std::nullopt);
        }
    }
}

void CoreNetwork::expire(UeRecord& record, const Turn& turn) {
    const std::deque<DeliveryId> queue = record.queue;
    for (const DeliveryId& queued : queue) {
        Delivery& delivery = deliveries_.at(queued);
        if (delivery.awaits_ue_until) {
            if (*delivery.awaits_ue_until <= turn.now) {
                deliveries_.finish(record, queued, "SUCCESS_UNACKNOWLEDGED");
                continue;
            }
        } else if (delivery.answered && !record.is_flying(queued) && delivery.expires <= turn.now) {
            deliveries_.finish(record, queued, "FAILURE_TIMEOUT");
            continue;
        }
        if (!delivery.answered && delivery.answer_by <= turn.now) {
            deliveries_.accept(delivery, "SENDING");
        }
    }
}

/// What is left although nothing is under way cannot be sent now.
void CoreNetwork::answer_waiting(Place ue, const Turn& turn) {
    UeRecord& record = ue->second;
    if (record.flight) return;
    const std::deque<DeliveryId> queue = record.queue;
    for (const DeliveryId& queued : queue) {
        if (!deliveries_.contains(queued)) continue;  // it made room for one before it
        Delivery& delivery = deliveries_.at(queued);
        const bool is_open = !delivery.answered || delivery.status == "SENDING";
        if (is_open && !delivery.awaits_ue_until) buffer(ue, delivery, turn);
    }
}

/// TS 23.682 5.13.3 steps 2 to 5: keeps the data for later, or says that it does not.
void CoreNetwork::buffer(Place ue, Delivery& delivery, const Turn& turn) {
    UeRecord& record = ue->second;
    const bool is_attached = record.ue.has_pdn_connection();
    const bool triggers = !is_attached && delivery.pdn_establishment_option == "SEND_TRIGGER";
    const char* refusal = nullptr;
    if (delivery.transfer.maximum_latency == std::chrono::seconds(0)) {
        refusal = "the UE is not reachable now";
    } else if (!record.profile.buffer.enabled) {
        refusal = "the UE is not reachable now and this SCEF does not buffer";
    } else if (!deliveries_.make_room(record, delivery)) {
        refusal = "the buffer of the UE is full";
    }
    if (triggers) {  // what may not be buffered comes again, so it has the usual time
        const bool waits = delivery.expires != never;
        effects_.emplace_back(PdnConnectionWanted{
            ue->first, waits ? delivery.expires : turn.now + buffer_time_default_});
    }
    if (refusal != nullptr) {
        return deliveries_.fail(record, DeliveryId(delivery.id),
                                "FAILURE_TEMPORARILY_NOT_REACHABLE", "TEMPORARILY_NOT_REACHABLE",
                                refusal, reachable_at(record, turn));
    }
    const char* detached = triggers ? "TRIGGERED" : "BUFFERING";
    deliveries_.accept(delivery, is_attached ? "BUFFERING_TEMPORARILY_NOT_REACHABLE" : detached);
}

void CoreNetwork::release_if_done(UeRecord& record, const Turn& turn) {
    if (record.release != modem_link::ReleaseAssistance::after_uplink || record.flight ||
        deliveries_.next_of(record) != nullptr) {
        return;
    }
    record.release = modem_link::ReleaseAssistance::none;
    record.ue.on_release(turn.now);
}

void CoreNetwork::tell_state(Place ue) {
    UeRecord& record = ue->second;
    const UeState state = record.ue.state();
    const bool is_changed = std::exchange(record.told, state) != state;
    if (is_changed) {
        effects_.emplace_back(
            Record{"state", ue->first, nlohmann::json{{"state", name_of(state)}}.dump()});
    }
    if (!record.has_modem || (!is_changed && !record.has_news)) return;
    effects_.emplace_back(
        ToModem{tell(modem_link::Kind::state, ue->first, record, frame_octets_max_)});
}

void CoreNetwork::arm(Place ue, const Turn& turn) {
    UeRecord& record = ue->second;
    Instant next = record.ue.deadline();
    if (record.flight) next = std::min(next, record.flight->next);
    for (const DeliveryId& queued : record.queue) {
        next = std::min(next, deadline_of(record, deliveries_.at(queued)));
    }
    if (const Delivery* held = deliveries_.next_of(record); held != nullptr && record.hears()) {
        next = std::min(next, record.rates.sends_again(turn.now).value_or(never));
    }
    if (record.armed != never) deadlines_.erase({record.armed, ue->first});
    record.armed = next;
    if (next != never) deadlines_.emplace(next, ue->first);
}

Instant CoreNetwork::deadline_of(const UeRecord& record, const Delivery& delivery) const {
    Instant next = delivery.answered ? never : delivery.answer_by;
    if (delivery.awaits_ue_until) return std::min(next, *delivery.awaits_ue_until);
    if (delivery.answered && !record.is_flying(delivery.id)) next = delivery.expires;
    return next;
}

bool CoreNetwork::is_being_sent(const UeRecord& record, const Delivery& delivery) const {
    return delivery.awaits_ue_until || record.is_flying(delivery.id);
}

}  // namespace scef::scef_simulator
