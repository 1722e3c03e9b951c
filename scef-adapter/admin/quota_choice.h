#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "scef-adapter/config/config.h"

/// Which quota a scope has, as the API writes it: a name of the configuration, or the limits
/// themselves as an object with the keys of `quotas.NAME`. Pure but for the time zone files.
namespace scef::adapter {

/// As the engine takes it: the name, or the object as canonical text (members in order, no blanks);
/// empty for null. Whether there is such a quota is not looked at.
Result<std::string> quota_from_json(const nlohmann::json& value);

/// The way back.
nlohmann::json quota_json(std::string_view quota);

/// The body of `PUT /quotas/{scope}`: `{"quota": …}`, or the limits themselves. `invalid_argument`
/// names the key and what to write instead.
Result<std::string> quota_from_body(const Config& config, const nlohmann::json& body);

}  // namespace scef::adapter
