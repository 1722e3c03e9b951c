#include "scef-adapter/ctl/api_client.h"

#include <httplib.h>

#include "nidd/types/strict_json.h"
#include "scef-adapter/ctl/table.h"

namespace scef::ctl {
namespace {

constexpr std::size_t answer_octets_max = std::size_t{64} * 1024 * 1024;
constexpr std::size_t refusal_octets_max = std::size_t{64} * 1024;
constexpr int connect_seconds = 5;
constexpr int read_seconds = 60;
constexpr const char* json_type = "application/json";

/// Lists have more items than a request may have.
constexpr nidd::JsonLimits answer_limits{answer_octets_max, 16, 100'000, 256};

bool is_http_url(std::string_view url) {
    if (!url.starts_with("http://")) return false;
    url.remove_prefix(7);
    return !url.empty() && url.find_first_of("/?#@ ") == std::string_view::npos;
}

std::string lower(std::string_view text) {
    std::string made(text);
    for (char& c : made) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return made;
}

}  // namespace

std::string TextAnswer::header(std::string_view name) const {
    const auto found = headers.find(lower(name));
    return found == headers.end() ? std::string() : found->second;
}

struct ApiClient::Connection {
    explicit Connection(const ApiAddress& address) : url(address.url), http(address.url) {
        http.set_keep_alive(true);
        http.set_tcp_nodelay(true);
        http.set_connection_timeout(connect_seconds);
        http.set_read_timeout(read_seconds);
        http.set_follow_location(false);
        if (!address.token.empty()) {
            http.set_default_headers({{"Authorization", "Bearer " + address.token}});
        }
    }

    Result<ApiAnswer> finish(const httplib::Result& result) const {
        if (!result) {
            return fail(Errc::unavailable, "no answer from " + url + " (" +
                                               httplib::to_string(result.error()) +
                                               "); is scef-adapter running there?");
        }
        ApiAnswer answer{result->status, nullptr};
        if (result->body.empty()) return answer;
        auto body = nidd::parse_strict_json(result->body, answer_limits);
        if (!body && answer.is_success()) {
            return fail(Errc::malformed, "the answer of " + url + " is no JSON");
        }
        if (body) answer.body = std::move(*body);
        return answer;
    }

    std::string url;
    httplib::Client http;
};

ApiClient::ApiClient(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
ApiClient::~ApiClient() = default;

Result<std::unique_ptr<ApiClient>> ApiClient::open(const ApiAddress& address) {
    ApiAddress plain = address;
    while (plain.url.ends_with('/')) plain.url.pop_back();
    if (!is_http_url(plain.url)) {
        return fail(Errc::invalid_argument, "--url: expected http://host:port");
    }
    return std::unique_ptr<ApiClient>(new ApiClient(std::make_unique<Connection>(plain)));
}

Result<ApiAnswer> ApiClient::get(const std::string& path) {
    return connection_->finish(connection_->http.Get(path.c_str()));
}

Result<TextAnswer> ApiClient::get_text(const std::string& path) {
    auto result = connection_->http.Get(path.c_str());
    if (!result || result->status != 200) {
        const auto answer = connection_->finish(result);
        if (!answer) return tl::unexpected<Error>(answer.error());
        return fail(Errc::unavailable, sentence_of(*answer));
    }
    TextAnswer answer{std::move(result->body), {}};
    for (const auto& [name, value] : result->headers) answer.headers[lower(name)] = value;
    return answer;
}

Status ApiClient::stream(const std::string& path, const Headers& headers,
                         const std::function<bool(std::string_view)>& take) {
    int status = 0;
    std::string refusal;
    const auto result = connection_->http.Get(
        path.c_str(), httplib::Headers(headers.begin(), headers.end()),
        [&](const httplib::Response& head) {
            status = head.status;
            return true;
        },
        [&](const char* octets, std::size_t size) {
            if (status == 200) return take({octets, size});
            refusal.append(octets, size);
            return refusal.size() < refusal_octets_max;
        });
    if (status == 0) return fail(Errc::unavailable, "no answer from " + connection_->url);
    if (status == 200) return {};
    ApiAnswer answer{status, nlohmann::json::parse(refusal, nullptr, false)};
    const bool is_for_now = status == 503 || status == 429;
    return fail(is_for_now ? Errc::unavailable : Errc::invalid_argument, sentence_of(answer));
}

Result<ApiAnswer> ApiClient::post(const std::string& path, const nlohmann::json& body,
                                  const Headers& headers) {
    httplib::Headers fields(headers.begin(), headers.end());
    return connection_->finish(
        connection_->http.Post(path.c_str(), fields, nidd::dump(body), json_type));
}

Result<ApiAnswer> ApiClient::post(const std::string& path) {
    return connection_->finish(connection_->http.Post(path.c_str(), std::string(), json_type));
}

Result<ApiAnswer> ApiClient::put(const std::string& path, const nlohmann::json& body,
                                 const Headers& headers) {
    httplib::Headers fields(headers.begin(), headers.end());
    return connection_->finish(
        connection_->http.Put(path.c_str(), fields, nidd::dump(body), json_type));
}

Result<ApiAnswer> ApiClient::del(const std::string& path) {
    return connection_->finish(connection_->http.Delete(path.c_str()));
}

std::string sentence_of(const ApiAnswer& answer) {
    const auto text = [&](const char* name) -> std::string {
        if (!answer.body.is_object()) return {};
        const auto member = answer.body.find(name);
        return member != answer.body.end() && member->is_string()
                   ? printable(member->get_ref<const std::string&>())
                   : std::string();
    };
    std::string sentence = text("detail");
    if (sentence.empty()) sentence = text("title");
    if (sentence.empty()) sentence = "the adapter refused";
    return sentence + " (HTTP " + std::to_string(answer.status) + ")";
}

std::string path_segment(std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    static constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@";
    std::string segment;
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            segment += c;
        } else {
            const auto octet = static_cast<unsigned char>(c);
            segment += {'%', digits[octet >> 4], digits[octet & 15]};
        }
    }
    return segment;
}

}  // namespace scef::ctl
