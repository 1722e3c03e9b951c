#include "nidd/endpoint/notification_endpoint.h"

#include <chrono>
#include <utility>

#include "nidd/endpoint/http_text.h"

namespace scef::nidd {
namespace {

constexpr Duration default_retry_after = std::chrono::seconds(1);

const char* title_of(int status) {
    switch (status) {
        case 400:
            return "Bad Request";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 429:
            return "Too Many Requests";
        default:
            return "Service Unavailable";
    }
}

HttpResponse problem(int status, std::string_view detail) {
    HttpResponse response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = problem_json(status, title_of(status), detail);
    return response;
}

/// `application/json`, alone or with `charset=utf-8` (RFC 9110 8.3.1); other parameters are
/// ignored.
bool is_json(std::string_view content_type) {
    const auto semicolon = content_type.find(';');
    if (to_lower(trim_blanks(content_type.substr(0, semicolon))) != "application/json")
        return false;
    while (!content_type.empty()) {
        const auto next = content_type.find(';');
        const std::string parameter = to_lower(trim_blanks(content_type.substr(0, next)));
        const bool charset = parameter.starts_with("charset");
        if (charset && parameter != "charset=utf-8" && parameter != "charset=\"utf-8\"")
            return false;
        if (next == std::string_view::npos) return true;
        content_type.remove_prefix(next + 1);
    }
    return true;
}

bool has_no_coding(const HttpRequest& request) {
    const auto coding = request.headers.find("content-encoding");
    return coding == request.headers.end() || to_lower(coding->second) == "identity";
}

bool is_json_request(const HttpRequest& request) {
    const auto type = request.headers.find("content-type");
    return type != request.headers.end() && is_json(type->second);
}

HttpResponse not_found() { return problem(404, "there is no such resource"); }

void set_retry_after(HttpResponse& response, Duration wait) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    response.headers.emplace_back("Retry-After", std::to_string(seconds < 1 ? 1 : seconds));
}

HttpResponse response_of(const NotificationVerdict& verdict) {
    switch (verdict.status) {
        case 204: {
            HttpResponse response;
            response.status = 204;
            return response;
        }
        case 400:
            return problem(400, "the notification is not acceptable");
        case 404:
            return not_found();
        case 409:
            return problem(409, "the notification contradicts the resource's state");
        case 413:
            return problem(413, "the data is too large");
        default:
            break;
    }
    HttpResponse response = problem(503, "the notification cannot be taken now");
    set_retry_after(response, verdict.retry_after.value_or(default_retry_after));
    return response;
}

}  // namespace

void NotificationEndpoint::handle(HttpRequest request, HttpReply reply) {
    const std::string_view path = request.path;
    const auto capability =
        path.starts_with(prefix) ? Capability::parse(path.substr(prefix.size())) : std::nullopt;
    if (!capability || !request.query.empty()) {
        reply(not_found());
        return;
    }
    if (request.method != "POST") {
        HttpResponse response = problem(405, "only POST is allowed here");
        response.headers.emplace_back("Allow", "POST");
        reply(std::move(response));
        return;
    }
    if (!is_json_request(request) || !has_no_coding(request)) {
        reply(problem(415, "only application/json without a content coding is taken"));
        return;
    }
    auto notification = parse_notification(request.body);
    if (!notification) {
        const bool large = notification.error().code == Errc::too_large;
        reply(problem(large ? 413 : 400, notification.error().message));
        return;
    }
    sink_({*capability, std::move(*notification)},
          [this, peer = std::move(request.peer_address),
           reply = std::move(reply)](const NotificationVerdict& verdict) {
              const bool is_unknown = verdict.status == 404;
              const auto wait = is_unknown ? watch_(verdict.unknown, peer) : std::nullopt;
              if (!wait) return reply(response_of(verdict));
              HttpResponse response = problem(429, "too many unknown resources were asked for");
              set_retry_after(response, *wait);
              reply(std::move(response));
          });
}

}  // namespace scef::nidd
