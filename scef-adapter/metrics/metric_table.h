#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scef::adapter {

/// A label of a metric. Its values are a closed set: the listed ones or, where none are listed,
/// names that the configuration gives; never anything that a device brings.
struct MetricLabel {
    std::string_view name;
    std::vector<std::string> values;
    std::string_view named_by{};  ///< where none are listed: what names them
};

/// One metric of the page, for those who write it and those who read it.
struct MetricInfo {
    enum class Type : std::uint8_t { counter, gauge, histogram };

    std::string_view name;  ///< without the prefix `scef_adapter_`; counters end in `_total`
    Type type = Type::counter;
    std::string_view unit;  ///< what a value of 1 is: `messages`, `seconds`, `1 if so`
    std::vector<MetricLabel> labels;
    std::string_view help;    ///< one sentence
    std::string_view advice;  ///< what to watch it for; may be empty
};

/// Metrics that belong together, in the order of the documentation.
struct MetricGroup {
    std::string_view title;
    std::vector<MetricInfo> metrics;
};

inline constexpr std::string_view metric_prefix = "scef_adapter_";

/// Every metric that the adapter writes: the one place that knows their names.
const std::vector<MetricGroup>& metric_groups();
/// Null if there is no such metric; the name is without the prefix.
const MetricInfo* find_metric(std::string_view name);
std::string_view name_of(MetricInfo::Type type);

/// docs/metrics.md, which `scef-adapter --print-metrics` prints.
std::string metrics_markdown();

// The groups, each in a file with its neighbours.
MetricGroup message_metrics();
MetricGroup repetition_metrics();
MetricGroup queue_metrics();
MetricGroup t8_metrics();
MetricGroup quota_metrics();
MetricGroup device_metrics();
MetricGroup radio_metrics();
MetricGroup server_metrics();
MetricGroup store_metrics();
MetricGroup http_metrics();
MetricGroup process_metrics();

}  // namespace scef::adapter
