#include "nidd/endpoint/http_policy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "nidd/endpoint/http_text.h"

namespace scef::nidd {
namespace {

constexpr std::size_t method_octets = 32;
constexpr std::size_t version_octets = 8;

using Headers = std::map<std::string, std::string, std::less<>>;

constexpr std::array<std::string_view, 7> served_methods{"GET",   "HEAD",   "POST",   "PUT",
                                                         "PATCH", "DELETE", "OPTIONS"};
/// Fields of which a second one could be read differently by another parser, or by nobody.
constexpr std::array<std::string_view, 8> single_fields{
    "host",   "content-length",   "transfer-encoding", "content-type",
    "expect", "content-encoding", "authorization",     "idempotency-key"};

template <std::size_t Count>
bool contains(const std::array<std::string_view, Count>& list, std::string_view text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

std::string_view value_of(const Headers& headers, std::string_view name) {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view{} : std::string_view(found->second);
}

/// A line without its end, or why there is none (yet).
using Line = std::variant<HttpIncomplete, std::string_view, HttpRefusal>;

Line line_at(std::string_view octets) {
    const auto end = octets.find_first_of(std::string_view("\r\n\0", 3));
    if (end == std::string_view::npos) return HttpIncomplete{};
    if (octets[end] != '\r') return HttpRefusal{400, "a line does not end with CR LF"};
    if (end + 1 == octets.size()) return HttpIncomplete{};
    if (octets[end + 1] != '\n') return HttpRefusal{400, "a line does not end with CR LF"};
    return octets.substr(0, end);
}

std::optional<HttpRefusal> read_target(std::string_view target, const HttpPolicy& policy,
                                       HttpRequest& request) {
    if (target.size() > policy.target_octets) return HttpRefusal{414, "the target is too long"};
    if (target == "*" && request.method == "OPTIONS") {
        request.path = "*";
        return std::nullopt;
    }
    if (!is_origin_form(target)) return HttpRefusal{400, "the target is no absolute path"};
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string_view::npos) request.query = target.substr(question + 1);
    return std::nullopt;
}

/// `method SP target SP HTTP/1.x` with exactly one blank between them (RFC 9112 3).
std::optional<HttpRefusal> read_request_line(std::string_view line, const HttpPolicy& policy,
                                             HttpHead& head, bool& is_1_0) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return HttpRefusal{400, "the request line is malformed"};
    }
    const std::string_view method = line.substr(0, first);
    if (!is_token(method) || method.size() > method_octets) {
        return HttpRefusal{400, "the request line is malformed"};
    }
    const std::string_view version = line.substr(last + 1);
    if (version.size() != version_octets || !version.starts_with("HTTP/") || version[6] != '.' ||
        !is_digit(version[5]) || !is_digit(version[7])) {
        return HttpRefusal{400, "the request line is malformed"};
    }
    if (version[5] != '1' || version[7] > '1') {
        return HttpRefusal{505, "only HTTP/1.1 is spoken here"};
    }
    is_1_0 = version[7] == '0';
    if (method == "TRACE" || method == "CONNECT") {
        return HttpRefusal{405, "this method is not allowed"};
    }
    if (!contains(served_methods, method)) return HttpRefusal{501, "this method is not known"};
    head.request.method = method;
    return read_target(line.substr(first + 1, last - first - 1), policy, head.request);
}

std::optional<HttpRefusal> read_field(std::string_view line, Headers& headers) {
    if (line.front() == ' ' || line.front() == '\t') {
        return HttpRefusal{400, "a field is folded over lines"};
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return HttpRefusal{400, "a field is malformed"};
    }
    const std::string_view value = trim_blanks(line.substr(colon + 1));
    if (!is_field_value(value)) return HttpRefusal{400, "a field has a control character"};
    std::string name = to_lower(line.substr(0, colon));
    const bool single = contains(single_fields, name);
    const auto [place, added] = headers.try_emplace(std::move(name), value);
    if (added) return std::nullopt;
    if (single) return HttpRefusal{400, "a field occurs twice"};
    place->second.append(", ").append(value);
    return std::nullopt;
}

/// RFC 9112 6: exactly one way to find the body's end, or none.
std::optional<HttpRefusal> read_framing(HttpHead& head, bool is_1_0, const HttpPolicy& policy) {
    const Headers& headers = head.request.headers;
    const bool has_length = headers.contains("content-length");
    if (headers.contains("transfer-encoding")) {
        if (has_length) return HttpRefusal{400, "both Content-Length and Transfer-Encoding"};
        if (is_1_0) return HttpRefusal{400, "HTTP/1.0 has no Transfer-Encoding"};
        if (to_lower(value_of(headers, "transfer-encoding")) != "chunked") {
            return HttpRefusal{400, "Transfer-Encoding is not chunked"};
        }
        head.chunked = true;
        return std::nullopt;
    }
    if (!has_length) return std::nullopt;
    const std::string_view digits = value_of(headers, "content-length");
    const bool number = !digits.empty() && std::all_of(digits.begin(), digits.end(), is_digit);
    if (!number) return HttpRefusal{400, "Content-Length is no number"};
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), head.content_length);
    if (error != std::errc{} ||
        head.content_length > std::max(policy.body_octets, policy.large_body_octets)) {
        return HttpRefusal{413, "the body is too large"};
    }
    if (head.content_length <= policy.body_octets) return std::nullopt;
    head.large = policy.takes_large_body && policy.takes_large_body(head.request);
    if (!head.large) return HttpRefusal{413, "the body is too large"};
    return std::nullopt;
}

std::optional<HttpRefusal> check_fields(HttpHead& head, bool is_1_0, const HttpPolicy& policy) {
    const Headers& headers = head.request.headers;
    const bool has_host = headers.contains("host");
    if ((!has_host && !is_1_0) || (has_host && !is_host(value_of(headers, "host")))) {
        return HttpRefusal{400, "Host is missing or malformed"};
    }
    if (const auto refusal = read_framing(head, is_1_0, policy)) return refusal;
    if (headers.contains("expect")) return HttpRefusal{417, "no expectation can be met"};
    const std::string_view coding = value_of(headers, "content-encoding");
    if (!coding.empty() && to_lower(coding) != "identity") {
        return HttpRefusal{415, "content codings are not taken"};
    }
    head.keep_alive = !is_1_0 && !has_list_item(value_of(headers, "connection"), "close");
    return std::nullopt;
}

}  // namespace

std::size_t request_line_octets_max(const HttpPolicy& policy) {
    return method_octets + 1 + policy.target_octets + 1 + version_octets;
}

std::variant<HttpIncomplete, HttpHead, HttpRefusal> read_head(std::string_view octets,
                                                              const HttpPolicy& policy) {
    const std::string_view window = octets.substr(0, policy.header_octets);
    const bool cut = octets.size() > policy.header_octets;
    HttpHead head;
    bool is_1_0 = false;
    std::size_t at = 0;
    for (std::size_t lines = 0;; ++lines) {
        const Line found = line_at(window.substr(at));
        if (const auto* refusal = std::get_if<HttpRefusal>(&found)) return *refusal;
        if (std::holds_alternative<HttpIncomplete>(found)) {
            if (lines == 0 && window.size() > request_line_octets_max(policy)) {
                return HttpRefusal{414, "the target is too long"};
            }
            if (cut) return HttpRefusal{431, "the header is too large"};
            return HttpIncomplete{};
        }
        const auto line = std::get<std::string_view>(found);
        at += line.size() + 2;
        std::optional<HttpRefusal> refusal;
        if (lines == 0) {
            refusal = read_request_line(line, policy, head, is_1_0);
        } else if (line.empty()) {
            refusal = check_fields(head, is_1_0, policy);
            if (refusal) return *refusal;
            head.octets = at;
            return head;
        } else if (lines > policy.fields) {
            refusal = HttpRefusal{431, "there are too many fields"};
        } else {
            refusal = read_field(line, head.request.headers);
        }
        if (refusal) return *refusal;
    }
}

HttpResponse refusal_response(const HttpRefusal& refusal) {
    HttpResponse response;
    response.status = refusal.status;
    response.content_type = "application/problem+json";
    response.body = std::string("{\"status\":") + std::to_string(refusal.status) + ",\"title\":\"" +
                    std::string(reason_phrase(refusal.status)) + "\",\"detail\":\"" +
                    refusal.reason + "\"}";
    if (refusal.status == 503) response.headers.emplace_back("Retry-After", "1");
    if (refusal.status == 405) {
        response.headers.emplace_back("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }
    return response;
}

}  // namespace scef::nidd
