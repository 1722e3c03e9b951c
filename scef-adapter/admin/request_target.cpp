#include "scef-adapter/admin/request_target.h"

#include <optional>

namespace scef::adapter {
namespace {

constexpr std::size_t parameters_max = 16;

int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = digit_value(text[i + 1]);
            const int low = digit_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
            if (c == '/') return std::nullopt;
        }
        if (c == '\\') return std::nullopt;
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
        decoded += c;
    }
    return decoded;
}

}  // namespace

Result<std::vector<std::string>> path_segments(std::string_view path) {
    const auto refused = fail(Errc::malformed, "the path is not well-formed");
    if (!path.starts_with('/')) return refused;
    std::vector<std::string> segments;
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::string_view text = path.substr(0, path.find('/'));
        path.remove_prefix(text.size());
        auto segment = decode(text);
        if (!segment || *segment == "." || *segment == "..") return refused;
        segments.push_back(std::move(*segment));
    }
    return segments;
}

Result<QueryParameters> query_parameters(std::string_view query) {
    QueryParameters parameters;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(pair.size());
        if (!query.empty()) query.remove_prefix(1);
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        auto name = decode(pair.substr(0, equals));
        auto value =
            decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1));
        if (!name || !value) return fail(Errc::malformed, "the query is not well-formed");
        if (!parameters.emplace(std::move(*name), std::move(*value)).second) {
            return fail(Errc::malformed, "a query parameter is there twice");
        }
        if (parameters.size() > parameters_max) {
            return fail(Errc::malformed, "there are too many query parameters");
        }
    }
    return parameters;
}

std::string encode_segment(std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("-._~@").find(c) != std::string_view::npos;
        if (plain) {
            encoded += c;
        } else {
            const auto octet = static_cast<unsigned char>(c);
            encoded += {'%', digits[octet >> 4], digits[octet & 15]};
        }
    }
    return encoded;
}

}  // namespace scef::adapter
