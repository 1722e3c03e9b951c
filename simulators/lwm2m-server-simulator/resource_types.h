#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::lwm2m_server_simulator {

enum class ValueType : std::uint8_t {
    string,
    integer,
    unsigned_integer,
    number,
    boolean,
    opaque,
    time,
    object_link
};

/// Type of a resource of the objects that OMA defines and that a device usually has (0 to 7, 10,
/// 11, 13, 19 and the common ones of IPSO); nothing for others. TLV does not carry it.
std::optional<ValueType> type_of_resource(std::uint16_t object, std::uint16_t resource);

/// The numbers of `/3/0/1`: object, instance, resource, resource instance. Refuses anything else;
/// `/` gives none.
Result<std::vector<std::uint16_t>> parse_path(std::string_view path);

}  // namespace scef::lwm2m_server_simulator
