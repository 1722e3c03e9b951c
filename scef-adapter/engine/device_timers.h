#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ratio>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"
#include "queueing/message.h"

namespace scef::adapter {

/// Deadlines of devices, the next one first: a heap of eight octets an entry, because every device
/// has two at all times. They come up to an eighth of a second late. Entries are never taken back;
/// who pops one asks the device. Pure.
class DeviceTimers {
public:
    void add(Instant due, queueing::DeviceIndex device) {
        if (entries_.size() == entries_.capacity()) {  // an eighth to spare, not as much again
            entries_.reserve(entries_.size() + entries_.size() / 8 + 16);
        }
        entries_.push_back({tick_of(due), device});
        std::push_heap(entries_.begin(), entries_.end());
    }
    /// `never` if there is none.
    Instant next() const { return entries_.empty() ? never : Instant(Tick(entries_.front().due)); }
    /// The device of the next one, which is taken out. There must be one.
    queueing::DeviceIndex pop() {
        const queueing::DeviceIndex device = entries_.front().device;
        std::pop_heap(entries_.begin(), entries_.end());
        entries_.pop_back();
        return device;
    }
    std::size_t size() const { return entries_.size(); }

    /// Now and then, when there are twice as many as after the last time, drops the entries of
    /// devices that are gone.
    template <typename IsKnown>
    void forget_dead(IsKnown is_known) {
        if (entries_.size() < checked_at_) return;
        std::erase_if(entries_, [&](const Entry& entry) { return !is_known(entry.device); });
        std::make_heap(entries_.begin(), entries_.end());
        checked_at_ = std::max<std::size_t>(1024, entries_.size() * 2);
    }

private:
    using Tick = std::chrono::duration<std::int64_t, std::ratio<1, 8>>;

    struct Entry {
        std::uint32_t due;  ///< in ticks of steady time, rounded up: 17 years
        queueing::DeviceIndex device;
        friend bool operator<(const Entry& a, const Entry& b) { return a.due > b.due; }
    };

    /// What is before the beginning of steady time is due as well; what is too far away is asked
    /// about earlier.
    static std::uint32_t tick_of(Instant due) {
        const auto ticks = std::chrono::ceil<Tick>(due.time_since_epoch()).count();
        return static_cast<std::uint32_t>(std::clamp<std::int64_t>(ticks, 0, UINT32_MAX));
    }

    std::vector<Entry> entries_;
    std::size_t checked_at_ = 1024;
};

}  // namespace scef::adapter
