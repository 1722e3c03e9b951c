#pragma once

#include <optional>
#include <vector>

#include "lwm2m-core/lwm2m/path.h"
#include "lwm2m-core/lwm2m/value.h"
#include "lwm2m-core/vocabulary/bytes.h"

/// SenML (RFC 8428) as LwM2M 1.1 uses it (Core TS 7.4.4 and 7.4.5).
namespace scef::lwm2m {

/// One record: a path and, unless it only names a path (Read-Composite), its value. As read, a
/// whole number that 64 bits hold is an integer and any other one a double, `vd` is octets and
/// `vlo` is text; a base value is added (RFC 8428 4.1).
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

/// Nothing if it is not an array of records, a name is no path, text is not UTF-8, a value has the
/// wrong type or company, a member that must be understood is not, the version is later than 10, or
/// there are more than 256 records. Times, units, sums and unknown members are passed over.
std::optional<SenmlRecords> from_senml_json(ByteView octets);
std::optional<SenmlRecords> from_senml_cbor(ByteView octets);

}  // namespace scef::lwm2m
