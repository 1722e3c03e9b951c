#include "scef-adapter/metrics/metric_writer.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace scef::adapter {

struct MetricWriter::Families {
    std::vector<prometheus::MetricFamily> list;

    prometheus::ClientMetric& add(std::string_view name, std::string_view help,
                                  prometheus::MetricType type, const MetricLabels& labels) {
        std::string full = "scef_adapter_" + std::string(name);
        auto family = list.begin();
        while (family != list.end() && family->name != full) ++family;
        if (family == list.end()) {
            family = list.insert(list.end(), {std::move(full), std::string(help), type, {}});
        }
        prometheus::ClientMetric& metric = family->metric.emplace_back();
        for (const auto& [key, value] : labels) metric.label.push_back({key, value});
        return metric;
    }
};

MetricWriter::MetricWriter() : families_(std::make_unique<Families>()) {}
MetricWriter::~MetricWriter() = default;

void MetricWriter::counter(std::string_view name, std::string_view help, double value,
                           const MetricLabels& labels) {
    families_->add(name, help, prometheus::MetricType::Counter, labels).counter.value = value;
}

void MetricWriter::gauge(std::string_view name, std::string_view help, double value,
                         const MetricLabels& labels) {
    families_->add(name, help, prometheus::MetricType::Gauge, labels).gauge.value = value;
}

void MetricWriter::histogram(std::string_view name, std::string_view help,
                             const std::vector<Bucket>& buckets, double sum,
                             const MetricLabels& labels) {
    auto& histogram =
        families_->add(name, help, prometheus::MetricType::Histogram, labels).histogram;
    std::uint64_t count = 0;
    for (const Bucket& bucket : buckets) {
        count += bucket.count;
        histogram.bucket.push_back({count, bucket.upper_end});
    }
    histogram.sample_count = count;
    histogram.sample_sum = sum;
}

std::string MetricWriter::text() const {
    return prometheus::TextSerializer().Serialize(families_->list);
}

}  // namespace scef::adapter
