#include "simulators/scef-simulator/ue_terms.h"

#include <utility>

namespace scef::scef_simulator {
namespace {

modem_link::NetworkTerms terms_of(const UeRecord& record, std::uint32_t frame_octets_max) {
    const UeProfile& profile = record.profile;
    modem_link::NetworkTerms terms;
    terms.power_saving = {std::string(name_of(record.ue.sleep_mode())), profile.timers.active,
                          profile.timers.periodic_tau, profile.timers.edrx_cycle,
                          profile.timers.paging_window};
    terms.coverage = name_of(profile.coverage);
    terms.apn_rate = to_text(profile.rates.apn_uplink);
    terms.has_exception_reports = profile.rates.apn_exception.has_value();
    terms.frame_octets_max = frame_octets_max;
    return terms;
}

}  // namespace

modem_link::Frame tell(modem_link::Kind kind, const std::string& id, UeRecord& record,
                       std::uint32_t frame_octets_max) {
    modem_link::Frame frame;
    frame.kind = kind;
    frame.external_id = id;
    frame.state = name_of(record.ue.state());
    if (std::exchange(record.has_news, false)) frame.terms = terms_of(record, frame_octets_max);
    return frame;
}

void grant(const modem_link::PowerSaving& wanted, UeRecord& record, double time_scale,
           Instant now) {
    Timers& timers = record.profile.timers;
    timers.active = wanted.active_time.value_or(timers.active);
    timers.periodic_tau = wanted.periodic_tau.value_or(timers.periodic_tau);
    timers.edrx_cycle = wanted.edrx_cycle.value_or(timers.edrx_cycle);
    timers.paging_window = wanted.paging_window.value_or(timers.paging_window);
    record.ue.set_timers(timers.faster(time_scale), now);
    record.ue.set_sleep_mode(ue_state_of(wanted.mode).value_or(UeState::connected), now);
    record.has_news = true;
}

}  // namespace scef::scef_simulator
