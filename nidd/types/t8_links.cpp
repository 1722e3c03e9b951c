#include <algorithm>
#include <vector>

#include "nidd/types/t8_exchange.h"

namespace scef::nidd {
namespace {

constexpr std::size_t link_octets = 2048;
constexpr std::size_t id_octets = 128;

bool is_one_of(char octet, std::string_view extra) {
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
           (octet >= '0' && octet <= '9') || extra.find(octet) != std::string_view::npos;
}

bool consists_of(std::string_view text, std::string_view extra) {
    return std::all_of(text.begin(), text.end(),
                       [extra](char octet) { return is_one_of(octet, extra); });
}

bool is_dots(std::string_view segment) { return segment == "." || segment == ".."; }

bool is_id(std::string_view segment) {
    return !segment.empty() && segment.size() <= id_octets && consists_of(segment, "._~-") &&
           !is_dots(segment);
}

/// What follows scheme and authority; nothing for other schemes, user information or `//host`.
std::optional<std::string_view> path_of(std::string_view link) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (!link.starts_with(scheme)) continue;
        link.remove_prefix(scheme.size());
        const auto slash = link.find('/');
        if (slash == std::string_view::npos || slash == 0) return std::nullopt;
        if (!consists_of(link.substr(0, slash), ".:[]-")) return std::nullopt;
        return link.substr(slash);
    }
    if (link.starts_with("//")) return std::nullopt;
    return link;
}

/// The segments of a link's path, empty if it has a form that no T8 resource has.
std::vector<std::string_view> segments_of(std::string_view link) {
    if (link.size() > link_octets) return {};
    const auto path = path_of(link);
    if (!path) return {};
    std::string_view rest = *path;
    if (rest.starts_with('/')) rest.remove_prefix(1);
    std::vector<std::string_view> segments;
    while (true) {
        const auto slash = rest.find('/');
        const std::string_view segment = rest.substr(0, slash);
        if (segment.empty() || is_dots(segment) || !consists_of(segment, "._~-%!$&'()*+,;=@")) {
            return {};
        }
        segments.push_back(segment);
        if (slash == std::string_view::npos) return segments;
        rest.remove_prefix(slash + 1);
    }
}

/// The id in a link that ends in `…/{collection}/{id}`.
std::optional<std::string> id_below(std::string_view link, std::string_view collection) {
    const auto segments = segments_of(link);
    const std::size_t count = segments.size();
    if (count < 2 || segments[count - 2] != collection) return std::nullopt;
    if (!is_id(segments[count - 1])) return std::nullopt;
    return std::string(segments[count - 1]);
}

}  // namespace

std::optional<std::string> configuration_id_of(std::string_view link) {
    return id_below(link, "configurations");
}

std::optional<std::string> transaction_id_of(std::string_view link) {
    return id_below(link, "transactions");
}

std::optional<std::string> subscription_id_of(std::string_view link) {
    return id_below(link, "subscriptions");
}

std::optional<TransferLink> transfer_link_of(std::string_view link) {
    const auto segments = segments_of(link);
    const std::size_t count = segments.size();
    if (count < 4 || segments[count - 4] != "configurations" ||
        segments[count - 2] != "downlink-data-deliveries") {
        return std::nullopt;
    }
    if (!is_id(segments[count - 3]) || !is_id(segments[count - 1])) return std::nullopt;
    return TransferLink{std::string(segments[count - 3]), std::string(segments[count - 1])};
}

}  // namespace scef::nidd
