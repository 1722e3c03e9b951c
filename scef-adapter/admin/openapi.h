#pragma once

#include <string_view>

namespace scef::adapter {

/// The OpenAPI 3.1 description of the admin API: the file `openapi.json` of this folder.
std::string_view openapi_document();

}  // namespace scef::adapter
