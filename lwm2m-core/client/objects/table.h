#pragma once

#include <array>

#include "lwm2m-core/client/objects/definitions.h"

/// Words for the tables of definitions; only their files include this.
namespace scef::client::objects {

using enum Access;
using enum DataType;
inline constexpr bool single = false, multiple = true;
inline constexpr bool optional = false, mandatory = true;

constexpr ResourceDefinition within(ValueRange range, ResourceDefinition definition) {
    definition.range = range;
    return definition;
}

}  // namespace scef::client::objects
