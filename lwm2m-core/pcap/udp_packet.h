#pragma once

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/socket_address.h"

namespace scef::pcap {

/// A datagram as a raw IP packet with right lengths and checksums; IPv6 if one of the addresses is
/// (the other is written as an IPv4-mapped one then). At most 65,507 octets of payload, what is
/// more is cut off.
Bytes udp_packet(const SocketAddress& from, const SocketAddress& to, ByteView payload);

}  // namespace scef::pcap
