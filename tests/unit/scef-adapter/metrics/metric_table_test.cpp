#include "scef-adapter/metrics/metric_table.h"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

template <typename Visit>
void for_each_metric(Visit visit) {
    for (const MetricGroup& group : metric_groups()) {
        for (const MetricInfo& metric : group.metrics) visit(metric);
    }
}

TEST(MetricTable, names_follow_the_conventions_of_prometheus) {
    std::set<std::string_view> seen;
    for_each_metric([&](const MetricInfo& metric) {
        const std::string name(metric.name);
        EXPECT_TRUE(seen.insert(metric.name).second) << "twice: " << name;
        EXPECT_TRUE(std::regex_match(name, std::regex("[a-z][a-z0-9_]*"))) << name;
        EXPECT_EQ(name.ends_with("_total"), metric.type == MetricInfo::Type::counter) << name;
        EXPECT_FALSE(metric.help.empty()) << name;
        EXPECT_TRUE(metric.help.ends_with('.')) << name;
        EXPECT_FALSE(metric.unit.empty()) << name;
        if (metric.unit == "seconds") {
            EXPECT_NE(name.find("_seconds"), std::string::npos) << name;
        }
    });
    EXPECT_GT(seen.size(), 80u);
}

TEST(MetricTable, each_label_has_a_closed_set_or_comes_from_the_configuration) {
    static const std::set<std::string_view> configured{"scef", "scope", "limit", "version",
                                                       "commit"};
    for_each_metric([&](const MetricInfo& metric) {
        for (const MetricLabel& label : metric.labels) {
            EXPECT_NE(label.values.empty(), label.named_by.empty()) << metric.name;
            if (label.values.empty()) {
                EXPECT_TRUE(configured.contains(label.name)) << metric.name << ' ' << label.name;
            }
            const std::set<std::string> different(label.values.begin(), label.values.end());
            EXPECT_EQ(different.size(), label.values.size()) << metric.name << ' ' << label.name;
        }
    });
}

TEST(MetricTable, the_page_in_docs_is_the_one_that_the_program_prints) {
    std::ifstream file(SCEF_SOURCE_DIR "/docs/metrics.md");
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_TRUE(text.str() == metrics_markdown())
        << "docs/metrics.md is stale: scef-adapter --print-metrics > docs/metrics.md";
}

}  // namespace
}  // namespace scef::adapter
