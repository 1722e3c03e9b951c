#include "scef-adapter/metrics/metric_writer.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

TEST(MetricWriter, series_of_one_name_share_the_help_and_type_of_the_table) {
    MetricWriter dut;
    dut.value("coap_malformed_total", 1.0, {{"origin", "server"}});
    dut.value("devices_registered", 2.5);
    dut.value("coap_malformed_total", std::uint64_t{3}, {{"origin", "device"}});
    EXPECT_EQ(dut.text(),
              "# HELP scef_adapter_coap_malformed_total Frames that are no well-formed CoAP.\n"
              "# TYPE scef_adapter_coap_malformed_total counter\n"
              "scef_adapter_coap_malformed_total{origin=\"server\"} 1\n"
              "scef_adapter_coap_malformed_total{origin=\"device\"} 3\n"
              "# HELP scef_adapter_devices_registered Devices registered at an LwM2M server.\n"
              "# TYPE scef_adapter_devices_registered gauge\n"
              "scef_adapter_devices_registered 2.5\n");
}

TEST(MetricWriter, buckets_are_added_up) {
    MetricWriter dut;
    dut.histogram("store_commit_duration_seconds", std::array<std::uint64_t, 3>{2, 3, 1},
                  std::array{0.5, 1.0}, 4.5);
    const std::string text = dut.text();
    EXPECT_NE(text.find("_seconds_bucket{le=\"0.5\"} 2\n"), std::string::npos) << text;
    EXPECT_NE(text.find("_seconds_bucket{le=\"1\"} 5\n"), std::string::npos);
    EXPECT_NE(text.find("_seconds_bucket{le=\"+Inf\"} 6\n"), std::string::npos);
    EXPECT_NE(text.find("_seconds_count 6\n"), std::string::npos);
    EXPECT_NE(text.find("_seconds_sum 4.5\n"), std::string::npos);
}

TEST(MetricWriter, what_the_table_does_not_have_is_not_written) {
    MetricWriter dut;
    EXPECT_THROW(dut.value("made_up_total", 1.0), std::logic_error);
}

}  // namespace
}  // namespace scef::adapter
