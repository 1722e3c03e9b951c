#include "scef-adapter/admin/router.h"

#include <optional>

namespace scef::adapter {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

bool match_segment(std::string_view pattern, std::string_view segment, Variables& variables) {
    const std::size_t close = pattern.find('}');
    if (!pattern.starts_with('{') || close == std::string_view::npos) return pattern == segment;
    const std::string_view verb = pattern.substr(close + 1);
    if (!segment.ends_with(verb)) return false;
    const std::string_view value = segment.substr(0, segment.size() - verb.size());
    std::string_view name = pattern.substr(1, close - 1);
    const bool takes_colon = name.starts_with('+');
    if (takes_colon) name.remove_prefix(1);
    if (value.empty() || (!takes_colon && value.find(':') != std::string_view::npos)) return false;
    variables.emplace(name, value);
    return true;
}

std::optional<Variables> match(const std::vector<std::string>& pattern,
                               const std::vector<std::string>& segments) {
    if (pattern.size() != segments.size()) return std::nullopt;
    Variables variables;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (!match_segment(pattern[i], segments[i], variables)) return std::nullopt;
    }
    return variables;
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
    for (const Route& route : routes_) {
        std::vector<std::string> segments;
        std::string_view rest = route.pattern;
        while (!rest.empty()) {
            rest.remove_prefix(1);
            segments.emplace_back(rest.substr(0, rest.find('/')));
            rest.remove_prefix(segments.back().size());
        }
        patterns_.push_back(std::move(segments));
    }
}

Router::Match Router::find(std::string_view method,
                           const std::vector<std::string>& segments) const {
    Match result;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        auto variables = match(patterns_[i], segments);
        if (!variables) continue;
        if (routes_[i].method == method) {
            return {&routes_[i], std::move(*variables), {}};
        }
        if (!result.allowed.empty()) result.allowed += ", ";
        result.allowed += routes_[i].method;
        if (routes_[i].method == "GET") result.allowed += ", HEAD";
    }
    return result;
}

}  // namespace scef::adapter
