#include "scef-adapter/metrics/metric_writer.h"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <unordered_map>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "scef-adapter/metrics/metric_table.h"

namespace scef::adapter {

namespace {

prometheus::MetricType type_of(MetricInfo::Type type) {
    switch (type) {
        case MetricInfo::Type::counter:
            return prometheus::MetricType::Counter;
        case MetricInfo::Type::gauge:
            return prometheus::MetricType::Gauge;
        case MetricInfo::Type::histogram:
            return prometheus::MetricType::Histogram;
    }
    return prometheus::MetricType::Untyped;
}

/// Whether these are the labels of the table. Only an assertion asks, which a release leaves out.
[[maybe_unused]] bool has_labels(const MetricInfo& metric, const MetricLabels& labels) {
    return std::equal(
        labels.begin(), labels.end(), metric.labels.begin(), metric.labels.end(),
        [](const auto& given, const MetricLabel& known) { return given.first == known.name; });
}

}  // namespace

struct MetricWriter::Families {
    std::vector<prometheus::MetricFamily> list;
    std::unordered_map<std::string_view, std::size_t> places;  ///< by name in the table

    prometheus::ClientMetric& add(std::string_view name, const MetricLabels& labels) {
        auto place = places.find(name);
        if (place == places.end()) {
            const MetricInfo* metric = find_metric(name);
            if (metric == nullptr) {
                throw std::logic_error("no such metric: " + std::string(name));
            }
            place = places.emplace(metric->name, list.size()).first;
            list.push_back({std::string(metric_prefix).append(name),
                            std::string(metric->help),
                            type_of(metric->type),
                            {}});
        }
        assert(has_labels(*find_metric(name), labels));
        prometheus::ClientMetric& metric = list[place->second].metric.emplace_back();
        for (const auto& [key, value] : labels) metric.label.push_back({key, value});
        return metric;
    }
    bool is_counter(std::string_view name) const {
        return list[places.at(name)].type == prometheus::MetricType::Counter;
    }
};

MetricWriter::MetricWriter() : families_(std::make_unique<Families>()) {}
MetricWriter::~MetricWriter() = default;

void MetricWriter::value(std::string_view name, double value, const MetricLabels& labels) {
    prometheus::ClientMetric& metric = families_->add(name, labels);
    (families_->is_counter(name) ? metric.counter.value : metric.gauge.value) = value;
}

void MetricWriter::value(std::string_view name, std::uint64_t value, const MetricLabels& labels) {
    this->value(name, static_cast<double>(value), labels);
}

void MetricWriter::histogram(std::string_view name, const std::vector<Bucket>& buckets, double sum,
                             const MetricLabels& labels) {
    auto& histogram = families_->add(name, labels).histogram;
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
