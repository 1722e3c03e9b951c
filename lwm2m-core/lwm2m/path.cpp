#include "lwm2m-core/lwm2m/path.h"

#include <algorithm>
#include <charconv>

namespace scef::lwm2m {

std::optional<Path> Path::from_segments(const std::vector<std::string_view>& segments) {
    constexpr std::uint16_t id_max = 65534;
    if (segments.size() > depth_max) return std::nullopt;
    Path path;
    for (const std::string_view segment : segments) {
        std::uint16_t id = 0;
        const char* const end = segment.data() + segment.size();
        const auto [rest, error] = std::from_chars(segment.data(), end, id);
        if (error != std::errc{} || rest != end || id > id_max) return std::nullopt;
        path = path.child(id);
    }
    return path;
}

std::optional<Path> Path::parse(std::string_view text) {
    if (!text.empty() && text.front() == '/') text.remove_prefix(1);
    std::vector<std::string_view> segments;
    while (!text.empty()) {
        const std::size_t slash = text.find('/');
        segments.push_back(text.substr(0, slash));
        if (slash == std::string_view::npos) break;
        text.remove_prefix(slash + 1);
        if (text.empty()) return std::nullopt;
    }
    return from_segments(segments);
}

Path Path::child(std::uint16_t id) const {
    Path path = *this;
    if (depth_ == depth_max) return path;
    path.ids_[path.depth_] = id;
    ++path.depth_;
    return path;
}

Path Path::prefix(std::size_t depth) const {
    Path path;
    for (std::size_t level = 0; level < std::min<std::size_t>(depth, depth_); ++level) {
        path = path.child(ids_[level]);
    }
    return path;
}

bool Path::contains(const Path& other) const {
    return depth_ <= other.depth_ &&
           std::equal(ids_.begin(), ids_.begin() + depth_, other.ids_.begin());
}

std::string Path::text() const {
    if (depth_ == 0) return "/";
    std::string text;
    for (std::size_t level = 0; level < depth_; ++level) text += '/' + std::to_string(ids_[level]);
    return text;
}

}  // namespace scef::lwm2m
