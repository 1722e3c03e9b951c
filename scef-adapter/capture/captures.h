#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/socket_address.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "nidd/types/notification.h"
#include "scef-adapter/engine/device.h"

namespace scef::adapter {

/// A datagram of the server leg, or a frame of the device leg, as it passed the adapter.
struct CapturedPacket {
    enum class Leg : std::uint8_t { server, device };
    std::uint64_t sequence = 0;  ///< from 1 on, without gaps, for each capture
    WallTime time{};
    Leg leg = Leg::device;
    bool from_device = false;
    queueing::EndpointIndex endpoint = 0;  ///< of the server leg: the device's end
    SocketAddress peer;                    ///< of the server leg: the other end
    Bytes octets;
};

/// What a reader has not seen yet.
struct CapturePage {
    std::vector<CapturedPacket> packets;
    std::uint64_t last = 0;  ///< sequence of the newest packet: what to ask for next
    std::uint64_t lost = 0;  ///< packets that were dropped before this reader came for them
    bool is_new = false;     ///< the capture began with this
};

/// What passes of the devices that somebody looks at, on both legs, unchanged. A capture begins
/// when it is first read and ends when it was not read for `idle_max`; what is not read in time is
/// dropped, oldest first. Frames to the device are those handed to the SCEF, as often as they are.
/// One for each shard, on its thread; the adapter's work never waits for a reader.
class Captures {
public:
    static constexpr Duration idle_max = std::chrono::seconds(60);
    static constexpr std::size_t devices_max = 16;
    static constexpr std::size_t packets_max = 4096;                     ///< of a device
    static constexpr std::size_t octets_max = std::size_t{1024} * 1024;  ///< of a device

    /// Nobody looks: there is nothing to tell.
    bool is_idle() const { return watched_.empty(); }

    /// The packets behind number `after`; without it, those from now on. `unavailable` when so many
    /// devices are captured that there is no room for another.
    Result<CapturePage> read(const Device& device, std::optional<std::uint64_t> after,
                             const Turn& now);

    void on_datagram(queueing::EndpointIndex endpoint, bool from_device, const SocketAddress& peer,
                     ByteView octets, const Turn& now);
    /// The body of a POST or PUT of a delivery; what is none passes by.
    void on_delivery(std::string_view body, const Turn& now);
    /// Uplink data, from who proves to be the device's SCEF.
    void on_notification(const nidd::IncomingNotification& notification, const Turn& now);

private:
    struct Watched {
        nidd::Capability capability;
        std::vector<queueing::EndpointIndex> endpoints;
        std::deque<CapturedPacket> packets;
        std::size_t octets = 0;
        std::uint64_t last = 0;
        Instant read_at{};
    };

    void forget_unread(Instant now);
    static void add(Watched& watched, CapturedPacket packet, ByteView octets, WallTime time);

    std::map<std::string, Watched> watched_;  ///< by External Identifier
};

}  // namespace scef::adapter
