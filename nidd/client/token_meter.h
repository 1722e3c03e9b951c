#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::nidd {

/// What became of the requests for access tokens to one token server. Written by the thread of its
/// `TokenSource`, read by any.
class TokenMeter {
public:
    struct Counts {
        std::uint64_t granted = 0, failed = 0;
        /// When the token that is held ends, on the steady clock; nothing as long as there is none.
        std::optional<Instant> expires_at;
    };

    void on_granted(Instant expires_at) {
        ++granted_;
        expires_at_ = expires_at.time_since_epoch().count();
    }
    void on_failed() { ++failed_; }

    Counts counts() const {
        const Duration::rep end = expires_at_;
        return {granted_, failed_, end == 0 ? std::nullopt : std::optional(Instant(Duration(end)))};
    }

private:
    std::atomic<std::uint64_t> granted_{0}, failed_{0};
    std::atomic<Duration::rep> expires_at_{0};
};

}  // namespace scef::nidd
