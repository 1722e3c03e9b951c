#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace scef::adapter {

/// How many things are due in each tick of time. Takes eight octets for each tick in use, however
/// many things there are, so that it costs little beside what it counts. Who adds a thing takes it
/// away again with the same tick. Pure.
class CountsByTime {
public:
    using Tick = std::uint32_t;

    void add(Tick tick) {
        const auto at = place(tick);
        if (at != ticks_.end() && at->first == tick) {
            ++at->second;
        } else {
            ticks_.insert(at, {tick, 1});
        }
    }
    /// One that was forgotten is not missed.
    void take_away(Tick tick) {
        const auto at = place(tick);
        if (at == ticks_.end() || at->first != tick) return;
        if (--at->second == 0) ticks_.erase(at);
    }
    /// Ticks before that one count no more.
    void forget_before(Tick tick) { ticks_.erase(ticks_.begin(), place(tick)); }

    std::optional<Tick> first() const {
        return ticks_.empty() ? std::nullopt : std::optional(ticks_.front().first);
    }
    /// Ticks in use.
    std::size_t size() const { return ticks_.size(); }
    /// In that tick and later.
    std::uint64_t from(Tick tick) const {
        std::uint64_t sum = 0;
        for (auto at = place(tick); at != ticks_.end(); ++at) sum += at->second;
        return sum;
    }

private:
    using Ticks = std::vector<std::pair<Tick, std::uint32_t>>;

    static bool is_before(const std::pair<Tick, std::uint32_t>& entry, Tick tick) {
        return entry.first < tick;
    }
    Ticks::iterator place(Tick tick) {
        return std::lower_bound(ticks_.begin(), ticks_.end(), tick, is_before);
    }
    Ticks::const_iterator place(Tick tick) const {
        return std::lower_bound(ticks_.begin(), ticks_.end(), tick, is_before);
    }

    Ticks ticks_;  ///< in order
};

}  // namespace scef::adapter
