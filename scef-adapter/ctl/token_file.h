#pragma once

#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::ctl {

/// The token in a file: its only line, or, if the lines are `role:token` as in the adapter's own
/// tokens file, the one with the most rights. Empty lines and lines with `#` are skipped.
Result<std::string> read_token_file(const std::string& file);
Result<std::string> token_of(std::string_view text, const std::string& file);

/// The secret of a webhook in a file: its only line. Empty lines and lines with `#` are skipped.
/// What it looks like is the adapter's to judge.
Result<std::string> read_secret_file(const std::string& file);
Result<std::string> secret_of(std::string_view text, const std::string& file);

}  // namespace scef::ctl
