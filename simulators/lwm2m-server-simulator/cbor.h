#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef::lwm2m_server_simulator {

/// How the key of a CBOR map, a number or a text, is called as a member of a JSON object.
using CborKeyName = std::string (*)(const nlohmann::json& key);

/// One CBOR item (RFC 8949) that fills `octets`, as JSON; octet strings become JSON binaries.
/// Definite and indefinite arrays and maps, at most 4 levels, no tags but decimal fractions. Text
/// that is not UTF-8 and numbers that are not finite are `malformed`, too, as JSON has neither.
Result<nlohmann::json> parse_cbor(ByteView octets, CborKeyName name_of_key);

/// Writes CBOR with the shortest heads.
class CborWriter {
public:
    void put_unsigned(std::uint64_t value) { put_head(0, value); }
    void put_integer(std::int64_t value);
    void put_double(double value);
    void put_boolean(bool value) { octets_.push_back(value ? 0xf5 : 0xf4); }
    void put_text(std::string_view value);
    void put_octets(ByteView value);
    void begin_array(std::size_t size) { put_head(4, size); }
    void begin_map(std::size_t size) { put_head(5, size); }

    Bytes take() { return std::move(octets_); }

private:
    void put_head(unsigned major, std::uint64_t argument);

    Bytes octets_;
};

}  // namespace scef::lwm2m_server_simulator
