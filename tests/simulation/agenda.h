#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::simulation {

/// What will happen, by virtual time; what is due at the same time happens in the order of its
/// planning.
class Agenda {
public:
    void plan(Instant when, std::function<void()> what) {
        entries_.push_back({when, next_++, std::move(what)});
        std::push_heap(entries_.begin(), entries_.end());
    }
    Instant next() const { return entries_.empty() ? never : entries_.front().when; }
    /// The earliest entry; there must be one.
    std::function<void()> take() {
        std::pop_heap(entries_.begin(), entries_.end());
        std::function<void()> what = std::move(entries_.back().what);
        entries_.pop_back();
        return what;
    }

private:
    struct Entry {
        Instant when;
        std::uint64_t number;
        std::function<void()> what;
        friend bool operator<(const Entry& a, const Entry& b) {
            return std::pair(a.when, a.number) > std::pair(b.when, b.number);
        }
    };
    std::vector<Entry> entries_;  ///< a heap, the earliest first
    std::uint64_t next_ = 0;
};

}  // namespace scef::simulation
