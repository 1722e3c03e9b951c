#include "simulators/lwm2m-server-simulator/pcap_watcher.h"

#include <arpa/inet.h>
#include <spdlog/spdlog.h>

#include "simulators/lwm2m-server-simulator/clock.h"
#include "simulators/pcap/capture_file.h"

namespace scef::lwm2m_server_simulator {
namespace {

constexpr std::uint16_t coap_port = 5683;

// Nothing for what is no address; libcoap writes none such.
std::optional<SocketAddress> address_of(const std::string& text) {
    const auto read = parse_host_port(text);
    if (!read) return std::nullopt;
    SocketAddress address;
    in_addr ipv4{};
    if (::inet_pton(AF_INET, read->host.c_str(), &ipv4) == 1) {
        return SocketAddress::ipv4(ntohl(ipv4.s_addr), read->port);
    }
    address.is_ipv6 = true;
    address.port = read->port;
    if (::inet_pton(AF_INET6, read->host.c_str(), address.octets.data()) != 1) return std::nullopt;
    return address;
}

}  // namespace

Result<CoapEndpoint::Watcher> pcap_watcher(const std::string& path, const std::string& server) {
    auto created = pcap::CaptureFile::create(path, "lwm2m-server-simulator");
    if (!created) return tl::unexpected(created.error());
    const std::shared_ptr<pcap::CaptureFile> file = std::move(*created);
    const std::uint32_t interface = file->add_interface(server);
    SocketAddress own = address_of(server).value_or(SocketAddress{});
    own.port = coap_port;
    return [file, interface, own, was_good = true](bool is_incoming, ByteView octets,
                                                   const std::string& peer) mutable {
        const auto other = address_of(peer);
        if (!other) return;
        file->write(interface, wall_now(), is_incoming ? *other : own, is_incoming ? own : *other,
                    octets);
        if (!std::exchange(was_good, file->is_good()) || was_good) return;
        spdlog::error("PCAP_STOPPED the capture cannot be written any more");
    };
}

}  // namespace scef::lwm2m_server_simulator
