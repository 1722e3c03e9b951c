#include "scef-adapter/ctl/quota_view.h"

#include <gtest/gtest.h>

namespace scef::ctl {
namespace {

using nlohmann::json;

json limit(const char* name, int amount, int used, const json& exhausted = nullptr) {
    return {{"name", name},
            {"unit", "messages"},
            {"limit", amount},
            {"used", used},
            {"remaining", amount - used},
            {"resetsAt", "2026-04-21T13:00:00.000Z"},
            {"forecastExhaustedAt", exhausted}};
}

json side(const json& configured, const json& learned, const json& effective) {
    return {{"configured", configured},
            {"learned", learned},
            {"effective", effective},
            {"totals", {{"messages", 7}, {"octets", 310}}},
            {"exhaustedUntil", nullptr}};
}

json device() {
    const json hour = limit("100 messages per hour, 10 at once", 10, 3);
    const json plmn = limit("10 messages per decihour", 5, 4, "2026-04-21T12:30:00.000Z");
    return {{"scope", "device:meter-1@iot.example"},
            {"quota", "metered"},
            {"source", "api"},
            {"onExhausted", "wait"},
            {"emergencyReserve", 0.1},
            {"downlink", side(json::array({hour}), json::array({plmn}), json::array({plmn}))},
            {"uplink", side(json::array(), json::array(), json::array())}};
}

bool has_line(const std::string& text, const std::string& line) {
    return ('\n' + text).find('\n' + line + '\n') != std::string::npos;
}

TEST(QuotaText, has_the_limits_in_a_table_and_marks_the_tightest) {
    const std::string text = quota_text(device());
    EXPECT_TRUE(has_line(text,
                         "device:meter-1@iot.example: quota metered, on_exhausted wait, "
                         "emergency_reserve 10%, by the API"))
        << text;
    EXPECT_TRUE(has_line(text,
                         "downlink   configured  100 messages per hour, 10 at once  10      3     "
                         "7          2026-04-21T13:00:00Z  -"))
        << text;
    EXPECT_TRUE(has_line(text,
                         "downlink   learned *   10 messages per decihour           5       4     "
                         "1          2026-04-21T13:00:00Z  2026-04-21T12:30:00Z"))
        << text;
    EXPECT_TRUE(has_line(text, "uplink: 7 messages, 310 octets ever")) << text;
}

TEST(QuotaText, of_a_shared_scope_says_what_is_leased) {
    json account = device();
    account["downlink"].erase("learned");
    account["downlink"]["leased"] = {{"messages", 2}, {"octets", 100}};
    EXPECT_TRUE(has_line(quota_text(account),
                         "downlink: 7 messages, 310 octets ever; leased to shards: 2 messages, "
                         "100 octets"));
}

TEST(QuotaText, says_what_the_SCEF_said) {
    json quota = device();
    quota["uplink"]["exhaustedUntil"] = "2026-04-21T12:05:00.000Z";
    EXPECT_TRUE(has_line(quota_text(quota),
                         "uplink: 7 messages, 310 octets ever; the SCEF lets nothing pass until "
                         "2026-04-21T12:05:00Z"));
}

TEST(QuotaText, without_a_quota_there_is_no_table) {
    const json none = side(json::array(), json::array(), json::array());
    const std::string text = quota_text({{"scope", "group:north"},
                                         {"quota", nullptr},
                                         {"source", "configuration"},
                                         {"downlink", none},
                                         {"uplink", none}});
    EXPECT_TRUE(has_line(text, "group:north: no quota, by the configuration")) << text;
    EXPECT_EQ(text.find("DIRECTION"), std::string::npos);
}

json verdict() {
    return {{"admitted", true},
            {"refusedBy", nullptr},
            {"waits", json::array({{{"reason", "quota"},
                                    {"detail", "device: 1 messages per hour"},
                                    {"until", "2026-04-21T13:00:00.000Z"}}})},
            {"earliestSendTime", "2026-04-21T13:00:00.000Z"},
            {"queueAhead", 2},
            {"cost", {{"messages", 1}, {"octets", 12}, {"octetsCounted", 1024}, {"frames", 1}}},
            {"expiresAt", "2026-04-22T12:00:00.000Z"},
            {"limits", json::array()}};
}

TEST(DryRunText, says_what_it_costs_what_it_waits_for_and_when_it_leaves) {
    const std::string text = dry_run_text(verdict());
    EXPECT_TRUE(has_line(text, "would be taken")) << text;
    EXPECT_TRUE(has_line(text, "  costs           12 octets, counted as 1024")) << text;
    EXPECT_TRUE(has_line(text, "  may leave       2026-04-21T13:00:00Z")) << text;
    EXPECT_TRUE(has_line(text, "  behind          2")) << text;
    EXPECT_TRUE(has_line(text,
                         "  waits for       quota (device: 1 messages per hour), until "
                         "2026-04-21T13:00:00Z"))
        << text;
}

TEST(DryRunText, has_the_limits_that_the_message_passes) {
    json one = verdict();
    json passed = limit("100 messages per hour", 10, 3);
    passed["scope"] = "group:north";
    one["limits"].push_back(passed);
    EXPECT_TRUE(has_line(dry_run_text(one),
                         "group:north  100 messages per hour  7          2026-04-21T13:00:00Z"))
        << dry_run_text(one);
}

TEST(DryRunText, a_refusal_comes_first) {
    json refused = verdict();
    refused["refusedBy"] = {{"cause", "QUEUE_FULL"}, {"detail", "the queue is full"}};
    EXPECT_TRUE(
        dry_run_text(refused).starts_with("would be refused: the queue is full (QUEUE_FULL)\n"));
}

}  // namespace
}  // namespace scef::ctl
