#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::bench {

/// Latencies in buckets whose width is at most 1/64 of their value, so that any percentile can be
/// told without keeping the samples. 30 KiB; one thread.
class LatencyHistogram {
public:
    void record(Duration latency) {
        const auto value = static_cast<std::uint64_t>(latency.count() < 0 ? 0 : latency.count());
        ++counts_[bucket_of(value)];
        ++count_;
    }
    std::uint64_t count() const { return count_; }

    /// The upper edge of the bucket below which that share of the samples lies; zero without any.
    Duration percentile(double share) const {
        const auto rank = static_cast<std::uint64_t>(share * static_cast<double>(count_));
        std::uint64_t seen = 0;
        for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
            seen += counts_[bucket];
            if (seen > rank || (seen == count_ && seen > 0)) return Duration(upper_of(bucket));
        }
        return {};
    }

private:
    static constexpr unsigned sub_bits = 6;
    static constexpr std::uint64_t subs = std::uint64_t{1} << sub_bits;

    static std::size_t bucket_of(std::uint64_t value) {
        if (value < subs) return value;
        const auto exponent = static_cast<unsigned>(std::bit_width(value)) - sub_bits - 1;
        return (exponent + 1) * subs + (value >> exponent) - subs;
    }
    static std::int64_t upper_of(std::size_t bucket) {
        if (bucket < subs) return static_cast<std::int64_t>(bucket);
        const auto exponent = bucket / subs - 1;
        return static_cast<std::int64_t>((((bucket % subs) + subs + 1) << exponent) - 1);
    }

    std::array<std::uint64_t, 59 * subs> counts_{};
    std::uint64_t count_ = 0;
};

}  // namespace scef::bench
