#pragma once

#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "lwm2m-core/vocabulary/external_id.h"
#include "simulators/modem-simulator/frame_log.h"
#include "simulators/pcap/capture_file.h"

namespace scef::modem_simulator {

/// Writes the frames of devices to a capture, as if they were datagrams between the device and port
/// 5683 of 192.0.2.1. Each device has an interface with its External Identifier as name, and an
/// address of 10.0.0.0/8, both when its first frame comes. One thread at a time.
class PcapTap {
public:
    /// Only the devices in `only`; all if it is empty.
    PcapTap(std::unique_ptr<pcap::CaptureFile> file, const std::vector<ExternalId>& only);

    /// Notes pass by. False once the file cannot be written any more, and then always.
    bool on_entry(const std::string& external_id, const LogEntry& entry);

private:
    struct Place {
        std::uint32_t interface = 0;
        SocketAddress address;
    };
    const Place& place_of(const std::string& external_id);

    std::unique_ptr<pcap::CaptureFile> file_;
    std::set<std::string> only_;
    std::unordered_map<std::string, Place> places_;
};

}  // namespace scef::modem_simulator
