#pragma once

#include <optional>

#include "lwm2m-core/client/object_model.h"

namespace scef::client {

/// SenML JSON (RFC 8428) as LwM2M 1.1 uses it (Core TS 7.4.4). `base` is the base name that all
/// records share; the root gives every record its full name. `time`, in Unix seconds, becomes the
/// base time.
Bytes to_senml_json(const Records& records, const Path& base,
                    std::optional<std::int64_t> time = std::nullopt);

/// One record as read: a path and, unless it only names a path (Read-Composite), its value. A
/// number is a double; a `vd` is octets.
struct SenmlRecord {
    Path path;
    std::optional<Value> value;
};

/// Reads SenML JSON; nothing if it is not an array of flat objects, a name is no path, or there are
/// more than 256 records.
std::optional<std::vector<SenmlRecord>> from_senml_json(ByteView octets);

}  // namespace scef::client
