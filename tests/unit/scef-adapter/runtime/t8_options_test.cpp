#include "scef-adapter/runtime/t8_options.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;

TEST(T8Options, without_limits_in_the_configuration_the_gate_has_its_own_defaults) {
    const nidd::ScefGateOptions options = gate_options(ScefConfig{}, 1);
    const nidd::ScefGateOptions own;
    EXPECT_EQ(options.breaker.failures_max, own.breaker.failures_max);
    EXPECT_EQ(options.breaker.back_off_first, own.breaker.back_off_first);
    EXPECT_EQ(options.breaker.back_off_last, own.breaker.back_off_last);
    EXPECT_EQ(options.shedding.multiplier, own.shedding.multiplier);
    EXPECT_EQ(options.shedding.window, own.shedding.window);
    EXPECT_EQ(options.shedding.probability_max, own.shedding.probability_max);
    EXPECT_EQ(options.shedding.accepted_row, own.shedding.accepted_row);
    EXPECT_EQ(options.creations_per_second, own.creations_per_second);
    EXPECT_EQ(options.retry_after_max, own.retry_after_max);
}

TEST(T8Options, the_limits_of_a_scef_are_those_of_its_gate) {
    ScefConfig scef;
    scef.limits.circuit_breaker = {3, 2s, 4s};
    scef.limits.load_shedding = {1.5, 30s, 0.5, 7};
    scef.limits.retry_after_max = 5s;
    const nidd::ScefGateOptions options = gate_options(scef, 1);
    EXPECT_EQ(options.breaker.failures_max, 3u);
    EXPECT_EQ(options.breaker.back_off_first, 2s);
    EXPECT_EQ(options.breaker.back_off_last, 4s);
    EXPECT_EQ(options.shedding.multiplier, 1.5);
    EXPECT_EQ(options.shedding.window, 30s);
    EXPECT_EQ(options.shedding.probability_max, 0.5);
    EXPECT_EQ(options.shedding.accepted_row, 7u);
    EXPECT_EQ(options.retry_after_max, 5s);
}

TEST(T8Options, creations_and_connections_are_shared_by_the_workers) {
    ScefConfig scef;
    scef.configuration.creations_per_second = 50;
    EXPECT_EQ(gate_options(scef, 4).creations_per_second, 12.5);
    EXPECT_EQ(t8_options(scef, 0).connections_max, 1u);
}

}  // namespace
}  // namespace scef::adapter
