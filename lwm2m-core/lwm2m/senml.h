#pragma once

#include <optional>
#include <vector>

#include "lwm2m-core/lwm2m/path.h"
#include "lwm2m-core/lwm2m/value.h"
#include "lwm2m-core/vocabulary/bytes.h"

/// SenML (RFC 8428) as LwM2M 1.1 uses it (Core TS 7.4.4 and 7.4.5).
namespace scef::lwm2m {

/// One record: a path and, unless it only names a path (Read-Composite), its value. As read, a
/// number of JSON is a double, and so is a fraction of CBOR; `vd` is octets, `vlo` is text.
struct SenmlRecord {
    Path path;
    std::optional<Value> value = {};
    bool is_object_link = false;  ///< write the text as `vlo` (Core TS 7.4.4)
};
using SenmlRecords = std::vector<SenmlRecord>;

/// `base` is the base name that all records share; the root gives every record its full name.
/// `time`, in Unix seconds, becomes the base time.
Bytes to_senml_json(const SenmlRecords& records, const Path& base,
                    std::optional<std::int64_t> time = std::nullopt);
Bytes to_senml_cbor(const SenmlRecords& records, const Path& base,
                    std::optional<std::int64_t> time = std::nullopt);

/// Nothing if it is not an array of flat records, a name is no path, a member that must be
/// understood is not, or there are more than 256 records. Times and units are passed over.
std::optional<SenmlRecords> from_senml_json(ByteView octets);
std::optional<SenmlRecords> from_senml_cbor(ByteView octets);

}  // namespace scef::lwm2m
