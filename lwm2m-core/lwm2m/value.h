#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::lwm2m {

/// Data types of resources (LwM2M Core TS, appendix C). `time` is seconds since the Unix epoch;
/// `unsigned_integer` takes what fits 63 bits; an `object_link` is text, `object:instance`.
enum class DataType : std::uint8_t {
    text,
    integer,
    floating,
    boolean,
    opaque,
    time,
    unsigned_integer,
    object_link
};

/// One value of a resource; integers and times share the 64-bit alternative.
using Value = std::variant<std::string, std::int64_t, double, bool, Bytes>;

/// The text/plain form (LwM2M Core TS 7.4.1): booleans as 0 and 1, opaque values in base64.
std::string to_plain_text(const Value& value);

/// Reads that form as a value of `type`; nothing if the text is no such value.
std::optional<Value> from_plain_text(std::string_view text, DataType type);

/// The value as a number, for the conditions gt, lt and st; nothing if it is none.
std::optional<double> as_number(const Value& value);

/// The value as `type` where no information is lost (a whole number given for a float, say).
std::optional<Value> convert(const Value& value, DataType type);

/// The two ids of an object link; nothing if the text is none.
std::optional<std::pair<std::uint16_t, std::uint16_t>> object_link_ids(std::string_view text);

/// The shortest text that reads back as the same number.
std::string number_text(double number);

}  // namespace scef::lwm2m
