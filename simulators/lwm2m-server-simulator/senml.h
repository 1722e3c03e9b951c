#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"
#include "simulators/lwm2m-server-simulator/resource_types.h"

namespace scef::lwm2m_server_simulator {

/// SenML CBOR (RFC 8428 6, content format 112) as the same records in SenML JSON: the integer
/// labels become `n`, `v`, `vs`, …, octets become base64url (`vd`).
Result<nlohmann::json> json_of_senml_cbor(ByteView octets);

/// The same back. `invalid_argument` for what is no array of records with the values of RFC 8428
/// and, for object links, `vlo` (LwM2M Core TS 7.4.4).
Result<Bytes> senml_cbor_of_json(const nlohmann::json& records);

/// One SenML JSON record of a resource: `{"n": path, "v"|"vs"|"vb"|"vd"|"vlo": value}`, by its type
/// or, if that is not known, by the kind of JSON value.
Result<nlohmann::json> senml_record(const std::string& path, const nlohmann::json& value);

/// The records that write `values` at `path`: nested by ids as `tlv_of_json` takes them, or records
/// already, which stay as they are.
Result<nlohmann::json> senml_records(const std::string& path, const nlohmann::json& values);

}  // namespace scef::lwm2m_server_simulator
