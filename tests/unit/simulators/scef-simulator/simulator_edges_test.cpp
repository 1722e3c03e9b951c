#include <chrono>

#include "tests/unit/simulators/scef-simulator/running_simulator.h"

namespace scef::scef_simulator {
namespace {

using modem_link::Kind;
using nlohmann::json;

constexpr const char* type = "application/json";
constexpr const char* transactions = "/3gpp-device-triggering/v1/dm/transactions";
constexpr const char* subscriptions = "/3gpp-monitoring-event/v1/dm/subscriptions";

class SimulatorEdges : public RunningSimulator {
protected:
    void spoil(const json& rule) {
        EXPECT_EQ(control->Post("/faults", rule.dump(), type)->status, 201);
    }

    json subscription() const {
        return {{"externalId", ue},
                {"notificationDestination", scs_as.destination()},
                {"monitoringType", "UE_REACHABILITY"},
                {"reachabilityType", "SMS"},
                {"maximumNumberOfReports", 3}};
    }

    json trigger() const {
        return {{"externalId", ue},
                {"validityPeriod", 60},
                {"priority", "NO_PRIORITY"},
                {"applicationPortId", 5683},
                {"triggerPayload", "UQIAAQ=="},
                {"notificationDestination", scs_as.destination()}};
    }
};

TEST_F(SimulatorEdges, a_garbled_answer_is_no_json_and_the_connection_goes_on) {
    spoil({{"action", "garbage"}});
    const auto spoiled = t8->Get(configurations);
    ASSERT_TRUE(spoiled);
    EXPECT_EQ(spoiled->status, 200);
    EXPECT_TRUE(json_of(spoiled).is_discarded());
    EXPECT_EQ(json_of(t8->Get(configurations)), json::array());
}

TEST_F(SimulatorEdges, a_truncated_or_reset_answer_is_none_but_the_work_is_done) {
    const std::string body =
        json{{"externalId", ue}, {"notificationDestination", scs_as.destination()}}.dump();
    spoil({{"action", "truncate"}});
    EXPECT_FALSE(t8->Post(configurations, body, type));
    EXPECT_EQ(json_of(t8->Get(configurations)).size(), 1U);
    spoil({{"action", "reset"}, {"after", true}});
    EXPECT_FALSE(t8->Post(configurations, body, type));
    EXPECT_EQ(json_of(t8->Get(configurations)).size(), 2U);
}

TEST_F(SimulatorEdges, a_delay_after_the_work_keeps_the_answer) {
    spoil({{"delayMs", 50}, {"after", true}});
    const auto begin = std::chrono::steady_clock::now();
    configure();
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(50));
}

TEST_F(SimulatorEdges, a_redirect_keeps_the_path_of_the_request) {
    spoil({{"location", "http://b.example:81"}, {"status", 308}});
    const auto answer = t8->Get(configurations);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 308);
    EXPECT_EQ(answer->get_header_value("Location"),
              std::string("http://b.example:81") + configurations);
}

TEST_F(SimulatorEdges, a_trigger_is_created_read_changed_and_recalled) {
    const auto created = t8->Post(transactions, trigger().dump(), type);
    ASSERT_TRUE(created);
    EXPECT_EQ(created->status, 201);
    const std::string self = created->get_header_value("Location");
    const std::string path = self.substr(self.find("/3gpp"));
    EXPECT_EQ(json_of(t8->Get(path))["deliveryResult"], "TRIGGERED");
    const auto patched = t8->Patch(path, R"({"validityPeriod":5})", "application/json");
    EXPECT_EQ(json_of(patched)["validityPeriod"], 5);
    EXPECT_EQ(json_of(patched)["deliveryResult"], "REPLACED");
    const auto recalled = t8->Delete(path);
    EXPECT_EQ(recalled->status, 200);
    EXPECT_EQ(json_of(recalled)["deliveryResult"], "TERMINATE");
    EXPECT_EQ(t8->Get(path)->status, 404);
}

TEST_F(SimulatorEdges, a_subscription_is_created_replaced_patched_and_deleted) {
    const auto created = t8->Post(subscriptions, subscription().dump(), type);
    ASSERT_TRUE(created);
    EXPECT_EQ(created->status, 201);
    const std::string self = created->get_header_value("Location");
    const std::string path = self.substr(self.find("/3gpp"));
    json other = subscription();
    other["maximumNumberOfReports"] = 9;
    EXPECT_EQ(json_of(t8->Put(path, other.dump(), type))["maximumNumberOfReports"], 9);
    const json patch{{{"op", "replace"}, {"path", "/maximumNumberOfReports"}, {"value", 4}}};
    EXPECT_EQ(t8->Patch(path, patch.dump(), "application/json-patch+json")->status, 204);
    EXPECT_EQ(json_of(t8->Get(path))["maximumNumberOfReports"], 4);
    const json wrong{{{"op", "remove"}, {"path", "/nothing"}}};
    EXPECT_EQ(t8->Patch(path, wrong.dump(), "application/json-patch+json")->status, 400);
    EXPECT_EQ(t8->Delete(path)->status, 204);
    EXPECT_EQ(json_of(t8->Get(subscriptions)).size(), 0U);
}

TEST_F(SimulatorEdges, triggers_and_subscriptions_are_lost_with_the_state) {
    t8->Post(transactions, trigger().dump(), type);
    t8->Post(subscriptions, subscription().dump(), type);
    EXPECT_EQ(control->Delete("/state")->status, 204);
    EXPECT_EQ(json_of(t8->Get(transactions)).size(), 0U);
    EXPECT_EQ(json_of(t8->Get(subscriptions)).size(), 0U);
}

TEST_F(SimulatorEdges, a_reordered_notification_comes_after_the_next_one) {
    configure();
    spoil({{"notification", "reorder"}, {"delayMs", 10'000}});
    BareModem modem(ports.modem, ue);
    modem.attach("connected");
    modem.send({Kind::uplink, "", 1, "", "", {'a'}});
    modem.send({Kind::uplink, "", 2, "", "", {'b'}});
    const auto received = scs_as.wait_for(2);
    ASSERT_EQ(received.size(), 2U);
    EXPECT_EQ(received[0]["data"], "Yg==");
    EXPECT_EQ(received[1]["data"], "YQ==");
}

TEST_F(SimulatorEdges, a_reordered_notification_without_a_next_one_comes_late) {
    configure();
    spoil({{"notification", "reorder"}, {"delayMs", 20}});
    BareModem modem(ports.modem, ue);
    modem.attach("connected");
    modem.send({Kind::uplink, "", 1, "", "", {'a'}});
    EXPECT_EQ(modem.wait_for(Kind::ack).sequence, 1U);
}

TEST_F(SimulatorEdges, the_log_is_followed_as_server_sent_events) {
    std::string heard;
    const auto follower = client(ports.control);
    follower->Get("/log?follow=true&kind=t8-answer", [&](const char* data, std::size_t size) {
        heard.append(data, size);
        const bool is_told = heard.find("data: ") != std::string::npos;
        if (!is_told) t8->Get(configurations);
        return !is_told;
    });
    EXPECT_NE(heard.find("event: t8-answer\ndata: {"), std::string::npos);
}

}  // namespace
}  // namespace scef::scef_simulator
