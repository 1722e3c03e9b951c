#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef::lwm2m_server_simulator {

/// A CoAP payload as JSON, by its content format: text/plain a number if it reads as one and the
/// resource is not known to be text, else a text; TLV as `json_of_tlv` says; SenML and JSON as they
/// are; CBOR its value; link-format a text; opaque, what is unknown and what breaks its format
/// base64. An empty payload without format is null. `path` is what was asked.
nlohmann::json decode_payload(ByteView payload, std::optional<std::uint32_t> content_format,
                              const std::string& path);

/// The octets of `value` for a write of `path`: one value as text, opaque (base64), cbor; one value
/// or an object of values by id as tlv, senml-json, senml-cbor. Others are `unsupported`.
Result<Bytes> encode_payload(const nlohmann::json& value, std::uint16_t content_format,
                             const std::string& path);

/// JSON on one line; what is no UTF-8 in it is replaced.
std::string to_text(const nlohmann::json& value);

}  // namespace scef::lwm2m_server_simulator
