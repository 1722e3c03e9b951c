#pragma once

#include <nlohmann/json.hpp>

#include "scef-adapter/doctor/report.h"

namespace scef::adapter::doctor {

/// As `GET /api/v1/scefs/{name}:doctor` shows it; `summary` is null while it runs.
nlohmann::json report_json(const Report& report);

}  // namespace scef::adapter::doctor
