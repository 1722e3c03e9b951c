#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"
#include "queueing/message.h"

namespace scef::adapter {

/// Deadlines of devices, the next one first: a heap of twelve octets an entry, because every device
/// has one at all times. Entries are never taken back; who pops one asks the device. Pure.
class DeviceTimers {
public:
    void add(Instant due, queueing::DeviceIndex device) {
        if (entries_.size() == entries_.capacity()) {  // an eighth to spare, not as much again
            entries_.reserve(entries_.size() + entries_.size() / 8 + 16);
        }
        entries_.emplace_back(due, device);
        std::push_heap(entries_.begin(), entries_.end());
    }
    /// `never` if there is none.
    Instant next() const { return entries_.empty() ? never : entries_.front().due(); }
    /// The device of the next one, which is taken out. There must be one.
    queueing::DeviceIndex pop() {
        const queueing::DeviceIndex device = entries_.front().device();
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
        std::erase_if(entries_, [&](const Entry& entry) { return !is_known(entry.device()); });
        std::make_heap(entries_.begin(), entries_.end());
        checked_at_ = std::max<std::size_t>(1024, entries_.size() * 2);
    }

private:
    /// In 32-bit halves: an `Instant` would have it padded to sixteen octets.
    class Entry {
    public:
        Entry(Instant due, queueing::DeviceIndex device)
            : parts_{static_cast<std::uint32_t>(count(due) >> 32),
                     static_cast<std::uint32_t>(count(due)), device} {}
        Instant due() const {
            return Instant(
                Duration(static_cast<Duration::rep>(std::uint64_t{parts_[0]} << 32 | parts_[1])));
        }
        queueing::DeviceIndex device() const { return parts_[2]; }
        friend bool operator<(const Entry& a, const Entry& b) { return a.parts_ > b.parts_; }

    private:
        /// What is before the beginning of steady time is due as well.
        static std::uint64_t count(Instant due) {
            return static_cast<std::uint64_t>(std::max(due, Instant{}).time_since_epoch().count());
        }
        std::array<std::uint32_t, 3> parts_;
    };

    std::vector<Entry> entries_;
    std::size_t checked_at_ = 1024;
};

}  // namespace scef::adapter
