#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lwm2m-core/coap/message.h"
#include "lwm2m-core/lwm2m/path.h"
#include "lwm2m-core/lwm2m/value.h"

namespace scef::lwm2m {

/// What a device said of one resource, as far as its payload tells without the object's definition:
/// text/plain is text and TLV is octets, whatever they stand for.
struct ReportedValue {
    Path path;  ///< of a resource or a resource instance
    Value value;
    bool is_plain_text = false;  ///< text/plain: octets are in base64 there

    /// Nothing if it can't be read as a whole number.
    std::optional<std::int64_t> integer() const;
    /// Nothing if it can't be read as octets.
    std::optional<Bytes> octets() const;
};

/// The values in the payload of a response, notification or Send: text/plain and opaque of a single
/// resource, TLV, SenML JSON and SenML CBOR (Core TS 7.4). `base` is the path of the request, the
/// root for composite operations and Send; what does not lie at or below it is passed over. A payload
/// that is none of them has no values, and one that is cut off has those before the cut.
std::vector<ReportedValue> reported_values(const Path& base, const coap::Message& message);

}  // namespace scef::lwm2m
