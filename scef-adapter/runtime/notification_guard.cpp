#include "scef-adapter/runtime/notification_guard.h"

#include <algorithm>
#include <utility>

#include "nidd/types/t8_json.h"

namespace scef::adapter {
namespace {

constexpr std::string_view key = "notifications.tokens_file";

nidd::HttpResponse problem(int status, std::string_view title, std::string_view detail) {
    nidd::HttpResponse response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = nidd::problem_json(status, title, detail);
    return response;
}

nidd::HttpResponse unauthorized(std::string_view detail) {
    auto response = problem(401, "Unauthorized", detail);
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

}  // namespace

Result<TokenDigests> NotificationGuard::read_file(const std::string& file) {
    auto text = read_token_file(file, key);
    if (!text) return tl::unexpected<Error>(std::move(text.error()));
    return parse(*text, file);
}

Result<TokenDigests> NotificationGuard::parse(std::string_view text, const std::string& file) {
    TokenDigests tokens;
    for (const TokenLine& line : token_lines(text)) {
        if (const Status added = tokens.add(line.text); !added) {
            return fail(Errc::invalid_argument, std::string(key) + ": " + file + " line " +
                                                    std::to_string(line.number) + ": " +
                                                    added.error().message);
        }
    }
    if (tokens.empty()) {
        return fail(Errc::invalid_argument, std::string(key) + ": there is no token in " + file);
    }
    return tokens;
}

void NotificationGuard::replace(TokenDigests tokens) {
    const std::lock_guard lock(mutex_);
    tokens_ = std::make_shared<const TokenDigests>(std::move(tokens));
}

std::optional<nidd::HttpResponse> NotificationGuard::refuse(const nidd::HttpRequest& request,
                                                            Instant now) {
    const auto tokens = [this] {
        const std::lock_guard lock(mutex_);
        return tokens_;
    }();
    if (tokens->empty()) return std::nullopt;
    const auto token = bearer_token(request);
    if (token && tokens->find(*token)) return std::nullopt;
    ++refused_;
    if (!token) return unauthorized("a bearer token is needed");
    const auto wait = failures_.on_failure(request.peer_address, now);
    if (!wait) return unauthorized("the token is not known");
    auto response =
        problem(429, "Too Many Requests", "too many wrong tokens came from this address");
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
    response.headers.emplace_back("Retry-After",
                                  std::to_string(std::max<std::int64_t>(seconds, 1)));
    return response;
}

}  // namespace scef::adapter
