#pragma once

#include <optional>

#include "lwm2m-core/client/object_model.h"

namespace scef::client {

/// application/vnd.oma.lwm2m+tlv (LwM2M Core TS 7.4.3) of `records`, which lie at or below `base`.
Bytes to_tlv(const Records& records, const Path& base);

/// Reads it for a Write to `base`; the types come from the model's definitions. Resources that the
/// object does not have are skipped at instance level (Core TS 6.3.3); anything else that does not
/// fit is nothing.
std::optional<Records> from_tlv(ByteView octets, const Path& base, const ObjectModel& model);

/// An instance that is written as a whole.
struct NewInstance {
    std::optional<std::uint16_t> id;
    Records records;  ///< paths below /object/id, or /object/0 without an id
};

/// The instances in a payload for an object: of a bootstrap server's write each with its id, of a
/// Create one, with or without it.
std::optional<std::vector<NewInstance>> instances_from_tlv(ByteView octets, std::uint16_t object_id,
                                                           const ObjectModel& model);

}  // namespace scef::client
