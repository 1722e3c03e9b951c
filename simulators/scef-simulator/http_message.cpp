#include "simulators/scef-simulator/http_message.h"

#include <string_view>

namespace scef::scef_simulator {

using nlohmann::json;

const char* reason_of(int status) {
    switch (status) {
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 409:
            return "Conflict";
        case 411:
            return "Length Required";
        case 413:
            return "Payload Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 429:
            return "Too Many Requests";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        default:
            return "Error";
    }
}

json to_json(const Problem& problem) {
    json object{{"status", problem.status}, {"title", reason_of(problem.status)}};
    if (!problem.detail.empty()) object["detail"] = problem.detail;
    if (!problem.cause.empty()) object["cause"] = problem.cause;
    for (const InvalidParam& invalid : problem.invalid_params) {
        object["invalidParams"].push_back({{"param", invalid.param}, {"reason", invalid.reason}});
    }
    return object;
}

HttpAnswer problem_answer(const Problem& problem) {
    HttpAnswer answer;
    answer.status = problem.status;
    answer.content_type = "application/problem+json";
    answer.body = dump(to_json(problem));
    return answer;
}

HttpAnswer json_answer(int status, const json& body) {
    HttpAnswer answer;
    answer.status = status;
    answer.content_type = "application/json";
    answer.body = dump(body);
    return answer;
}

std::vector<std::string> segments_of(const std::string& path) {
    std::vector<std::string> segments;
    std::string_view rest = path;
    while (!rest.empty()) {
        const std::size_t slash = rest.find('/');
        const std::string_view segment = rest.substr(0, slash);
        if (!segment.empty()) segments.emplace_back(segment);
        if (slash == std::string_view::npos) break;
        rest.remove_prefix(slash + 1);
    }
    return segments;
}

std::string percent_encoded(const std::string& segment) {
    constexpr std::string_view plain = "-._~!$&'()*+,;=:@";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : segment) {
        const bool is_alphanumeric =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_alphanumeric || plain.find(c) != std::string_view::npos) {
            encoded.push_back(c);
            continue;
        }
        const auto octet = static_cast<unsigned char>(c);
        encoded += {'%', digits[octet >> 4], digits[octet & 0xF]};
    }
    return encoded;
}

}  // namespace scef::scef_simulator
