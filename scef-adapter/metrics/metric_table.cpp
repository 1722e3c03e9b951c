#include "scef-adapter/metrics/metric_table.h"

#include <algorithm>

#include "scef-adapter/metrics/metric_labels.h"

namespace scef::adapter {
namespace {

/// The set of a label's values as people read it.
std::string values_text(const MetricLabel& label) {
    if (label.values.empty()) return std::string(label.named_by);
    std::string text;
    for (const std::string& value : label.values) {
        text += text.empty() ? "" : ", ";
        text += '`' + value + '`';
    }
    return text;
}

std::string row_of(const MetricInfo& metric) {
    std::string row = "| `" + std::string(metric.name);
    std::string sets;
    for (const MetricLabel& label : metric.labels) {
        row += (&label == &metric.labels.front() ? "{" : ",") + std::string(label.name);
        sets += (sets.empty() ? "" : "; ") + ("`" + std::string(label.name) + "`: ") +
                values_text(label);
    }
    row += std::string(metric.labels.empty() ? "" : "}") + "` | ";
    row += std::string(name_of(metric.type)) + ", " + std::string(metric.unit) + " | ";
    row += std::string(metric.help);
    if (!metric.advice.empty()) row += " **Watch:** " + std::string(metric.advice);
    return row + " | " + sets + " |\n";
}

constexpr std::string_view introduction = R"(# Metrics

This page is printed by `scef-adapter --print-metrics` from the table in
[scef-adapter/metrics](../scef-adapter/metrics/README.md); a test compares them.

`/metrics` on the admin address (`admin.listen`), Prometheus text format 0.0.4. Every name has the
prefix `scef_adapter_`. Units are base units; counters end in `_total` and start at 0 with the
process. Labels come from closed sets, which are listed here, or are names that the configuration
gives (SCEFs, groups, LwM2M servers). An External Identifier is never one, nor is anything else that
a device brings: the number of series does not depend on the number of devices.

Ready to use: a scrape configuration and alert rules in
[packaging/prometheus](../packaging/prometheus/README.md), a Grafana dashboard in
[packaging/grafana](../packaging/grafana/README.md). `scripts/demo --keep` shows them with live
numbers. What to do when an alert fires stands in [operations.md](operations.md#alerts).

A series of a counter with several labels is there as soon as it counted something; those that an
alert needs are there from the start, with 0. Histograms have the buckets of the text page.
)";

}  // namespace

const std::vector<MetricGroup>& metric_groups() {
    static const std::vector<MetricGroup> groups{
        message_metrics(), queue_metrics(),  repetition_metrics(), t8_metrics(),
        quota_metrics(),   device_metrics(), radio_metrics(),      server_metrics(),
        store_metrics(),   http_metrics(),   process_metrics()};
    return groups;
}

const MetricInfo* find_metric(std::string_view name) {
    for (const MetricGroup& group : metric_groups()) {
        const auto found =
            std::find_if(group.metrics.begin(), group.metrics.end(),
                         [name](const MetricInfo& metric) { return metric.name == name; });
        if (found != group.metrics.end()) return &*found;
    }
    return nullptr;
}

std::string_view name_of(MetricInfo::Type type) {
    switch (type) {
        case MetricInfo::Type::counter:
            return "counter";
        case MetricInfo::Type::gauge:
            return "gauge";
        case MetricInfo::Type::histogram:
            return "histogram";
    }
    return "";
}

std::string metrics_markdown() {
    std::string text(introduction);
    for (const MetricGroup& group : metric_groups()) {
        text += "\n## " + std::string(group.title) + "\n\n";
        text += "| metric | type, unit | tells | values of labels |\n| --- | --- | --- | --- |\n";
        for (const MetricInfo& metric : group.metrics) text += row_of(metric);
    }
    return text;
}

// ---- Labels

namespace labels {

std::string reason_name(queueing::Reason reason) {
    const std::string_view name = queueing::name_of(reason);
    return std::string(name.empty() ? "none" : name);
}

std::string_view kind_name(std::size_t kind) {
    static constexpr std::array<std::string_view, message_kinds> names{"request", "reply",
                                                                       "opaque"};
    return names.at(kind);
}

std::string_view priority_name(std::size_t priority) {
    static constexpr std::array<std::string_view, priorities> names{"low", "normal", "high",
                                                                    "emergency"};
    return names.at(priority);
}

const std::vector<queueing::Reason>& waiting_reasons() {
    using queueing::Reason;
    static const std::vector<Reason> reasons{
        Reason::awaiting_window, Reason::quota,         Reason::paused,    Reason::not_before,
        Reason::order,           Reason::configuration, Reason::throttled, Reason::retry,
        Reason::left_binding,    Reason::bootstrap};
    return reasons;
}

MetricLabel scef() { return {"scef", {}, "`scefs[].name`"}; }

MetricLabel kind() { return {"kind", names_by(message_kinds, kind_name)}; }

}  // namespace labels

}  // namespace scef::adapter
