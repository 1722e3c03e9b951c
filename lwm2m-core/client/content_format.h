#pragma once

#include <optional>

#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/client/tlv.h"
#include "lwm2m-core/lwm2m/senml.h"

namespace scef::client {

/// CoAP content formats that this client speaks.
namespace formats {
inline constexpr std::uint16_t text = 0, link = 40, opaque = 42, senml_json = 110, senml_cbor = 112,
                               tlv = 11542;
constexpr bool is_senml(std::uint32_t format) {
    return format == senml_json || format == senml_cbor;
}
}  // namespace formats

/// A payload with its format.
struct Content {
    std::uint16_t format = formats::text;
    Bytes payload;
};

/// SenML of records that lie at or below `base`, in one of its formats.
Bytes to_senml(std::uint32_t format, const Records& records, const Path& base,
               std::optional<std::int64_t> time = std::nullopt);
/// Reads it; nothing if it is none.
std::optional<lwm2m::SenmlRecords> from_senml(std::uint32_t format, ByteView payload);

/// What a Read of `base` answers: in the format asked for by Accept, else text/plain or, for
/// octets, opaque for one single resource and TLV for the rest. 4.06 if that format cannot carry
/// it.
Answer<Content> encode(const Records& records, const Path& base,
                       std::optional<std::uint32_t> accept);

/// The values of a Write to `base` with depth 2 to 4. 4.15 for a format that is not offered there,
/// 4.00 for octets that do not fit; no format means text/plain for a single resource, else TLV.
Answer<Records> decode(ByteView payload, std::optional<std::uint32_t> format, const Path& base,
                       const ObjectModel& model);

/// The instance of a Create on an object: TLV, with or without the id, or SenML, whose names have
/// it. The same for every instance of a Bootstrap-Write to an object. Errors as for `decode`.
Answer<std::vector<NewInstance>> decode_instances(ByteView payload,
                                                  std::optional<std::uint32_t> format,
                                                  std::uint16_t object_id,
                                                  const ObjectModel& model);

}  // namespace scef::client
