#include "scef-adapter/config/network_values.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <utility>

#include <arpa/inet.h>

#include "scef-adapter/config/config_values.h"

namespace scef::adapter {
namespace {

tl::unexpected<Error> wrong(std::string sentence) {
    return fail(Errc::invalid_argument, std::move(sentence));
}

/// `host:port`, `[v6]:port`, or a host alone; the port's text is empty then.
struct HostPort {
    std::string_view host;
    std::string_view port;
    bool bracketed = false;
    bool has_port = false;
};

std::optional<HostPort> split_host_port(std::string_view text) {
    HostPort split;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        split.host = text.substr(1, end - 1);
        split.bracketed = true;
        text.remove_prefix(end + 1);
    } else {
        split.host = text.substr(0, text.find(':'));
        text.remove_prefix(split.host.size());
    }
    if (text.empty()) return split;
    if (text.front() != ':') return std::nullopt;
    split.port = text.substr(1);
    split.has_port = true;
    return split;
}

bool is_host_name(std::string_view host) {
    return !host.empty() && host.size() <= 253 && host.front() != '-' && host.front() != '.' &&
           host.find("..") == std::string_view::npos &&
           std::all_of(host.begin(), host.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
           });
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

bool is_authority(const HostPort& parts) {
    const bool host =
        parts.bracketed ? parse_address(parts.host).has_value() : is_host_name(parts.host);
    return host && (!parts.has_port || parse_number(parts.port, 1, 65535));
}

bool is_plain_path(std::string_view path) {
    return std::all_of(path.begin(), path.end(), [](char c) {
        return c > 0x20 && c < 0x7f &&
               std::string_view("?#\\\"<>^`{|}").find(c) == std::string_view::npos;
    });
}

std::string without_slash_at_end(std::string_view text) {
    return std::string(text.substr(0, text.find_last_not_of('/') + 1));
}

bool bits_behind_are_zero(const SocketAddress& address, unsigned length) {
    const unsigned first = (address.is_ipv6 ? 0 : 96) + length;
    for (unsigned bit = first; bit < 128; ++bit) {
        if ((address.octets[bit / 8] >> (7 - bit % 8) & 1) != 0) return false;
    }
    return true;
}

}  // namespace

std::optional<SocketAddress> parse_address(std::string_view text) {
    const std::string copy(text);
    std::array<std::uint8_t, 16> octets{};
    if (inet_pton(AF_INET, copy.c_str(), octets.data()) == 1) {
        SocketAddress address;
        std::copy_n(octets.begin(), 4, address.octets.begin() + 12);
        return address;
    }
    if (inet_pton(AF_INET6, copy.c_str(), octets.data()) != 1) return std::nullopt;
    SocketAddress address;
    address.octets = octets;
    address.is_ipv6 = true;
    return address;
}

Result<AddressBlock> parse_address_block(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return wrong("must be an address block such as 127.0.0.1/32 or fd00::/64");
    const unsigned bits = address->is_ipv6 ? 128 : 32;
    AddressBlock block{*address, bits};
    if (slash == std::string_view::npos) return block;
    const auto length = parse_number(text.substr(slash + 1), 0, bits);
    if (!length) return wrong("the length of the prefix " + length.error().message);
    block.length = static_cast<unsigned>(*length);
    if (!bits_behind_are_zero(*address, block.length)) {
        return wrong("has bits behind its prefix of " + std::to_string(block.length) +
                     " bits; set them to zero");
    }
    return block;
}

Result<std::string> parse_cidr(std::string_view text) {
    return parse_address_block(text).map([](const AddressBlock& block) {
        return block.address.address_text() + '/' + std::to_string(block.length);
    });
}

Result<SocketAddress> parse_socket_address(std::string_view text) {
    const auto parts = split_host_port(text);
    const auto address = parts ? parse_address(parts->host) : std::nullopt;
    if (!address || address->is_ipv6 != parts->bracketed || !parts->has_port) {
        return wrong("must be an address and a port such as 127.0.0.1:9080 or [::1]:9080");
    }
    const auto port = parse_number(parts->port, 0, 65535);
    if (!port) return wrong("the port " + port.error().message);
    SocketAddress result = *address;
    result.port = static_cast<std::uint16_t>(*port);
    return result;
}

Result<std::string> parse_listen(std::string_view text) {
    return parse_socket_address(text).map([](const SocketAddress& a) { return a.text(); });
}

Result<std::string> parse_http_url(std::string_view text) {
    const std::string form = "must be a URL such as https://scef.example:8443";
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos ||
        (text.substr(0, scheme) != "http" && text.substr(0, scheme) != "https")) {
        return wrong(form + ", with http or https");
    }
    const std::string_view rest = text.substr(scheme + 3);
    if (rest.find_first_of("?#") != std::string_view::npos) {
        return wrong(form + ", without query and fragment");
    }
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    if (rest.substr(0, slash).find('@') != std::string_view::npos) {
        return wrong(form + ", without user and password: secrets are given by file");
    }
    const auto parts = split_host_port(rest.substr(0, slash));
    if (!parts || !is_authority(*parts) || !is_plain_path(rest.substr(slash))) return wrong(form);
    return without_slash_at_end(text);
}

Result<std::string> parse_http_path(std::string_view text) {
    if (!text.starts_with('/') || !is_plain_path(text)) {
        return wrong("must be an absolute path such as /3gpp-nidd/v1");
    }
    return without_slash_at_end(text);
}

Result<std::string> parse_domain(std::string_view text) {
    const bool clean = std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '.';
    });
    if (text == "*") return std::string(text);
    if (text.empty() || text.size() > 189 || !clean) {
        return wrong("must be a domain such as iot.operator.example, or \"*\" for all");
    }
    return lower(text);
}

std::string CoapUri::text() const {
    const bool brackets = address && address->is_ipv6;
    return "coap://" + (brackets ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

Result<CoapUri> parse_coap_uri(std::string_view text) {
    const std::string form = "must be a URI such as coap://127.0.0.1:5683";
    const std::size_t scheme_end = std::min(text.find("://"), text.size());
    const std::string scheme = lower(text.substr(0, scheme_end));
    if (scheme == "coaps" || scheme == "coap+tcp" || scheme == "coaps+tcp" || scheme == "coap+ws" ||
        scheme == "coaps+ws") {
        return wrong("the scheme " + scheme +
                     " is not supported by this version; use coap, as in coap://127.0.0.1:5683");
    }
    if (scheme != "coap" || scheme_end == text.size()) return wrong(form);
    std::string_view rest = text.substr(scheme_end + 3);
    if (rest.ends_with('/')) rest.remove_suffix(1);
    const auto parts = split_host_port(rest);
    if (!parts || !is_authority(*parts)) {
        return wrong(form + ", with nothing behind the port");
    }
    CoapUri uri;
    uri.host = lower(parts->host);
    if (parts->has_port) {
        uri.port = static_cast<std::uint16_t>(parse_number(parts->port, 1, 65535).value_or(0));
    }
    uri.address = parse_address(uri.host);
    if (uri.address) uri.address->port = uri.port;
    return uri;
}

bool is_loopback(const SocketAddress& address) {
    if (!address.is_ipv6) return address.octets[12] == 127;
    std::array<std::uint8_t, 16> loopback{};
    loopback[15] = 1;
    return address.octets == loopback;
}

}  // namespace scef::adapter
