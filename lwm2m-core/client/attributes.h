#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/lwm2m/path.h"

namespace scef::client {

/// Notification attributes (LwM2M Core TS 5.1.2). Periods are in seconds.
struct NotificationAttributes {
    std::optional<std::uint32_t> pmin;
    std::optional<std::uint32_t> pmax;
    std::optional<double> gt;
    std::optional<double> lt;
    std::optional<double> st;
    std::optional<std::uint32_t> epmin;  ///< seconds between two evaluations at least
    std::optional<std::uint32_t> epmax;  ///< and at most
    std::optional<bool> con;             ///< notify by confirmable messages, or not

    bool has_condition() const { return gt || lt || st; }
    /// Does a change of a number since the last notification count (Core TS 5.1.2: gt, lt, st)? A
    /// threshold counts when it lies between the two; a step when they are so far apart.
    bool is_met(double before, double now) const;
    /// What contradicts itself: `lt` + 2 `st` not below `gt`.
    bool is_contradictory() const;
    /// As name and value, for Discover.
    std::vector<std::pair<std::string, std::string>> list() const;
};

/// The attributes that servers have written, by path.
class Attributes {
public:
    /// Write-Attributes: reads `name=value` queries and sets or, without a value, clears them.
    /// 4.00 for an unknown name, a bad number, a threshold where `is_numeric` is false, and for
    /// thresholds that contradict each other. Then nothing is changed.
    Answer<void> write(const Path& path, const std::vector<std::string_view>& queries,
                       bool is_numeric);
    /// What holds for `path`: its own values, else those of the nearest level above.
    NotificationAttributes effective(const Path& path) const;
    /// What is written at exactly this path.
    NotificationAttributes at(const Path& path) const;
    void remove_below(const Path& path);
    void clear() { by_path_.clear(); }

private:
    std::map<Path, NotificationAttributes> by_path_;
};

}  // namespace scef::client
