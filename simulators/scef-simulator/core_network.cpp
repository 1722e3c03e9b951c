#include "simulators/scef-simulator/core_network.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

Record record_of(std::string kind, const std::string& id, const json& detail) {
    return {std::move(kind), id, detail.dump(-1, ' ', false, json::error_handler_t::replace)};
}

const char* success_of(const Delivery& delivery) {
    return delivery.acknowledged_by_ue ? "SUCCESS_ACKNOWLEDGED" : "SUCCESS_NEXT_HOP_ACKNOWLEDGED";
}

}  // namespace

CoreNetwork::CoreNetwork(const Settings& settings, Effects& effects)
    : timers_(settings.timers.faster(settings.time_scale)),
      link_(settings.link),
      buffered_max_(settings.buffered_max),
      buffer_time_default_(settings.buffer_time_default),
      effects_(effects) {}

void CoreNetwork::attach(const std::string& id, UeState state, const Turn& turn) {
    const Place ue = place(id, turn);
    UeRecord& record = ue->second;
    record.has_modem = true;
    record.flight.reset();
    record.uplinks.forget();
    record.ue.enter(state, turn.now);
    record.told = record.ue.state();
    effects_.emplace_back(record_of("attach", id, {{"state", name_of(state)}}));
    effects_.emplace_back(ToModem{
        {modem_link::Kind::attached, id, 0, std::string(name_of(record.ue.state())), "", {}}});
    settle(ue, turn);
}

void CoreNetwork::detach(const std::string& id, const Turn& turn) {
    const Place ue = place(id, turn);
    effects_.emplace_back(record_of("detach", id, json::object()));
    ue->second.has_modem = false;
    ue->second.ue.enter(UeState::detached, turn.now);
    settle(ue, turn);
}

void CoreNetwork::set_state(const std::string& id, UeState state, std::optional<UeState> sleep_mode,
                            const Turn& turn) {
    const Place ue = place(id, turn);
    ue->second.ue.enter(state, turn.now);
    if (sleep_mode) ue->second.ue.set_sleep_mode(*sleep_mode, turn.now);
    settle(ue, turn);
}

void CoreNetwork::wake(const std::string& id, const Turn& turn) {
    const Place ue = place(id, turn);
    ue->second.ue.on_radio_activity(turn.now);
    settle(ue, turn);
}

void CoreNetwork::on_uplink_heard(const std::string& id, bool from_modem, const Turn& turn) {
    const Place ue = place(id, turn);
    if (from_modem) ue->second.has_modem = true;
    ue->second.counters.uplink += 1;
    ue->second.ue.on_radio_activity(turn.now);
    settle(ue, turn);
}

void CoreNetwork::on_ack(const std::string& id, std::uint32_t sequence, const Turn& turn) {
    const Place ue = ues_.find(id);
    if (ue == ues_.end()) return;
    UeRecord& record = ue->second;
    const auto acknowledged = std::find_if(
        record.queue.begin(), record.queue.end(),
        [&](const DeliveryId& queued) { return deliveries_.at(queued).sequence == sequence; });
    if (acknowledged == record.queue.end()) return;
    effects_.emplace_back(record_of("downlink-ack", id, {{"sequence", sequence}}));
    record.ue.on_radio_activity(turn.now);
    const DeliveryId delivery = *acknowledged;
    finish(record, delivery, success_of(deliveries_.at(delivery)));
    settle(ue, turn);
}

void CoreNetwork::enqueue(Delivery delivery, const Turn& turn) {
    const Place ue = place(delivery.ue, turn);
    start_latency(delivery, turn);
    ue->second.queue.push_back(delivery.id);
    DeliveryId id = delivery.id;
    deliveries_.emplace(std::move(id), std::move(delivery));
    settle(ue, turn);
}

CoreNetwork::Change CoreNetwork::cancel(const DeliveryId& id, const Turn& turn) {
    if (buffered(id) == nullptr) return Change::absent;
    const Place ue = ues_.find(deliveries_.at(id).ue);
    if (ue->second.flight && ue->second.flight->delivery == id) return Change::sending;
    remove(ue->second, id);
    settle(ue, turn);
    return Change::done;
}

CoreNetwork::Change CoreNetwork::replace(const DeliveryId& id, Transfer transfer,
                                         const std::string& option, const Turn& turn) {
    if (buffered(id) == nullptr) return Change::absent;
    Delivery& delivery = deliveries_.at(id);
    const Place ue = ues_.find(delivery.ue);
    if (ue->second.flight && ue->second.flight->delivery == id) return Change::sending;
    if (delivery.transfer.data != transfer.data) delivery.sequence.reset();
    delivery.acknowledged_by_ue =
        transfer.reliable_data_service.value_or(delivery.acknowledged_by_ue);
    delivery.transfer = std::move(transfer);
    delivery.pdn_establishment_option = option;
    start_latency(delivery, turn);
    settle(ue, turn);
    return Change::done;
}

const Delivery* CoreNetwork::buffered(const DeliveryId& id) const {
    const auto found = deliveries_.find(id);
    return found == deliveries_.end() || !found->second.answered ? nullptr : &found->second;
}

std::vector<const Delivery*> CoreNetwork::buffered_of(const std::string& ue,
                                                      const ConfigurationId& configuration) const {
    std::vector<const Delivery*> found;
    const UeRecord* record = find(ue);
    if (record == nullptr) return found;
    for (const DeliveryId& queued : record->queue) {
        const Delivery& delivery = deliveries_.at(queued);
        if (delivery.answered && delivery.configuration == configuration)
            found.push_back(&delivery);
    }
    return found;
}

void CoreNetwork::drop_configuration(const std::string& id, const ConfigurationId& configuration,
                                     bool tell, const Turn& turn) {
    const Place ue = ues_.find(id);
    if (ue == ues_.end()) return;
    const std::deque<DeliveryId> queue = ue->second.queue;
    for (const DeliveryId& queued : queue) {
        Delivery& delivery = deliveries_.at(queued);
        if (delivery.configuration != configuration) continue;
        if (!delivery.answered) {
            refuse(delivery, 404, "", "the NIDD configuration is gone", std::nullopt);
        } else if (tell) {
            finish(ue->second, queued, "FAILURE");
            continue;
        }
        remove(ue->second, queued);
    }
    settle(ue, turn);
}

void CoreNetwork::drop_deliveries(const Turn& turn) {
    for (Place ue = ues_.begin(); ue != ues_.end(); ++ue) {
        for (const DeliveryId& queued : ue->second.queue) {
            Delivery& delivery = deliveries_.at(queued);
            if (!delivery.answered) refuse(delivery, 503, "", "state was deleted", std::nullopt);
        }
        ue->second.queue.clear();
        ue->second.flight.reset();
        settle(ue, turn);
    }
    deliveries_.clear();
}

void CoreNetwork::advance(const Turn& turn) {
    while (!deadlines_.empty() && deadlines_.begin()->first <= turn.now) {
        const Place ue = ues_.find(deadlines_.begin()->second);
        UeRecord& record = ue->second;
        record.ue.advance(turn.now);
        if (record.flight && record.flight->next <= turn.now) repeat(ue, turn);
        settle(ue, turn);
    }
}

Instant CoreNetwork::deadline() const {
    return deadlines_.empty() ? never : deadlines_.begin()->first;
}

UeRecord& CoreNetwork::record(const std::string& id, const Turn& turn) {
    return place(id, turn)->second;
}

const UeRecord* CoreNetwork::find(const std::string& id) const {
    const auto found = ues_.find(id);
    return found == ues_.end() ? nullptr : &found->second;
}

CoreNetwork::Place CoreNetwork::place(const std::string& id, const Turn& turn) {
    const auto [ue, is_new] = ues_.try_emplace(id, timers_);
    // A random start keeps a modem that outlived the network from taking new frames for old ones.
    if (is_new) ue->second.last_sequence = static_cast<std::uint32_t>(turn.random.next());
    return ue;
}

bool CoreNetwork::can_hear(const UeRecord& record) { return record.has_modem && record.ue.hears(); }

/// After anything that may have changed a UE: expire, send the next frame or answer those that
/// cannot be sent, tell the modem, set the alarm.
void CoreNetwork::settle(Place ue, const Turn& turn) {
    UeRecord& record = ue->second;
    record.ue.advance(turn.now);
    tell_state(ue);
    if (!can_hear(record)) record.flight.reset();
    expire(record, turn);
    if (!can_hear(record)) {
        answer_waiting(record, turn);
    } else if (!record.flight && !record.queue.empty()) {
        transmit(ue, turn);
    }
    arm(ue);
    effects_.emplace_back(UeSettled{ue->first});
}

void CoreNetwork::expire(UeRecord& record, const Turn& turn) {
    const std::deque<DeliveryId> queue = record.queue;
    for (const DeliveryId& queued : queue) {
        const Delivery& delivery = deliveries_.at(queued);
        const bool is_flying = record.flight && record.flight->delivery == queued;
        if (delivery.answered && !is_flying && delivery.expires <= turn.now) {
            finish(record, queued, "FAILURE_TIMEOUT");
        }
    }
}

void CoreNetwork::transmit(Place ue, const Turn& turn) {
    UeRecord& record = ue->second;
    Delivery& delivery = deliveries_.at(record.queue.front());
    const bool is_repeated = delivery.sequence.has_value();
    if (!is_repeated) {
        delivery.sequence = ++record.last_sequence;
        record.counters.downlink += 1;
    }
    record.flight = UeRecord::Flight{delivery.id, 0, turn.now + link_.repeat};
    send(ue, delivery, is_repeated);
}

void CoreNetwork::repeat(Place ue, const Turn& turn) {
    UeRecord& record = ue->second;
    if (record.flight->repeats == link_.repeats_max) {
        record.flight.reset();
        record.ue.on_no_answer(turn.now);
        effects_.emplace_back(record_of("downlink-unanswered", ue->first, json::object()));
        return;
    }
    record.flight->repeats += 1;
    record.flight->next = turn.now + link_.repeat;
    send(ue, deliveries_.at(record.flight->delivery), true);
}

void CoreNetwork::send(Place ue, const Delivery& delivery, bool repeated) {
    const Bytes& data = delivery.transfer.data;
    const auto& rds = delivery.transfer.rds_port;
    json detail{{"sequence", *delivery.sequence}, {"octets", data.size()}, {"data", to_hex(data)}};
    if (rds) detail["rdsPort"] = {{"portUE", rds->ue}, {"portSCEF", rds->scef}};
    effects_.emplace_back(record_of(repeated ? "downlink-repeat" : "downlink", ue->first, detail));
    effects_.emplace_back(
        ToModem{{modem_link::Kind::downlink, ue->first, *delivery.sequence, "", "", data, rds}});
}

void CoreNetwork::answer_waiting(UeRecord& record, const Turn& turn) {
    const std::deque<DeliveryId> queue = record.queue;
    for (const DeliveryId& queued : queue) {
        Delivery& delivery = deliveries_.at(queued);
        if (!delivery.answered && !answer_unreachable(record, delivery, turn)) {
            remove(record, queued);
        }
    }
}

/// TS 23.682 5.13.3 steps 2 to 5. False if the delivery was refused.
bool CoreNetwork::answer_unreachable(UeRecord& record, Delivery& delivery, const Turn& turn) {
    const bool is_attached = record.ue.state() != UeState::detached;
    std::optional<WallTime> again;
    if (const std::optional<Instant> at = record.ue.hears_at())
        again = turn.wall + (*at - turn.now);
    if (!is_attached && delivery.pdn_establishment_option == "INDICATE_ERROR") {
        refuse(delivery, 500, "TEMPORARILY_NOT_REACHABLE", "the UE has no PDN connection", again);
        return false;
    }
    const auto buffered_count = static_cast<std::size_t>(
        std::count_if(record.queue.begin(), record.queue.end(),
                      [&](const DeliveryId& id) { return deliveries_.at(id).answered; }));
    const bool may_buffer = delivery.transfer.maximum_latency != std::chrono::seconds(0);
    if (!may_buffer || buffered_count >= buffered_max_) {
        refuse(delivery, 500, "TEMPORARILY_NOT_REACHABLE",
               may_buffer ? "the buffer of the UE is full" : "the UE is not reachable now", again);
        return false;
    }
    if (is_attached) {
        delivery.status = "BUFFERING_TEMPORARILY_NOT_REACHABLE";
    } else {
        delivery.status =
            delivery.pdn_establishment_option == "SEND_TRIGGER" ? "TRIGGERED" : "BUFFERING";
    }
    delivery.answered = true;
    effects_.emplace_back(DeliveryAnswer{delivery.id, 201, delivery, "", "", std::nullopt});
    return true;
}

void CoreNetwork::finish(UeRecord& record, const DeliveryId& id, std::string status) {
    Delivery& delivery = deliveries_.at(id);
    delivery.status = std::move(status);
    if (delivery.answered) {
        effects_.emplace_back(DeliveryFinished{delivery});
    } else {
        effects_.emplace_back(DeliveryAnswer{id, 200, delivery, "", "", std::nullopt});
    }
    remove(record, id);
}

void CoreNetwork::remove(UeRecord& record, const DeliveryId& id) {
    const DeliveryId removed = id;
    if (record.flight && record.flight->delivery == removed) record.flight.reset();
    std::erase(record.queue, removed);
    deliveries_.erase(removed);
}

void CoreNetwork::refuse(Delivery& delivery, int status, std::string cause, std::string detail,
                         std::optional<WallTime> again) {
    effects_.emplace_back(
        DeliveryAnswer{delivery.id, status, delivery, std::move(cause), std::move(detail), again});
}

void CoreNetwork::tell_state(Place ue) {
    UeRecord& record = ue->second;
    const UeState state = record.ue.state();
    if (state == record.told) return;
    record.told = state;
    effects_.emplace_back(record_of("state", ue->first, {{"state", name_of(state)}}));
    if (!record.has_modem) return;
    effects_.emplace_back(
        ToModem{{modem_link::Kind::state, ue->first, 0, std::string(name_of(state)), "", {}}});
}

void CoreNetwork::arm(Place ue) {
    UeRecord& record = ue->second;
    Instant next = record.ue.deadline();
    if (record.flight) next = std::min(next, record.flight->next);
    for (const DeliveryId& queued : record.queue) {
        const Delivery& delivery = deliveries_.at(queued);
        const bool is_flying = record.flight && record.flight->delivery == queued;
        if (delivery.answered && !is_flying) next = std::min(next, delivery.expires);
    }
    if (record.armed != never) deadlines_.erase({record.armed, ue->first});
    record.armed = next;
    if (next != never) deadlines_.emplace(next, ue->first);
}

void CoreNetwork::start_latency(Delivery& delivery, const Turn& turn) const {
    constexpr std::chrono::seconds longest = std::chrono::hours(24 * 365 * 10);
    const auto& latency = delivery.transfer.maximum_latency;
    delivery.expires =
        turn.now + (latency ? Duration(std::min(*latency, longest)) : buffer_time_default_);
}

}  // namespace scef::scef_simulator
