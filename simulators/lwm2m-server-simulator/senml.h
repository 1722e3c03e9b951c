#pragma once

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef::lwm2m_server_simulator {

/// SenML CBOR (RFC 8428 6, content format 112) as the same records in SenML JSON: the integer
/// labels become `n`, `v`, `vs`, …, octets become base64url (`vd`). Definite and indefinite
/// lengths, at most 4 levels. Decimal fractions are read; text that is not UTF-8 and numbers that
/// are not finite are refused, as JSON has neither.
Result<nlohmann::json> json_of_senml_cbor(ByteView octets);

/// One SenML JSON record of a resource: `{"n": path, "v"|"vs"|"vb": value}`.
nlohmann::json senml_record(const std::string& path, const nlohmann::json& value);

}  // namespace scef::lwm2m_server_simulator
