#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::lwm2m {

/// One link of a CoRE link-format document (RFC 6690), as a Register or Discover payload carries
/// it.
struct Link {
    std::string target;  ///< `/3/0`, without < and >
    std::vector<std::pair<std::string, std::string>>
        attributes;  ///< name, value (unquoted; may be empty)

    std::optional<std::string_view> attribute(std::string_view name) const;
};

/// Reads link-format. At most 512 links; an error names the position of the octet that breaks it.
Result<std::vector<Link>> parse_link_format(std::string_view text);

/// Writes link-format; values that are no plain token or number are quoted.
std::string to_link_format(const std::vector<Link>& links);

}  // namespace scef::lwm2m
