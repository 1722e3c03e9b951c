#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scef::adapter {

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

/// Collects numbers and writes them in the Prometheus text format. Names get the prefix
/// `scef_adapter_`; calls with the name of an earlier one add a series to it. Used by one thread.
class MetricWriter {
public:
    MetricWriter();
    ~MetricWriter();
    MetricWriter(const MetricWriter&) = delete;
    MetricWriter& operator=(const MetricWriter&) = delete;

    /// `name` ends in `_total`.
    void counter(std::string_view name, std::string_view help, double value,
                 const MetricLabels& labels = {});
    void gauge(std::string_view name, std::string_view help, double value,
               const MetricLabels& labels = {});
    struct Bucket {
        double upper_end;
        std::uint64_t count;  ///< in this bucket alone
    };
    /// The last bucket's end must be infinite.
    void histogram(std::string_view name, std::string_view help, const std::vector<Bucket>& buckets,
                   double sum, const MetricLabels& labels = {});

    std::string text() const;

private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace scef::adapter
