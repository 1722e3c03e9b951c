#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace scef::scef_simulator {

/// Counters of the edges by group (`deliveries`, `notifications`, …) and name. Any thread.
class Counters {
public:
    using Snapshot = std::map<std::string, std::map<std::string, std::uint64_t>>;

    void add(const std::string& group, const std::string& name) {
        const std::lock_guard lock(mutex_);
        values_[group][name] += 1;
    }

    Snapshot snapshot() const {
        const std::lock_guard lock(mutex_);
        return values_;
    }

private:
    mutable std::mutex mutex_;
    Snapshot values_;
};

}  // namespace scef::scef_simulator
