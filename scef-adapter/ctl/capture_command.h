#pragma once

#include <chrono>
#include <string>

#include "scef-adapter/ctl/session.h"

namespace scef::ctl {

struct CaptureOptions {
    std::string external_id;
    std::string output;                    ///< of the pcapng file; `-`: the standard output
    std::string duration;                  ///< `10m`; empty: until it is interrupted
    std::chrono::milliseconds pause{250};  ///< between two reads
};

/// Writes what passes of a device, on both legs, to a pcapng file that Wireshark reads as CoAP,
/// until the time is over, or SIGINT or SIGTERM comes. Exit status 0 even if nothing passed.
int devices_capture(const Session& session, const CaptureOptions& options);

}  // namespace scef::ctl
