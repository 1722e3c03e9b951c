#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nidd/endpoint/http_listener.h"

namespace scef::adapter {

/// One file of the web console, from `site/`.
struct ConsoleFile {
    std::string name;          ///< `app.js`
    std::string content_type;  ///< of its ending
    std::string text;
    std::string entity_tag;  ///< quoted; another text has another one (RFC 9110 8.8.3)
};

/// All of them, in the order of their names; made once.
const std::vector<ConsoleFile>& console_files();

/// Answers what asks for a file of the console (`/console/`, `/console/app.js`), or sends the
/// browser there from `/` and `/console`; nothing for everything else. The files are the same for
/// everybody and hold no data, so no credentials are asked for: the pages bring their own to the
/// API. Thread-safe; does not block.
std::optional<nidd::HttpResponse> console_response(const nidd::HttpRequest& request);

}  // namespace scef::adapter
