#include "scef-adapter/engine/rate_control_report.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;
using lwm2m::Path;
using lwm2m::ReportedValue;
using TimeUnit = RateControlReport::TimeUnit;

ReportedValue told(std::uint16_t instance, std::uint16_t resource, std::int64_t value) {
    return {Path(11, instance, resource), value};
}

RateControlReport learned(const std::vector<ReportedValue>& values, RateControlReport before = {}) {
    return learn_rate_control(before, values);
}

TEST(RateControlReport, is_learned_from_the_resources_25_to_29_of_object_11) {
    const auto report = learned({told(0, 25, 100), told(0, 26, 20), told(0, 27, 2), told(0, 28, 5),
                                 told(0, 29, 3), told(0, 30, 7), told(0, 24, 7)});
    EXPECT_EQ(report, (RateControlReport{0, 100, TimeUnit::hour, 5, TimeUnit::day, 20}));
    EXPECT_EQ(report.apn_limit(), (quota::Rate{100, 1h}));
    EXPECT_EQ(report.plmn_limit(), (quota::Rate{20, 6min}));
    EXPECT_EQ(report.exception_limit(), (quota::Rate{5, 24h}));
}

TEST(RateControlReport, what_is_told_piece_by_piece_comes_together) {
    auto report = learned({told(1, 25, 100)});
    EXPECT_TRUE(report.is_told());
    EXPECT_EQ(report.apn_limit(), std::nullopt) << "in which time was not told";
    report = learned({told(1, 27, 4)}, report);
    EXPECT_EQ(report.apn_limit(), (quota::Rate{100, 168h}));
    report = learned({told(1, 27, 1)}, report);
    EXPECT_EQ(report.apn_limit(), (quota::Rate{100, 1min}));
}

TEST(RateControlReport, unrestricted_is_told_but_no_limit) {
    const auto report = learned(
        {told(0, 25, 100), told(0, 27, 0), told(0, 26, 0xffff), told(0, 28, 1), told(0, 29, 0)});
    EXPECT_TRUE(report.is_told());
    EXPECT_EQ(report.apn_unit, TimeUnit::unrestricted);
    EXPECT_EQ(report.plmn_rate, RateControlReport::plmn_unrestricted);
    EXPECT_EQ(report.apn_limit(), std::nullopt);
    EXPECT_EQ(report.plmn_limit(), std::nullopt);
    EXPECT_EQ(report.exception_limit(), std::nullopt);
}

TEST(RateControlReport, values_that_the_standards_do_not_allow_are_ignored) {
    const auto before = learned({told(0, 25, 1), told(0, 26, 10), told(0, 27, 4)});
    for (const auto& nonsense :
         {told(0, 25, 0), told(0, 25, -1), told(0, 25, 0x1000000), told(0, 26, 9), told(0, 26, -10),
          told(0, 26, 0x10000), told(0, 27, 5), told(0, 27, -1), told(0, 28, 0), told(0, 29, 5),
          told(0, 25, INT64_MIN), told(0, 26, INT64_MAX), told(7, 27, 5)}) {
        EXPECT_EQ(learned({nonsense}, before), before) << nonsense.path.text();
    }
    EXPECT_EQ(learned({{Path(11, 0, 25), std::string("many")}}, before), before);
}

TEST(RateControlReport, other_objects_and_instances_of_a_resource_tell_nothing) {
    EXPECT_FALSE(learned({{Path(10, 0, 26), std::int64_t{20}}}).is_told());
    EXPECT_FALSE(learned({{Path(11, 0, 26, 0), std::int64_t{20}}}).is_told());
}

TEST(RateControlReport, values_of_two_instances_are_never_mixed) {
    const auto first = learned({told(2, 25, 100), told(2, 27, 1)});
    const auto other = learned({told(1, 26, 20)}, first);
    EXPECT_EQ(other, (RateControlReport{.instance = 1, .plmn_rate = 20}));
    const auto both = learned({told(4, 26, 40), told(3, 26, 30), told(4, 25, 1)}, other);
    EXPECT_EQ(both, (RateControlReport{.instance = 3, .plmn_rate = 30})) << "the lowest of several";
}

TEST(RateControlReport, an_instance_that_tells_only_nonsense_does_not_come_first) {
    const auto report = learned({told(0, 26, 3), told(1, 26, 30)});
    EXPECT_EQ(report, (RateControlReport{.instance = 1, .plmn_rate = 30}));
}

}  // namespace
}  // namespace scef::adapter
