#include "simulators/modem-simulator/power_meter.h"

#include <algorithm>

namespace scef::modem_simulator {
namespace {

constexpr double hours(Duration time) {
    return std::chrono::duration<double, std::ratio<3600>>(time).count();
}

// Registered without a PDN connection, a device listens for paging as in idle.
PowerReport::Part part_of(const std::string& state) {
    if (state == "connected") return PowerReport::connected;
    if (state == "idle" || state == "no-pdn") return PowerReport::idle;
    if (state == "edrx") return PowerReport::edrx;
    return state == "psm" ? PowerReport::psm : PowerReport::off;
}

}  // namespace

Duration PowerReport::elapsed() const {
    Duration sum{};
    for (const Part part : {connected, idle, edrx, psm, off}) sum += parts[part].time;
    return sum;
}

double PowerReport::mah() const {
    double sum = 0;
    for (const Spent& part : parts) sum += part.mah;
    return sum;
}

double PowerReport::mean_ma() const {
    return elapsed() == Duration{} ? 0 : mah() / hours(elapsed());
}

void PowerMeter::spend(PowerReport::Part part, Duration time, double current_ma) {
    spent_.parts[part].time += time;
    spent_.parts[part].mah += hours(time) * current_ma;
}

double PowerMeter::edrx_ma() const {
    return window_share_ * figures_.idle_ma + (1 - window_share_) * figures_.sleep_ma;
}

void PowerMeter::settle(Instant now) {
    const std::array<double, 5> currents{figures_.connected_ma, figures_.idle_ma, edrx_ma(),
                                         figures_.sleep_ma, 0};
    spend(state_, std::max(now - since_, Duration{}), currents[state_]);
    since_ = std::max(now, since_);
}

void PowerMeter::on_state(const std::string& state, Instant now) {
    const PowerReport::Part next = part_of(state);
    if (next == state_) return;
    settle(now);
    state_ = next;
    if (state_ != PowerReport::connected) return;
    ++spent_.connections;
    const Duration air = figures_.air_time(figures_.signalling_octets, coverage_);
    spend(PowerReport::signalling, air, figures_.transmit_ma);
    spend(PowerReport::signalling, air, figures_.receive_ma);
}

void PowerMeter::on_terms(const modem_link::NetworkTerms& terms, Instant now) {
    settle(now);
    coverage_ = terms.coverage;
    const auto& [mode, active, tau, cycle, window] = terms.power_saving;
    window_share_ = 1;
    if (cycle && window && *cycle > Duration{}) {
        window_share_ = std::min(1.0, hours(*window) / hours(*cycle));
    }
}

void PowerMeter::on_transmitted(std::size_t octets) {
    const double all = figures_.header_octets + static_cast<double>(octets);
    spend(PowerReport::transmitting, figures_.air_time(all, coverage_), figures_.transmit_ma);
}

void PowerMeter::on_received(std::size_t octets) {
    const double all = figures_.header_octets + static_cast<double>(octets);
    spend(PowerReport::receiving, figures_.air_time(all, coverage_), figures_.receive_ma);
}

PowerReport PowerMeter::report(Instant now) const {
    PowerMeter until_now(*this);
    until_now.settle(now);
    return until_now.spent_;
}

}  // namespace scef::modem_simulator
