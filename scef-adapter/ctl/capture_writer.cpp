#include "scef-adapter/ctl/capture_writer.h"

#include <ostream>

#include "lwm2m-core/pcap/pcapng.h"
#include "lwm2m-core/pcap/udp_packet.h"
#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/socket_address.h"
#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::ctl {
namespace {

constexpr std::uint16_t coap_port = 5683, coaps_port = 5684;
constexpr std::uint32_t server_interface = 0, device_interface = 1;
const SocketAddress device_without_address = SocketAddress::ipv4(0x0a00'0001, coap_port);
const SocketAddress network = SocketAddress::ipv4(0xc000'0201, coap_port);

std::string text_of(const nlohmann::json& packet, const char* name) {
    const auto found = packet.find(name);
    return found != packet.end() && found->is_string() ? found->get<std::string>() : std::string();
}

tl::unexpected<Error> not_understood(const char* member) {
    return fail(Errc::invalid_argument, std::string("the adapter sent a packet whose ") + member +
                                            " cannot be read; is this tool of the same version?");
}

}  // namespace

CaptureWriter::CaptureWriter(std::ostream& out) : out_(out) {
    append(pcap::section_header("scef-adapterctl"));
    append(pcap::interface_description("server leg"));
    append(pcap::interface_description("device leg"));
}

Status CaptureWriter::append(const Bytes& block) {
    out_.write(reinterpret_cast<const char*>(block.data()),
               static_cast<std::streamsize>(block.size()));
    out_.flush();
    if (!out_) return fail(Errc::unavailable, "the capture cannot be written any more");
    return {};
}

Status CaptureWriter::write(const nlohmann::json& packet) {
    const auto octets = from_base64(text_of(packet, "octets"));
    if (!octets) return not_understood("octets");
    const auto time = from_rfc3339(text_of(packet, "time"));
    if (!time) return not_understood("time");
    const bool is_server_leg = text_of(packet, "leg") == "server";
    SocketAddress device = device_without_address, other = network;
    if (is_server_leg) {
        const auto endpoint = SocketAddress::parse(text_of(packet, "endpoint"));
        const auto peer = SocketAddress::parse(text_of(packet, "peer"));
        if (!endpoint || !peer) return not_understood("addresses");
        device = *endpoint;
        other = *peer;
        if (other.port != coaps_port) other.port = coap_port;
    }
    ++(is_server_leg ? server_leg_ : device_leg_);
    const bool from_device = packet.value("fromDevice", false);
    return append(pcap::enhanced_packet(
        is_server_leg ? server_interface : device_interface, *time,
        pcap::udp_packet(from_device ? device : other, from_device ? other : device, *octets)));
}

}  // namespace scef::ctl
