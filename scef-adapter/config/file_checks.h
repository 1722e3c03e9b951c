#pragma once

#include <string>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::adapter {

/// Whether a file that the configuration names exists and can be read, as one sentence.
Status check_file(const std::string& file);

/// The same for a file with a secret, which others than its owner and group must not read. The
/// sentence never shows what is no file's name: it may be the secret, written in the wrong place.
Status check_secret_file(const std::string& file);

}  // namespace scef::adapter
