#pragma once

#include <map>
#include <string>

#include "scef-adapter/config/config.h"

namespace scef::adapter {

/// What the readers did with one key of a file; every key that they ask for has one, whether the
/// file gives it or not.
struct KeyUse {
    bool is_given = false;      ///< the file has a value for it
    bool is_refused = false;    ///< known, so that it can be refused with a reason
    bool starts_empty = false;  ///< without the file: an empty text, no entry, no value
    bool is_default = false;    ///< the file's value is the one that there is without it
};

/// By path, such as `scefs[0].auth.oauth2`; sections are among them.
using KeyUses = std::map<std::string, KeyUse>;

/// As `parse_config`, and tells what was asked for. Complete only for the parts of a configuration
/// that the text has: a section that is absent is not read.
tl::expected<Config, ConfigMistakes> parse_config(const std::string& text, const std::string& file,
                                                  KeyUses& uses);

}  // namespace scef::adapter
