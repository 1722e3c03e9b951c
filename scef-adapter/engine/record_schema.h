#pragma once

#include <cstdint>

namespace scef::adapter {

/// Version of all records together, kept in the store: an older program refuses a store that a
/// newer one has opened, instead of taking its records for damaged. It is the sum of the versions
/// of all records, which the check of style reckons: whoever raises one, or adds a kind, raises
/// this.
inline constexpr std::uint32_t record_schema = 32;

}  // namespace scef::adapter
