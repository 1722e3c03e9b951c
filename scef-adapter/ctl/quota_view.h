#pragma once

#include <string>

#include <nlohmann/json.hpp>

/// Quotas of the API as text for people. Pure.
namespace scef::ctl {

/// Which quota a scope has, and a table of its limits: what the configuration or the API says, and
/// what the device told. An asterisk marks those of which the
/// least is left.
std::string quota_text(const nlohmann::json& quota);

/// What would become of a message.
std::string dry_run_text(const nlohmann::json& verdict);

}  // namespace scef::ctl
