#include "simulators/scef-simulator/token_service.h"

#include <array>
#include <chrono>
#include <map>
#include <random>
#include <utility>

#include "lwm2m-core/vocabulary/base64.h"
#include "simulators/scef-simulator/t8_answers.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

constexpr const char* token_path = "/oauth2/token";
constexpr std::string_view basic = "Basic ";
constexpr std::string_view bearer = "Bearer ";

Instant steady_now() {
    return Instant(
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

std::string random_token() {
    constexpr std::size_t words = 8;
    std::random_device device;
    Bytes octets;
    for (std::size_t i = 0; i < words; ++i) {
        const std::uint32_t word = device();
        for (unsigned shift = 0; shift < 32; shift += 8) {
            octets.push_back(static_cast<std::uint8_t>(word >> shift));
        }
    }
    return to_hex(octets);
}

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_escape = text[i] == '%' && i + 2 < text.size() &&
                               digit_of(text[i + 1]) >= 0 && digit_of(text[i + 2]) >= 0;
        if (is_escape) {
            plain += static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
            i += 2;
        } else {
            plain += text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

/// `application/x-www-form-urlencoded`.
std::map<std::string, std::string> form_of(std::string_view body) {
    std::map<std::string, std::string> form;
    while (!body.empty()) {
        const std::size_t end = body.find('&');
        const std::string_view pair = body.substr(0, end);
        const std::size_t equals = pair.find('=');
        form[decoded(pair.substr(0, equals))] =
            equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1));
        if (end == std::string_view::npos) break;
        body.remove_prefix(end + 1);
    }
    return form;
}

/// RFC 6749 2.3.1: by Basic, each part being form-encoded, or in the form.
std::pair<std::string, std::string> credentials_of(const HttpRequest& request,
                                                   std::map<std::string, std::string>& form) {
    if (!request.authorization.starts_with(basic)) {
        return {form["client_id"], form["client_secret"]};
    }
    const Result<Bytes> octets = from_base64(request.authorization.substr(basic.size()));
    const std::string text = octets ? std::string(as_text(*octets)) : std::string{};
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) return {text, ""};
    return {decoded(std::string_view(text).substr(0, colon)),
            decoded(std::string_view(text).substr(colon + 1))};
}

/// RFC 6749 5.2.
HttpAnswer token_error(int status, const char* error, const char* description) {
    HttpAnswer answer = json_answer(status, {{"error", error}, {"error_description", description}});
    answer.headers.emplace_back("Cache-Control", "no-store");
    if (status == 401) answer.headers.emplace_back("WWW-Authenticate", "Basic realm=\"t8\"");
    return answer;
}

}  // namespace

TokenService::TokenService(OAuth2Settings settings) : settings_(std::move(settings)) {}

std::optional<T8Call> TokenService::call_of(const HttpRequest& request) {
    if (request.path != token_path) return std::nullopt;
    T8Call call;
    call.operation = "token";
    return call;
}

HttpAnswer TokenService::serve(const HttpRequest& request) {
    if (request.method != "POST") return method_not_allowed("POST");
    if (!is_media_type(request.content_type, "application/x-www-form-urlencoded")) {
        return token_error(400, "invalid_request", "a form is expected");
    }
    std::map<std::string, std::string> form = form_of(request.body);
    if (form["grant_type"] != "client_credentials") {
        return token_error(400, "unsupported_grant_type", "client_credentials is expected");
    }
    const auto [id, secret] = credentials_of(request, form);
    const bool is_open = settings_.client_id.empty();
    if (!is_open && (id != settings_.client_id || secret != settings_.client_secret)) {
        return token_error(401, "invalid_client", "unknown client or wrong secret");
    }
    return grant();
}

HttpAnswer TokenService::grant() {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(settings_.token_lifetime).count();
    const std::string token = random_token();
    {
        const std::lock_guard lock(mutex_);
        const Instant now = steady_now();
        std::erase_if(tokens_, [&](const auto& entry) { return entry.second <= now; });
        tokens_[token] = now + settings_.token_lifetime;
    }
    HttpAnswer answer = json_answer(
        200, {{"access_token", token}, {"token_type", "Bearer"}, {"expires_in", seconds}});
    answer.headers.emplace_back("Cache-Control", "no-store");
    return answer;
}

std::optional<HttpAnswer> TokenService::refusal_of(const HttpRequest& request) {
    if (settings_.client_id.empty()) return std::nullopt;
    const bool has_token = request.authorization.starts_with(bearer);
    if (has_token && is_valid(request.authorization.substr(bearer.size()))) return std::nullopt;
    HttpAnswer answer = problem_answer(
        {401, has_token ? "the token is not valid" : "a bearer token is required", "", {}});
    answer.headers.emplace_back(
        "WWW-Authenticate",
        has_token ? "Bearer realm=\"t8\", error=\"invalid_token\"" : "Bearer realm=\"t8\"");
    return answer;
}

std::size_t TokenService::revoke_all() {
    const std::lock_guard lock(mutex_);
    const std::size_t count = tokens_.size();
    tokens_.clear();
    return count;
}

bool TokenService::is_valid(const std::string& token) {
    const std::lock_guard lock(mutex_);
    const auto found = tokens_.find(token);
    return found != tokens_.end() && found->second > steady_now();
}

}  // namespace scef::scef_simulator
