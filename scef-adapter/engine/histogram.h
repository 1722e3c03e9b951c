#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace scef::adapter {

/// Upper bounds of buckets for times that are between a tenth of a second (a device that is awake)
/// and a month (one that sleeps), in seconds.
inline constexpr std::array<double, 17> life_seconds_bounds{
    0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400, 43200, 86400, 259200, 604800, 2592000};
/// And for numbers of attempts.
inline constexpr std::array<double, 7> attempt_bounds{0, 1, 2, 3, 5, 10, 20};

/// How many values fell up to each bound, and their sum. A plain value of fixed size. Pure.
template <const auto& bounds>
struct Histogram {
    /// Not cumulative; the last bucket has no bound.
    std::array<std::uint64_t, bounds.size() + 1> counts{};
    double sum = 0;

    void add(double value) {
        const auto bound = std::lower_bound(bounds.begin(), bounds.end(), value);
        ++counts[static_cast<std::size_t>(bound - bounds.begin())];
        sum += value;
    }
    Histogram& operator+=(const Histogram& other) {
        for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
        sum += other.sum;
        return *this;
    }
};

using LifeHistogram = Histogram<life_seconds_bounds>;
using AttemptHistogram = Histogram<attempt_bounds>;

}  // namespace scef::adapter
