#include "nidd/client/api_root.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>

namespace scef::nidd {
namespace {

bool is_alphanumeric(char octet) {
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
           (octet >= '0' && octet <= '9');
}

bool consists_of(std::string_view text, std::string_view extra) {
    return std::all_of(text.begin(), text.end(), [extra](char octet) {
        return is_alphanumeric(octet) || extra.find(octet) != std::string_view::npos;
    });
}

std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (char& octet : lower) {
        if (octet >= 'A' && octet <= 'Z') octet = static_cast<char>(octet - 'A' + 'a');
    }
    return lower;
}

std::optional<std::uint16_t> read_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

/// Reads `host[:port]` or `[address][:port]` into `root`.
bool read_authority(std::string_view authority, ApiRoot& root) {
    std::string_view port;
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos) return false;
        root.host = to_lower(authority.substr(1, end - 1));
        if (!consists_of(root.host, ":.")) return false;
        port = authority.substr(end + 1);
    } else {
        const auto colon = authority.find(':');
        root.host = to_lower(authority.substr(0, colon));
        if (!consists_of(root.host, ".-_")) return false;
        if (colon != std::string_view::npos) port = authority.substr(colon);
    }
    if (root.host.empty()) return false;
    root.port = root.tls ? 443 : 80;
    if (port.empty()) return true;
    const auto number = port.starts_with(':') ? read_port(port.substr(1)) : std::nullopt;
    if (!number) return false;
    root.port = *number;
    return true;
}

}  // namespace

Result<ApiRoot> ApiRoot::parse(std::string_view url) {
    ApiRoot root;
    std::string_view rest = url;
    if (rest.starts_with("https://")) {
        root.tls = true;
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
    } else {
        return fail(Errc::invalid_argument, "a URL must start with http:// or https://");
    }
    const auto slash = rest.find_first_of("/?#");
    if (!read_authority(rest.substr(0, slash), root)) {
        return fail(Errc::invalid_argument, "a URL must name a host, or a host and a port");
    }
    if (slash == std::string_view::npos) return root;
    std::string_view path = rest.substr(slash);
    while (path.ends_with('/')) path.remove_suffix(1);
    const bool rooted = path.empty() || path.starts_with('/');
    if (!rooted || path.size() > 2048 || !consists_of(path, "/._~-%!$&'()*+,;=:@?")) {
        return fail(Errc::invalid_argument, "a URL has a path that is not allowed");
    }
    root.path = path;
    return root;
}

std::string ApiRoot::authority() const {
    std::string text = host.find(':') == std::string::npos ? host : '[' + host + ']';
    if (port != (tls ? 443 : 80)) text += ':' + std::to_string(port);
    return text;
}

bool ApiRoot::is_same_server(const ApiRoot& other) const {
    return tls == other.tls && host == other.host && port == other.port;
}

}  // namespace scef::nidd
