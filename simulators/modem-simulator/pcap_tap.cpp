#include "simulators/modem-simulator/pcap_tap.h"

namespace scef::modem_simulator {
namespace {

constexpr std::uint16_t coap_port = 5683;
constexpr std::uint32_t first_device = 0x0a00'0001;                         // 10.0.0.1
const SocketAddress network = SocketAddress::ipv4(0xc000'0201, coap_port);  // 192.0.2.1

}  // namespace

PcapTap::PcapTap(std::unique_ptr<pcap::CaptureFile> file, const std::vector<ExternalId>& only)
    : file_(std::move(file)) {
    for (const ExternalId& id : only) only_.insert(id.text());
}

const PcapTap::Place& PcapTap::place_of(const std::string& external_id) {
    const auto known = places_.find(external_id);
    if (known != places_.end()) return known->second;
    const auto number = static_cast<std::uint32_t>(places_.size());
    const Place place{file_->add_interface(external_id),
                      SocketAddress::ipv4(first_device + number, coap_port)};
    return places_.emplace(external_id, place).first->second;
}

bool PcapTap::on_entry(const std::string& external_id, const LogEntry& entry) {
    const bool is_frame = entry.kind != LogEntry::Kind::note;
    if (!is_frame || (!only_.empty() && !only_.contains(external_id))) return file_->is_good();
    const Place& place = place_of(external_id);
    const bool is_up = entry.kind == LogEntry::Kind::up;
    file_->write(place.interface, entry.time, is_up ? place.address : network,
                 is_up ? network : place.address, entry.frame);
    return file_->is_good();
}

}  // namespace scef::modem_simulator
