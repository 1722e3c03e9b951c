#include "lwm2m-core/client/package_uri.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace scef::client {
namespace {

using Problem = PackageUriProblem;

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

/// Percent-decoded; nothing if it is cut off or no hexadecimal.
std::optional<std::string> decode(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        unsigned octet = 0;
        if (at + 2 >= text.size()) return std::nullopt;
        const char* const end = text.data() + at + 3;
        const auto [rest, error] = std::from_chars(text.data() + at + 1, end, octet, 16);
        if (error != std::errc{} || rest != end) return std::nullopt;
        out += static_cast<char>(octet);
        at += 2;
    }
    return out;
}

/// The decoded parts between `separator`; an option takes 255 octets at most.
std::optional<std::vector<std::string>> parts(std::string_view text, char separator) {
    std::vector<std::string> result;
    while (true) {
        const std::size_t end = std::min(text.find(separator), text.size());
        auto part = decode(text.substr(0, end));
        if (!part || part->size() > 255) return std::nullopt;
        result.push_back(std::move(*part));
        if (end == text.size()) return result;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

tl::expected<PackageUri, PackageUriProblem> parse_package_uri(std::string_view text) {
    const std::size_t scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos || scheme_end == 0 || text.size() > 255) {
        return tl::unexpected(Problem::invalid);
    }
    const std::string scheme = lower(text.substr(0, scheme_end));
    if (scheme != "coap" && scheme != "coap+nidd") {
        return tl::unexpected(Problem::unsupported_protocol);
    }
    std::string_view rest = text.substr(scheme_end + 3);
    if (rest.find('#') != std::string_view::npos) return tl::unexpected(Problem::invalid);
    const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
    if (authority_end == 0 && scheme == "coap") return tl::unexpected(Problem::invalid);
    rest.remove_prefix(authority_end);
    PackageUri uri;
    const std::size_t query_at = std::min(rest.find('?'), rest.size());
    const std::string_view path = rest.substr(0, query_at);
    if (path.size() > 1) {
        auto segments = parts(path.substr(1), '/');
        if (!segments) return tl::unexpected(Problem::invalid);
        uri.path = std::move(*segments);
    }
    if (query_at < rest.size()) {
        auto queries = parts(rest.substr(query_at + 1), '&');
        if (!queries) return tl::unexpected(Problem::invalid);
        uri.query = std::move(*queries);
    }
    return uri;
}

}  // namespace scef::client
