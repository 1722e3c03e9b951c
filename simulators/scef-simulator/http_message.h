#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "simulators/scef-simulator/body_reader.h"

namespace scef::scef_simulator {

/// An HTTP request as the resources see it; `path` is percent-decoded.
struct HttpRequest {
    std::string method;
    std::string path;
    std::map<std::string, std::string> query;
    std::string scheme = "http";
    std::string host;
    std::string content_type;
    std::string authorization;
    std::string body;
};

/// An HTTP answer. For fault injection there may be none, the connection being closed or reset, at
/// once or after a while; or it is cut short, or comes drop by drop.
struct HttpAnswer {
    enum class Ending : std::uint8_t { answer, close, reset, hang, truncated };

    int status = 204;
    std::string content_type;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    Ending ending = Ending::answer;
    std::chrono::milliseconds trickle{0};  ///< the answer takes so long to go out

    /// If set, the body has no end: this is called again and again for its next piece, which may be
    /// empty, and may block for a second. Ends when the client goes.
    std::function<std::string()> stream;
};

using HttpHandler = std::function<HttpAnswer(const HttpRequest&)>;

/// What is wrong, for a ProblemDetails of TS 29.122 5.2.1.2.12 (RFC 9457).
struct Problem {
    int status = 500;
    std::string detail;
    std::string cause;
    std::vector<InvalidParam> invalid_params;
};

const char* reason_of(int status);
nlohmann::json to_json(const Problem& problem);
HttpAnswer problem_answer(const Problem& problem);
HttpAnswer json_answer(int status, const nlohmann::json& body);

/// The path between slashes, empty segments left out.
std::vector<std::string> segments_of(const std::string& path);

/// A path segment as it stands in a URI (RFC 3986 3.3).
std::string percent_encoded(const std::string& segment);

}  // namespace scef::scef_simulator
