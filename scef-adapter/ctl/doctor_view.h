#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace scef::ctl {

/// One line, without its end: `works     create            201  (12 ms)`.
std::string finding_line(const nlohmann::json& finding);

/// The tables below the findings: T8 features, what to write into the configuration, the counts.
std::string summary_text(const nlohmann::json& report);

}  // namespace scef::ctl
