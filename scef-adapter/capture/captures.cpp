#include "scef-adapter/capture/captures.h"

#include <algorithm>

namespace scef::adapter {

Result<CapturePage> Captures::read(const Device& device, std::optional<std::uint64_t> after,
                                   const Turn& now) {
    forget_unread(now.now);
    const std::string& id = device.spec.external_id.text();
    const bool is_new = !watched_.contains(id);
    if (is_new && watched_.size() == devices_max) {
        return fail(Errc::unavailable,
                    "too many devices are captured at once; end another capture, "
                    "or wait a minute after its last reader");
    }
    Watched& watched = watched_[id];
    watched.read_at = now.now;
    watched.capability = device.nidd.capability;
    watched.endpoints.clear();
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        watched.endpoints.push_back(endpoint.index);
    }

    CapturePage page;
    page.is_new = is_new;
    page.last = watched.last;
    // A number of a capture that has ended counts from the beginning of this one.
    const std::uint64_t seen = !after ? watched.last : *after > watched.last ? 0 : *after;
    const std::uint64_t dropped = watched.last - watched.packets.size();
    if (seen < dropped) page.lost = dropped - seen;
    for (const CapturedPacket& packet : watched.packets) {
        if (packet.sequence > seen) page.packets.push_back(packet);
    }
    return page;
}

void Captures::forget_unread(Instant now) {
    std::erase_if(watched_,
                  [&](const auto& entry) { return now > entry.second.read_at + idle_max; });
}

void Captures::add(Watched& watched, CapturedPacket packet, ByteView octets, WallTime time) {
    packet.sequence = ++watched.last;
    packet.time = time;
    packet.octets.assign(octets.begin(), octets.end());
    watched.octets += octets.size();
    watched.packets.push_back(std::move(packet));
    while (watched.packets.size() > packets_max || watched.octets > octets_max) {
        watched.octets -= watched.packets.front().octets.size();
        watched.packets.pop_front();
    }
}

void Captures::on_datagram(queueing::EndpointIndex endpoint, bool from_device,
                           const SocketAddress& peer, ByteView octets, const Turn& now) {
    forget_unread(now.now);
    for (auto& [id, watched] : watched_) {
        const auto& own = watched.endpoints;
        if (std::find(own.begin(), own.end(), endpoint) == own.end()) continue;
        add(watched, {0, {}, CapturedPacket::Leg::server, from_device, endpoint, peer, {}}, octets,
            now.wall);
    }
}

void Captures::on_delivery(std::string_view body, const Turn& now) {
    forget_unread(now.now);
    const auto transfer = nidd::parse_transfer(body);
    const auto found = transfer ? watched_.find(transfer->external_id) : watched_.end();
    if (found == watched_.end()) return;
    add(found->second, {}, transfer->data, now.wall);
}

void Captures::on_notification(const nidd::IncomingNotification& notification, const Turn& now) {
    forget_unread(now.now);
    const auto* uplink = std::get_if<nidd::NiddUplinkDataNotification>(&notification.body);
    if (uplink == nullptr) return;
    for (auto& [id, watched] : watched_) {
        if (!notification.capability.proves(watched.capability)) continue;
        CapturedPacket packet;
        packet.from_device = true;
        add(watched, std::move(packet), uplink->data, now.wall);
    }
}

}  // namespace scef::adapter
