#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scef::lwm2m {

/// A path of the object model with 0 to 4 ids: object, instance, resource, resource instance.
/// Depth 0 is the root `/`.
class Path {
public:
    static constexpr std::size_t depth_max = 4;

    Path() = default;
    template <typename... Ids>
    requires(sizeof...(Ids) >= 1 && sizeof...(Ids) <= depth_max) explicit Path(Ids... ids)
        : ids_{static_cast<std::uint16_t>(ids)...},
          depth_(static_cast<std::uint8_t>(sizeof...(Ids))) {}

    /// Nothing if a segment is no decimal number from 0 to 65534 or there are too many.
    static std::optional<Path> from_segments(const std::vector<std::string_view>& segments);
    /// `/3/0/1`, `3/0/1` or `/`.
    static std::optional<Path> parse(std::string_view text);

    std::size_t depth() const { return depth_; }
    /// The id at `level` (0 is the object); 0 if the path is not that deep.
    std::uint16_t id(std::size_t level) const {
        return level < depth_ ? ids_[level] : std::uint16_t{0};
    }
    std::uint16_t object() const { return id(0); }
    std::uint16_t instance() const { return id(1); }
    std::uint16_t resource() const { return id(2); }

    Path child(std::uint16_t id) const;
    /// The first `depth` ids.
    Path prefix(std::size_t depth) const;
    /// True if `other` is this path or below it.
    bool contains(const Path& other) const;
    /// `/3/0/1`; `/` for the root.
    std::string text() const;

    friend auto operator<=>(const Path&, const Path&) = default;

private:
    std::array<std::uint16_t, depth_max> ids_{};
    std::uint8_t depth_ = 0;
};

}  // namespace scef::lwm2m
