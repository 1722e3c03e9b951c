#include "scef-adapter/console/console.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "scef-adapter/console/console_text.h"

namespace scef::adapter {
namespace {

using nidd::HttpRequest;
using nidd::HttpResponse;

constexpr std::string_view folder = "/console/";

/// Nothing but what came from here runs, is shown or is asked (CSP Level 3), and no other page may
/// frame it: a click there must not reach a button here.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

std::string content_type_of(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> types{{
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
    }};
    for (const auto& [ending, type] : types) {
        if (name.ends_with(ending)) return std::string(type);
    }
    return "application/octet-stream";
}

/// FNV-1a: it only has to tell one release from another.
std::string entity_tag_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3;
    }
    return '"' + std::to_string(hash) + '"';
}

HttpResponse moved_to_console() {
    return {302, "text/plain; charset=utf-8", "", {{"Location", std::string(folder)}}};
}

HttpResponse response_of(const ConsoleFile& file, const HttpRequest& request) {
    HttpResponse response{200, file.content_type, file.text, {}};
    const auto known = request.headers.find("if-none-match");
    if (known != request.headers.end() && known->second == file.entity_tag) {
        response.status = 304;
        response.body.clear();
    }
    response.headers = {{"ETag", file.entity_tag},
                        {"Cache-Control", "no-cache"},
                        {"Content-Security-Policy", std::string(content_security_policy)},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Referrer-Policy", "no-referrer"}};
    return response;
}

}  // namespace

const std::vector<ConsoleFile>& console_files() {
    static const std::vector<ConsoleFile> files = [] {
        std::vector<ConsoleFile> made;
        for (auto& [name, text] : console_texts()) {
            std::string tag = entity_tag_of(text);
            made.push_back({name, content_type_of(name), std::move(text), std::move(tag)});
        }
        return made;
    }();
    return files;
}

std::optional<HttpResponse> console_response(const HttpRequest& request) {
    if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
    if (request.path == "/" || request.path == "/console") return moved_to_console();
    if (!request.path.starts_with(folder)) return std::nullopt;
    std::string_view name = std::string_view(request.path).substr(folder.size());
    if (name.empty()) name = "index.html";
    const auto& files = console_files();
    const auto found = std::find_if(files.begin(), files.end(),
                                    [name](const ConsoleFile& file) { return file.name == name; });
    if (found == files.end()) return std::nullopt;
    return response_of(*found, request);
}

}  // namespace scef::adapter
