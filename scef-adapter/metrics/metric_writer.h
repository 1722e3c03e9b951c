#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scef::adapter {

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

/// Collects numbers and writes them in the Prometheus text format. Type and help of each come from
/// the metric table, which must have the name (without the prefix) and the names of the labels, in
/// its order; another one is a defect. Calls with the name of an earlier one add a series to it.
/// Used by one thread.
class MetricWriter {
public:
    MetricWriter();
    ~MetricWriter();
    MetricWriter(const MetricWriter&) = delete;
    MetricWriter& operator=(const MetricWriter&) = delete;

    /// A counter or a gauge.
    void value(std::string_view name, double value, const MetricLabels& labels = {});
    void value(std::string_view name, std::uint64_t value, const MetricLabels& labels = {});
    struct Bucket {
        double upper_end;
        std::uint64_t count;  ///< in this bucket alone
    };
    /// The last bucket's end must be infinite.
    void histogram(std::string_view name, const std::vector<Bucket>& buckets, double sum,
                   const MetricLabels& labels = {});
    /// Counts by bucket, the last of which has no bound.
    template <typename Counts, typename Bounds>
    void histogram(std::string_view name, const Counts& counts, const Bounds& bounds, double sum,
                   const MetricLabels& labels = {}) {
        std::vector<Bucket> buckets;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            const double end =
                i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity();
            buckets.push_back({end, counts[i]});
        }
        histogram(name, buckets, sum, labels);
    }

    std::string text() const;

private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace scef::adapter
