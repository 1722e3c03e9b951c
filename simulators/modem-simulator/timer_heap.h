#pragma once

#include <cstddef>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::modem_simulator {

/// The deadlines of many things known by a dense index. Moving a deadline leaves its old entry in
/// the heap, which is dropped when it comes up.
class TimerHeap {
public:
    /// The one deadline of `index` from now on; `never` removes it.
    void set(std::size_t index, Instant due) {
        if (index >= current_.size()) current_.resize(index + 1, never);
        if (current_[index] == due) return;
        current_[index] = due;
        if (due != never) heap_.emplace(due, index);
    }

    /// The earliest deadline.
    Instant next() {
        while (!heap_.empty() && current_[heap_.top().second] != heap_.top().first) heap_.pop();
        return heap_.empty() ? never : heap_.top().first;
    }

    /// Takes one index whose deadline has come.
    std::optional<std::size_t> take_due(Instant now) {
        if (next() > now) return std::nullopt;
        const std::size_t index = heap_.top().second;
        heap_.pop();
        current_[index] = never;
        return index;
    }

private:
    using Entry = std::pair<Instant, std::size_t>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap_;
    std::vector<Instant> current_;
};

}  // namespace scef::modem_simulator
