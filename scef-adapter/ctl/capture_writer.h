#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef::ctl {

/// Turns the API's packets into a pcapng stream with two interfaces, `server leg` and `device leg`.
/// Wireshark takes port 5683 for CoAP without being told, so the server's end has that port
/// whatever it is. Frames of the device leg have no addresses: the device is 10.0.0.1 and the
/// network 192.0.2.1. Each packet is flushed, so that a reader may follow.
class CaptureWriter {
public:
    /// Writes the head of the file; `out` outlives this.
    explicit CaptureWriter(std::ostream& out);

    /// One element of the API's `packets`; `unavailable` when the stream takes no more.
    Status write(const nlohmann::json& packet);

    std::uint64_t server_leg() const { return server_leg_; }
    std::uint64_t device_leg() const { return device_leg_; }

private:
    Status append(const Bytes& block);

    std::ostream& out_;
    std::uint64_t server_leg_ = 0, device_leg_ = 0;
};

}  // namespace scef::ctl
