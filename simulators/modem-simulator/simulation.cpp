#include "simulators/modem-simulator/simulation.h"

namespace scef::modem_simulator {

Result<std::size_t> Simulation::add(DeviceSettings settings) {
    const std::size_t index = devices_.size();
    const std::string id = settings.id.text();
    if (!by_id_.emplace(id, index).second) {
        return fail(Errc::conflict, "the device " + id + " is given twice");
    }
    devices_.push_back(std::make_unique<Device>(std::move(settings)));
    timers_.set(index, devices_.back()->due());
    return index;
}

Result<std::size_t> Simulation::find(std::string_view external_id) const {
    const auto parsed = ExternalId::parse(external_id);
    if (!parsed) return tl::unexpected(parsed.error());
    const auto found = by_id_.find(parsed->text());
    if (found == by_id_.end()) return fail(Errc::not_found, "there is no device " + parsed->text());
    return found->second;
}

void Simulation::on_link_datagram(std::string_view datagram, Turn& turn) {
    const auto frame = modem_link::parse(datagram);
    if (!frame) return;
    const auto found = by_id_.find(frame->external_id);
    if (found == by_id_.end()) return;
    devices_[found->second]->on_link_frame(*frame, turn);
    flush(found->second);
}

void Simulation::on_tap_datagram(std::size_t device, ByteView datagram, Turn& turn) {
    devices_[device]->on_tap_datagram(datagram, turn);
    flush(device);
}

void Simulation::on_terminal_input(std::size_t device, std::string_view octets, Turn& turn) {
    devices_[device]->on_terminal_input(octets, turn);
    flush(device);
}

void Simulation::run_due(Turn& turn, std::size_t steps_max) {
    for (std::size_t step = 0; step < steps_max; ++step) {
        const auto index = timers_.take_due(turn.now);
        if (!index) return;
        devices_[*index]->on_time(turn);
        flush(*index);
    }
}

void Simulation::flush(std::size_t index) {
    Device& device = *devices_[index];
    const DeviceOutput output = device.take_output();
    for (const LogEntry& entry : output.log) outside_.trace(device, entry);
    for (const modem_link::Frame& frame : output.to_network) outside_.to_network(frame);
    for (const Bytes& datagram : output.to_tap) outside_.to_tap(index, datagram);
    if (!output.to_terminal.empty()) outside_.to_terminal(index, output.to_terminal);
    timers_.set(index, device.due());
}

void Simulation::detach_all(Turn& turn) {
    for (std::size_t index = 0; index < devices_.size(); ++index) {
        devices_[index]->detach(turn);
        flush(index);
    }
}

Totals Simulation::totals() const {
    Totals totals;
    totals.devices = devices_.size();
    for (const auto& device : devices_) {
        totals.attached += device->modem().is_attached() ? 1 : 0;
        totals.registered += device->is_registered() ? 1 : 0;
        totals.up += device->modem().counters().up;
        totals.down += device->modem().counters().down;
        totals.refused += device->modem().counters().refused;
        totals.lost += device->modem().counters().lost;
    }
    return totals;
}

}  // namespace scef::modem_simulator
