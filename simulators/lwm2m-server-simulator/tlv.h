#pragma once

#include <cstdint>
#include <vector>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef::lwm2m_server_simulator {

/// One entry of the OMA TLV format (LwM2M Core TS 7.4.3), content format 11542.
struct Tlv {
    enum class Kind : std::uint8_t {
        object_instance = 0,
        resource_instance = 1,
        multiple_resource = 2,
        resource = 3,
    };
    Kind kind = Kind::resource;
    std::uint16_t id = 0;
    Bytes value;                ///< of a resource or resource instance
    std::vector<Tlv> children;  ///< of an object instance or multiple resource

    friend bool operator==(const Tlv&, const Tlv&) = default;
};

/// Reads a whole payload. Refuses lengths that pass the end and resource instances at the top of
/// an object instance.
Result<std::vector<Tlv>> parse_tlv(ByteView octets);

/// Writes with the shortest identifiers and lengths. A value over 16 MiB is `too_large`.
Result<Bytes> serialize_tlv(const std::vector<Tlv>& entries);

}  // namespace scef::lwm2m_server_simulator
