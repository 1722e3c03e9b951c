#include "simulators/scef-simulator/faults.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

Fault fault_of(const json& object) {
    std::vector<InvalidParam> complaints;
    Fault fault = read_fault(object, complaints, "");
    EXPECT_TRUE(complaints.empty());
    return fault;
}

TEST(Faults, a_rule_holds_for_so_many_requests_and_is_gone) {
    Faults dut;
    dut.add({fault_of({{"operation", "delivery"}, {"times", 2}, {"status", 503}})});
    EXPECT_FALSE(dut.take("configuration", "a@b").has_value());
    EXPECT_TRUE(dut.take("delivery", "a@b").has_value());
    EXPECT_TRUE(dut.take("delivery", "a@b").has_value());
    EXPECT_FALSE(dut.take("delivery", "a@b").has_value());
}

TEST(Faults, a_rule_may_hold_for_one_ue) {
    Faults dut;
    dut.add({fault_of({{"externalId", "a@b"}, {"status", 503}})});
    EXPECT_FALSE(dut.take("delivery", "c@d").has_value());
    EXPECT_TRUE(dut.take("delivery", "a@b").has_value());
}

TEST(Faults, notification_rules_leave_requests_alone) {
    Faults dut;
    dut.add({fault_of({{"notification", "drop"}})});
    EXPECT_FALSE(dut.take("delivery", "a@b").has_value());
    const auto taken = dut.take_notification("uplink", "a@b");
    ASSERT_TRUE(taken.has_value());
    EXPECT_EQ(taken->telling, Fault::Telling::drop);
    EXPECT_FALSE(dut.take_notification("uplink", "a@b").has_value());
}

TEST(Faults, a_cause_alone_is_a_403_and_a_retry_after_alone_a_503) {
    EXPECT_EQ(fault_of({{"cause", "QUOTA_EXCEEDED"}}).status, 403);
    EXPECT_EQ(fault_of({{"retryAfter", 5}}).status, 503);
}

TEST(Faults, what_is_written_is_read_back) {
    const json rule{{"operation", "delivery"}, {"times", 3},       {"externalId", "a@b"},
                    {"status", 429},           {"retryAfter", 5},  {"delayMs", 20},
                    {"after", true},           {"action", "close"}};
    EXPECT_EQ(to_json(fault_of(rule)), rule);
}

TEST(Faults, a_notification_rule_may_hold_for_one_kind) {
    Faults dut;
    dut.add({fault_of({{"notification", "garbage"}, {"kind", "delivery-status"}})});
    EXPECT_FALSE(dut.take_notification("uplink", "a@b").has_value());
    EXPECT_TRUE(dut.take_notification("delivery-status", "a@b").has_value());
}

TEST(Faults, an_early_notification_is_a_matter_of_the_request) {
    Faults dut;
    dut.add({fault_of({{"notification", "early"}})});
    EXPECT_FALSE(dut.take_notification("delivery-status", "a@b").has_value());
    EXPECT_FALSE(dut.take("delivery", "a@b").has_value());
    EXPECT_TRUE(dut.take_early("a@b").has_value());
}

TEST(Faults, dice_of_one_seed_fall_alike) {
    const Fault rule = fault_of({{"probability", 0.3}, {"seed", 7}, {"status", 503}});
    std::vector<bool> first;
    std::vector<bool> second;
    for (std::vector<bool>* spoiled : {&first, &second}) {
        Faults dut;
        dut.add({rule});
        for (int i = 0; i < 1000; ++i) {
            spoiled->push_back(dut.take("delivery", "a@b").has_value());
        }
    }
    EXPECT_EQ(first, second);
    const auto count = std::count(first.begin(), first.end(), true);
    EXPECT_GT(count, 250);
    EXPECT_LT(count, 350);
}

TEST(Faults, a_redirect_needs_its_place_and_is_307_if_not_told_otherwise) {
    const Fault redirect = fault_of({{"location", "http://b.example"}});
    EXPECT_EQ(redirect.action, Fault::Action::redirect);
    EXPECT_EQ(redirect.status, 307);
    std::vector<InvalidParam> complaints;
    read_fault({{"action", "redirect"}}, complaints, "");
    ASSERT_EQ(complaints.size(), 1U);
    EXPECT_EQ(complaints[0].param, "/location");
}

TEST(Faults, a_wrong_rule_is_named) {
    std::vector<InvalidParam> complaints;
    read_fault({{"operation", "walk"}, {"times", 0}, {"action", "x"}}, complaints, "/0");
    ASSERT_EQ(complaints.size(), 3U);
    EXPECT_EQ(complaints[0].param, "/0/operation");
}

}  // namespace
}  // namespace scef::scef_simulator
