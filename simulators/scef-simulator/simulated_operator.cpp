#include "simulators/scef-simulator/simulated_operator.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "lwm2m-core/vocabulary/external_id.h"

namespace scef::scef_simulator {
namespace {

void append(Effects& effects, Effects more) {
    std::move(more.begin(), more.end(), std::back_inserter(effects));
}

/// TS 23.682 5.6.1.7: the network could not bring the data to the UE now.
bool is_failed_downlink(const DeliveryAnswer& answer) {
    return answer.status == 500 || (answer.status == 201 && answer.delivery.status != "SENDING");
}

}  // namespace

SimulatedOperator::SimulatedOperator(const Settings& settings)
    : scef_(settings), triggering_(settings) {}

void SimulatedOperator::on_frame(const modem_link::Frame& frame, const Turn& turn) {
    if (frame.kind == modem_link::Kind::ack) {
        const Result<ExternalId> id = ExternalId::parse(frame.external_id);
        if (id && triggering_.on_ack(id->text(), frame.sequence, scef_, turn)) return;
    }
    scef_.on_frame(frame, turn);
}

void SimulatedOperator::forget(const Turn& turn) {
    scef_.forget(turn);
    triggering_.forget();
    monitoring_.forget();
}

void SimulatedOperator::advance(const Turn& turn) {
    scef_.advance(turn);
    triggering_.advance(scef_, turn);
    monitoring_.advance(scef_, turn);
}

Instant SimulatedOperator::deadline(const Turn& turn) const {
    return std::min({scef_.deadline(turn), triggering_.deadline(), monitoring_.deadline(turn)});
}

Effects SimulatedOperator::take_effects(const Turn& turn) {
    Effects told;
    for (Effects happened = scef_.take_effects(); !happened.empty();
         happened = scef_.take_effects()) {
        for (Effect& effect : happened) observe(std::move(effect), turn, told);
    }
    append(told, triggering_.take_effects());
    append(told, monitoring_.take_effects());
    return told;
}

void SimulatedOperator::observe(Effect effect, const Turn& turn, Effects& told) {
    if (const auto* settled = std::get_if<UeSettled>(&effect)) {
        triggering_.on_ue(settled->ue, scef_, turn);
        monitoring_.on_ue(settled->ue, scef_, turn);
        return;
    }
    if (const auto* wanted = std::get_if<PdnConnectionWanted>(&effect)) {
        triggering_.ask_for_pdn_connection(wanted->ue, wanted->until, turn);
        return;
    }
    const auto* answer = std::get_if<DeliveryAnswer>(&effect);
    if (answer != nullptr && is_failed_downlink(*answer)) {
        monitoring_.on_downlink_failed(answer->delivery.ue);
    }
    told.push_back(std::move(effect));
}

}  // namespace scef::scef_simulator
