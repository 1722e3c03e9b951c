#include "simulators/scef-simulator/hop.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

Record record_of(std::string kind, const std::string& id, const json& detail) {
    return {std::move(kind), id, detail.dump(-1, ' ', false, json::error_handler_t::replace)};
}

/// What the next hop or the UE said about a frame that was heard.
const char* success_of(const UeRecord& record, const Delivery& delivery) {
    if (delivery.acknowledged_by_ue) return "SUCCESS_ACKNOWLEDGED";
    switch (record.profile.hop) {
        case HopReport::unacknowledged:
            return "SUCCESS_NEXT_HOP_UNACKNOWLEDGED";
        case HopReport::unspecified:
            return "SUCCESS";
        case HopReport::acknowledged:
        case HopReport::failing:
            break;
    }
    return "SUCCESS_NEXT_HOP_ACKNOWLEDGED";
}

}  // namespace

Hop::Hop(const Settings& settings, Effects& effects, Deliveries& deliveries)
    : link_(settings.link),
      paths_(settings.coverage),
      rds_wait_(settings.rds_wait),
      effects_(effects),
      deliveries_(deliveries),
      air_(effects) {}

void Hop::send_next(const std::string& id, UeRecord& record, const Turn& turn) {
    if (!record.hears()) return;
    while (Delivery* delivery = deliveries_.next_of(record)) {
        if (!may_send(record, *delivery, turn)) return;
        if (record.profile.hop == HopReport::failing) {
            deliveries_.fail(record, DeliveryId(delivery->id), "FAILURE_NEXT_HOP", "NEXT_HOP",
                             "the MME of the UE cannot be reached", std::nullopt);
        } else {
            transmit(id, record, *delivery, turn);
        }
    }
}

void Hop::transmit(const std::string& id, UeRecord& record, Delivery& delivery, const Turn& turn) {
    const bool is_repeated = delivery.sequence.has_value();
    if (!is_repeated) {
        delivery.sequence = ++record.last_sequence;
        record.counters.downlink += 1;
        record.rates.count_downlink(delivery.transfer.data.size(), turn.now);
    }
    send(id, record, delivery, is_repeated, turn);
    const Duration round_trip = paths_.of(record.profile.coverage).round_trip();
    if (record.profile.hop == HopReport::acknowledged) {
        record.flight = UeRecord::Flight{delivery.id, 0, turn.now + link_.repeat + round_trip};
        return;
    }
    record.ue.on_radio_activity(turn.now);
    if (delivery.acknowledged_by_ue) {
        delivery.awaits_ue_until = turn.now + round_trip + rds_wait_;
    } else {
        deliveries_.finish(record, DeliveryId(delivery.id), success_of(record, delivery));
    }
}

void Hop::repeat(const std::string& id, UeRecord& record, const Turn& turn) {
    if (record.flight->repeats == link_.repeats_max) {
        record.flight.reset();
        record.ue.on_no_answer(turn.now);
        effects_.emplace_back(record_of("downlink-unanswered", id, json::object()));
        return;
    }
    record.flight->repeats += 1;
    record.flight->next = turn.now + link_.repeat + paths_.of(record.profile.coverage).round_trip();
    send(id, record, deliveries_.at(record.flight->delivery), true, turn);
}

void Hop::send(const std::string& id, const UeRecord& record, const Delivery& delivery,
               bool repeated, const Turn& turn) {
    const Bytes& data = delivery.transfer.data;
    const auto& rds = delivery.transfer.rds_port;
    json detail{{"sequence", *delivery.sequence}, {"octets", data.size()}, {"data", to_hex(data)}};
    if (rds) detail["rdsPort"] = {{"portUE", rds->ue}, {"portSCEF", rds->scef}};
    effects_.emplace_back(record_of(repeated ? "downlink-repeat" : "downlink", id, detail));
    air_.send_downlink({modem_link::Kind::downlink, id, *delivery.sequence, "", "", data, rds},
                       paths_.of(record.profile.coverage), turn);
}

bool Hop::may_send(const UeRecord& record, const Delivery& delivery, const Turn& turn) {
    return delivery.sequence || record.rates.may_send(turn.now);
}

bool Hop::on_ack(const std::string& id, UeRecord& record, std::uint32_t sequence,
                 const Turn& turn) {
    const auto acknowledged = std::find_if(
        record.queue.begin(), record.queue.end(),
        [&](const DeliveryId& queued) { return deliveries_.at(queued).sequence == sequence; });
    if (acknowledged == record.queue.end()) return false;
    effects_.emplace_back(record_of("downlink-ack", id, {{"sequence", sequence}}));
    record.ue.on_radio_activity(turn.now);
    Delivery& delivery = deliveries_.at(*acknowledged);
    if (!delivery.acknowledged_by_ue || record.profile.rds == RdsConduct::acknowledging) {
        deliveries_.finish(record, DeliveryId(delivery.id), success_of(record, delivery));
    } else if (!delivery.awaits_ue_until) {
        if (record.is_flying(delivery.id)) record.flight.reset();
        delivery.awaits_ue_until = turn.now + rds_wait_;
    }
    return true;
}

bool Hop::send_uplink(const modem_link::Frame& frame, const UeRecord& record, const Turn& turn) {
    return air_.send_uplink(frame, paths_.of(record.profile.coverage), turn);
}

}  // namespace scef::scef_simulator
