#pragma once

#include <algorithm>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::nidd {

/// Spaces the creations of configurations evenly, without bursts: 100,000 of them after a start
/// must not be a storm. A decision only: time is given. Not thread-safe.
class CreationPacer {
public:
    /// 0: unlimited.
    explicit CreationPacer(double per_second) {
        using Seconds = std::chrono::duration<double>;
        if (per_second > 0) {
            spacing_ = std::chrono::duration_cast<Duration>(
                Seconds(std::min(1 / per_second, spacing_seconds_max)));
        }
    }

    bool is_ready(Instant now) const { return now >= next_; }
    /// When the next may go.
    Instant next() const { return next_; }
    /// One goes now.
    void take(Instant now) { next_ = now + spacing_; }

private:
    static constexpr double spacing_seconds_max = 3600;

    Duration spacing_{};
    Instant next_ = Instant::min();
};

}  // namespace scef::nidd
