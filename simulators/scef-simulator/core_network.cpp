#include "simulators/scef-simulator/core_network.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "simulators/scef-simulator/ue_terms.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

Record record_of(std::string kind, const std::string& id, const json& detail) {
    return {std::move(kind), id, detail.dump(-1, ' ', false, json::error_handler_t::replace)};
}

bool is_final(const std::string& status) {
    return status.starts_with("SUCCESS") || status.starts_with("FAILURE");
}

}  // namespace

CoreNetwork::CoreNetwork(const Settings& settings, Effects& effects)
    : first_profile_(first_profile(settings)),
      time_scale_(settings.time_scale),
      buffer_time_default_(settings.buffer_time_default),
      answer_wait_(settings.answer_wait),
      frame_octets_max_(settings.maximum_packet_size / 8),
      effects_(effects),
      deliveries_(effects),
      hop_(settings, effects, deliveries_) {}

void CoreNetwork::attach(const std::string& id, UeState state,
                         const std::optional<modem_link::PowerSaving>& wanted, const Turn& turn) {
    const Place ue = place(id, turn);
    UeRecord& record = ue->second;
    record.has_modem = true;
    record.flight.reset();
    record.uplinks.forget();
    record.ue.enter(state, turn.now);
    if (wanted) grant(*wanted, record, time_scale_, turn.now);
    record.told = record.ue.state();
    record.has_news = true;
    effects_.emplace_back(record_of("attach", id, {{"state", name_of(state)}}));
    effects_.emplace_back(ToModem{tell(modem_link::Kind::attached, id, record, frame_octets_max_)});
    settle(ue, turn);
}

bool CoreNetwork::update(const std::string& id, const modem_link::PowerSaving& wanted,
                         const Turn& turn) {
    const Place ue = place(id, turn);
    UeRecord& record = ue->second;
    if (record.ue.state() == UeState::detached) return false;
    record.has_modem = true;
    if (record.ue.has_pdn_connection()) record.ue.on_radio_activity(turn.now);
    grant(wanted, record, time_scale_, turn.now);
    effects_.emplace_back(record_of("update", id, {{"sleepMode", wanted.mode}}));
    settle(ue, turn);
    return true;
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
    ue->second.has_news = true;
    settle(ue, turn);
}

void CoreNetwork::set_profile(const std::string& id, const UeProfile& profile, const Turn& turn) {
    const Place ue = place(id, turn);
    UeRecord& record = ue->second;
    if (!(record.profile.timers == profile.timers)) {
        record.ue.set_timers(profile.timers.faster(time_scale_), turn.now);
    }
    record.rates.set_limits(profile.rates);
    record.profile = profile;
    record.has_news = true;
    settle(ue, turn);
}

bool CoreNetwork::send_uplink(const modem_link::Frame& frame, const Turn& turn) {
    return hop_.send_uplink(frame, record(frame.external_id, turn), turn);
}

void CoreNetwork::wake(const std::string& id, const Turn& turn) {
    const Place ue = place(id, turn);
    if (!ue->second.ue.has_pdn_connection()) return;  // NAS signalling carried it, nothing else
    ue->second.ue.on_radio_activity(turn.now);
    settle(ue, turn);
}

void CoreNetwork::on_uplink_heard(const std::string& id, bool from_modem,
                                  modem_link::ReleaseAssistance release, const Turn& turn) {
    const Place ue = place(id, turn);
    if (from_modem) ue->second.has_modem = true;
    ue->second.counters.uplink += 1;
    ue->second.release = release;
    ue->second.ue.on_radio_activity(turn.now);
    settle(ue, turn);
}

void CoreNetwork::on_ack(const std::string& id, std::uint32_t sequence, const Turn& turn) {
    const Place ue = ues_.find(id);
    if (ue == ues_.end()) return;
    if (!hop_.on_ack(id, ue->second, sequence, turn)) return;
    if (ue->second.release == modem_link::ReleaseAssistance::after_downlink) {
        ue->second.release = modem_link::ReleaseAssistance::after_uplink;
    }
    settle(ue, turn);
}

UeRateControl::Verdict CoreNetwork::admit(const std::string& id, std::size_t octets,
                                          const DeliveryId& instead_of, const Turn& turn) {
    const UeRecord& ue = record(id, turn);
    const Deliveries::Backlog backlog = deliveries_.backlog_of(ue, instead_of);
    return ue.rates.admit(octets, backlog.messages, backlog.octets, turn.now);
}

bool CoreNetwork::take_uplink(const std::string& id, bool is_exception, const Turn& turn) {
    UeRecord& ue = record(id, turn);
    if (ue.rates.take_uplink(is_exception, turn.now)) return true;
    ue.counters.uplinks_over_rate += 1;
    return false;
}

void CoreNetwork::enqueue(Delivery delivery, const Turn& turn) {
    const Place ue = place(delivery.ue, turn);
    start_latency(delivery, turn);
    delivery.answer_by = turn.now + answer_wait_;
    if (delivery.answered) delivery.status = "SENDING";
    deliveries_.add(ue->second, std::move(delivery));
    settle(ue, turn);
}

bool CoreNetwork::force_status(const DeliveryId& id, const std::string& status, const Turn& turn) {
    if (buffered(id) == nullptr) return false;
    Delivery& delivery = deliveries_.at(id);
    const Place ue = ues_.find(delivery.ue);
    if (is_final(status)) {
        deliveries_.finish(ue->second, id, status);
    } else {
        delivery.status = status;
        effects_.emplace_back(DeliveryFinished{delivery});
    }
    settle(ue, turn);
    return true;
}

CoreNetwork::Change CoreNetwork::cancel(const DeliveryId& id, const Turn& turn) {
    if (buffered(id) == nullptr) return Change::absent;
    const Place ue = ues_.find(deliveries_.at(id).ue);
    if (is_being_sent(ue->second, deliveries_.at(id))) return Change::sending;
    deliveries_.remove(ue->second, id);
    settle(ue, turn);
    return Change::done;
}

CoreNetwork::Change CoreNetwork::replace(const DeliveryId& id, Transfer transfer,
                                         const std::string& option, const Turn& turn) {
    if (buffered(id) == nullptr) return Change::absent;
    Delivery& delivery = deliveries_.at(id);
    const Place ue = ues_.find(delivery.ue);
    if (is_being_sent(ue->second, delivery)) return Change::sending;
    if (delivery.transfer.data != transfer.data) delivery.sequence.reset();
    delivery.acknowledged_by_ue =
        transfer.reliable_data_service.value_or(delivery.acknowledged_by_ue);
    delivery.transfer = std::move(transfer);
    delivery.pdn_establishment_option = option;
    delivery.status = "SENDING";
    start_latency(delivery, turn);
    settle(ue, turn);
    return Change::done;
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
        const Delivery& delivery = deliveries_.at(queued);
        if (delivery.configuration != configuration) continue;
        if (!delivery.answered) {
            deliveries_.refuse(ue->second, queued, 404, "", "the NIDD configuration is gone");
        } else if (tell) {
            deliveries_.finish(ue->second, queued, "FAILURE");
        } else {
            deliveries_.remove(ue->second, queued);
        }
    }
    settle(ue, turn);
}

void CoreNetwork::drop_deliveries(const Turn& turn) {
    for (Place ue = ues_.begin(); ue != ues_.end(); ++ue) {
        const std::deque<DeliveryId> queue = ue->second.queue;
        for (const DeliveryId& queued : queue) {
            if (deliveries_.at(queued).answered) {
                deliveries_.remove(ue->second, queued);
            } else {
                deliveries_.refuse(ue->second, queued, 503, "", "state was deleted");
            }
        }
        settle(ue, turn);
    }
}

void CoreNetwork::advance(const Turn& turn) {
    while (!deadlines_.empty() && deadlines_.begin()->first <= turn.now) {
        const Place ue = ues_.find(deadlines_.begin()->second);
        UeRecord& record = ue->second;
        record.ue.advance(turn.now);
        if (record.flight && record.flight->next <= turn.now) hop_.repeat(ue->first, record, turn);
        settle(ue, turn);
    }
}

Instant CoreNetwork::deadline() const {
    const Instant of_ues = deadlines_.empty() ? never : deadlines_.begin()->first;
    return std::min(of_ues, hop_.deadline());
}

UeRecord& CoreNetwork::record(const std::string& id, const Turn& turn) {
    return place(id, turn)->second;
}

const UeRecord* CoreNetwork::find(const std::string& id) const {
    const auto found = ues_.find(id);
    return found == ues_.end() ? nullptr : &found->second;
}

CoreNetwork::Place CoreNetwork::place(const std::string& id, const Turn& turn) {
    const auto [ue, is_new] = ues_.try_emplace(id, first_profile_, time_scale_);
    // A random start keeps a modem that outlived the network from taking new frames for old ones.
    if (is_new) ue->second.last_sequence = static_cast<std::uint32_t>(turn.random.next());
    return ue;
}

std::optional<WallTime> CoreNetwork::reachable_at(const UeRecord& record, const Turn& turn) const {
    std::optional<Instant> at = record.ue.hears_at();
    if (record.hears()) at = record.rates.sends_again(turn.now);
    return at ? std::optional(turn.wall + (*at - turn.now)) : std::nullopt;
}

/// What may not be buffered does not grow old: it is sent or given up at once.
void CoreNetwork::start_latency(Delivery& delivery, const Turn& turn) const {
    constexpr std::chrono::seconds longest = std::chrono::hours(24 * 365 * 10);
    const auto latency = delivery.transfer.maximum_latency;
    delivery.expires =
        turn.now + (latency ? Duration(std::min(*latency, longest)) : buffer_time_default_);
    if (latency == std::chrono::seconds(0)) delivery.expires = never;
}

}  // namespace scef::scef_simulator
