#include "scef-adapter/metrics/metric_writer.h"

#include <limits>

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

TEST(MetricWriter, series_of_one_name_share_their_help_and_type) {
    MetricWriter dut;
    dut.counter("ends_total", "Ends.", 1, {{"state", "A"}});
    dut.gauge("depth", "Depth.", 2.5);
    dut.counter("ends_total", "Ends.", 3, {{"state", "B"}});
    EXPECT_EQ(dut.text(),
              "# HELP scef_adapter_ends_total Ends.\n"
              "# TYPE scef_adapter_ends_total counter\n"
              "scef_adapter_ends_total{state=\"A\"} 1\n"
              "scef_adapter_ends_total{state=\"B\"} 3\n"
              "# HELP scef_adapter_depth Depth.\n"
              "# TYPE scef_adapter_depth gauge\n"
              "scef_adapter_depth 2.5\n");
}

TEST(MetricWriter, buckets_are_added_up) {
    MetricWriter dut;
    dut.histogram("took_seconds", "Took.",
                  {{0.5, 2}, {1, 3}, {std::numeric_limits<double>::infinity(), 1}}, 4.5);
    const std::string text = dut.text();
    EXPECT_NE(text.find("took_seconds_bucket{le=\"0.5\"} 2\n"), std::string::npos) << text;
    EXPECT_NE(text.find("took_seconds_bucket{le=\"1\"} 5\n"), std::string::npos);
    EXPECT_NE(text.find("took_seconds_bucket{le=\"+Inf\"} 6\n"), std::string::npos);
    EXPECT_NE(text.find("took_seconds_count 6\n"), std::string::npos);
    EXPECT_NE(text.find("took_seconds_sum 4.5\n"), std::string::npos);
}

}  // namespace
}  // namespace scef::adapter
