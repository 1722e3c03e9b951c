#pragma once

#include <cstdint>
#include <string_view>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/turn.h"

/// The blocks of a pcapng file, little-endian. A file is a section header, then interfaces and
/// packets in any order, each packet after its interface.
namespace scef::pcap {

/// `application` is shown as what made the file.
Bytes section_header(std::string_view application);

/// An interface of raw IP packets (LINKTYPE_RAW). The first in a file is number 0.
Bytes interface_description(std::string_view name);

/// A packet as it was seen at `time`, in microseconds.
Bytes enhanced_packet(std::uint32_t interface, WallTime time, ByteView packet);

}  // namespace scef::pcap
