#include "simulators/scef-simulator/simulator.h"

#include <atomic>
#include <set>

#include "tests/unit/simulators/scef-simulator/running_simulator.h"

namespace scef::scef_simulator {
namespace {

using modem_link::Kind;
using nlohmann::json;

constexpr const char* type = "application/json";

TEST_F(RunningSimulator, a_configuration_is_created_read_changed_and_deleted) {
    const std::string path = configure();
    EXPECT_EQ(json_of(t8->Get(path))["status"], "ACTIVE");
    EXPECT_EQ(json_of(t8->Get(configurations)).size(), 1U);
    const auto patched =
        t8->Patch(path, R"({"reliableDataService":true})", "application/merge-patch+json");
    ASSERT_TRUE(patched);
    EXPECT_EQ(json_of(patched)["reliableDataService"], true);
    EXPECT_EQ(t8->Delete(path)->status, 204);
    const auto gone = t8->Get(path);
    EXPECT_EQ(gone->status, 404);
    EXPECT_EQ(gone->get_header_value("Content-Type"), "application/problem+json");
}

TEST_F(RunningSimulator, a_delivery_waits_for_the_hop_and_is_200) {
    const std::string path = configure() + "/downlink-data-deliveries";
    BareModem modem(ports.modem, ue);
    modem.attach("connected");
    std::thread hop([&] {
        const modem_link::Frame frame = modem.wait_for(Kind::downlink);
        modem.send({Kind::ack, "", frame.sequence, "", "", {}});
    });
    const auto answer = t8->Post(path, transfer("aGk="), type);
    hop.join();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(json_of(answer)["deliveryStatus"], "SUCCESS_NEXT_HOP_ACKNOWLEDGED");
    EXPECT_EQ(json_of(control->Get("/counters"))["frames_downlink_total"], 1);
}

TEST_F(RunningSimulator, rds_ports_of_a_delivery_must_be_those_of_the_configuration) {
    const std::string path = configure({{"supportedFeatures", "10"}});
    const std::string deliveries = path + "/downlink-data-deliveries";
    json body = json::parse(transfer("aGk="));
    body["rdsPort"] = {{"portUE", 1}, {"portSCEF", 2}};
    const auto refused = t8->Post(deliveries, body.dump(), type);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 403);
    EXPECT_EQ(json_of(refused)["cause"], "RDS_PORT_UNKNOWN");
    const auto patched = t8->Patch(path, R"({"rdsPorts":[{"portUE":1,"portSCEF":2}]})",
                                   "application/merge-patch+json");
    EXPECT_EQ(json_of(patched)["rdsPorts"][0]["portUE"], 1);
    BareModem modem(ports.modem, ue);
    modem.attach("psm");
    const auto answer = t8->Post(deliveries, body.dump(), type);
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(json_of(answer)["rdsPort"]["portSCEF"], 2);
    control->Patch(std::string("/ues/") + ue, R"({"state":"connected"})", type);
    EXPECT_EQ(modem.wait_for(Kind::downlink).rds, (modem_link::RdsPort{1, 2}));
}

TEST_F(RunningSimulator, a_buffered_frame_is_sent_on_wake_up_and_reported) {
    const std::string path = configure() + "/downlink-data-deliveries";
    BareModem modem(ports.modem, ue);
    modem.attach("psm");
    const auto answer = t8->Post(path, transfer("aGk="), type);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(json_of(t8->Get(path)).size(), 1U);
    control->Patch(std::string("/ues/") + ue, R"({"state":"connected"})", type);
    modem.send({Kind::ack, "", modem.wait_for(Kind::downlink).sequence, "", "", {}});
    const json told = scs_as.wait_for(1).at(0);
    EXPECT_EQ(told["niddDownlinkDataTransfer"], answer->get_header_value("Location"));
    EXPECT_EQ(told["deliveryStatus"], "SUCCESS_NEXT_HOP_ACKNOWLEDGED");
    EXPECT_EQ(json_of(t8->Get(path)).size(), 0U);
}

TEST_F(RunningSimulator, uplinks_are_retried_in_order_and_acknowledged_after_204) {
    scs_as.statuses = {503, 500};
    configure();
    BareModem modem(ports.modem, ue);
    modem.attach("psm");
    modem.send({Kind::uplink, "", 1, "", "", {'a'}});
    modem.send({Kind::uplink, "", 2, "", "", {'b'}});
    EXPECT_EQ(modem.wait_for(Kind::ack).sequence, 1U);
    EXPECT_EQ(modem.wait_for(Kind::ack).sequence, 2U);
    const auto received = scs_as.wait_for(4);
    ASSERT_EQ(received.size(), 4U);
    EXPECT_EQ(received[2]["data"], "YQ==");
    EXPECT_EQ(received[3]["data"], "Yg==");
}

TEST_F(RunningSimulator, an_uplink_that_the_scs_as_refuses_is_refused_to_the_modem) {
    scs_as.statuses = {404};
    configure();
    BareModem modem(ports.modem, ue);
    modem.attach("connected");
    modem.send({Kind::uplink, "", 9, "", "", {'a'}});
    EXPECT_EQ(modem.wait_for(Kind::refused).reason, "refused-by-scs-as");
}

TEST_F(RunningSimulator, faults_spoil_requests_before_or_after_they_are_served) {
    const std::string path = configure() + "/downlink-data-deliveries";
    const json rules{{{"operation", "delivery"}, {"status", 503}, {"retryAfter", 7}},
                     {{"operation", "delivery"}, {"action", "close"}, {"after", true}}};
    EXPECT_EQ(control->Post("/faults", rules.dump(), type)->status, 201);
    const auto spoiled = t8->Post(path, transfer("aGk="), type);
    ASSERT_TRUE(spoiled);
    EXPECT_EQ(spoiled->status, 503);
    EXPECT_EQ(spoiled->get_header_value("Retry-After"), "7");
    EXPECT_FALSE(t8->Post(path, transfer("aGk="), type));
    EXPECT_EQ(json_of(t8->Get(path)).size(), 1U);
}

TEST_F(RunningSimulator, a_lost_notification_is_taken_for_the_modem_and_a_doubled_one_comes_twice) {
    configure();
    const json rules{{{"notification", "drop"}}, {{"notification", "duplicate"}}};
    control->Post("/faults", rules.dump(), type);
    BareModem modem(ports.modem, ue);
    modem.attach("connected");
    modem.send({Kind::uplink, "", 1, "", "", {'a'}});
    EXPECT_EQ(modem.wait_for(Kind::ack).sequence, 1U);
    modem.send({Kind::uplink, "", 2, "", "", {'b'}});
    EXPECT_EQ(modem.wait_for(Kind::ack).sequence, 2U);
    const auto received = scs_as.wait_for(2);
    ASSERT_EQ(received.size(), 2U);
    EXPECT_EQ(received[0]["data"], "Yg==");
}

TEST_F(RunningSimulator, refuses_by_problem_documents) {
    EXPECT_EQ(t8->Get("/other")->status, 404);
    EXPECT_EQ(t8->Put(configurations, "{}", type)->status, 405);
    EXPECT_EQ(t8->Post(configurations, "{}", "text/plain")->status, 415);
    const auto bad = t8->Post(configurations, "{}", type);
    EXPECT_EQ(bad->status, 400);
    EXPECT_EQ(json_of(bad)["invalidParams"].size(), 2U);
    const auto large =
        t8->Post(configure() + "/downlink-data-deliveries", transfer(std::string(1812, 'A')), type);
    EXPECT_EQ(large->status, 403);
    EXPECT_EQ(json_of(large)["cause"], "DATA_TOO_LARGE");
}

TEST_F(RunningSimulator, an_oversized_body_is_413) {
    // The answer comes before the whole body went out, and a client may miss it while it still
    // sends.
    auto oversized = t8->Post(configurations, std::string(1024 * 1024 + 1, ' '), type);
    for (int i = 0; i < 20 && !oversized; ++i) {
        oversized = t8->Post(configurations, std::string(1024 * 1024 + 1, ' '), type);
    }
    ASSERT_TRUE(oversized);
    EXPECT_EQ(oversized->status, 413);
}

TEST_F(RunningSimulator, many_connections_are_served_at_once) {
    const std::string path = configure() + "/downlink-data-deliveries";
    BareModem modem(ports.modem, ue);
    modem.attach("connected");
    std::vector<std::thread> posts;
    std::atomic<int> delivered{0};
    for (int i = 0; i < 100; ++i) {
        posts.emplace_back([&] {
            const auto answer = client(ports.t8)->Post(path, transfer("aGk="), type);
            if (answer && answer->status == 200) ++delivered;
        });
    }
    for (std::set<std::uint32_t> heard; heard.size() < 100 && !HasFailure();) {
        const std::uint32_t sequence = modem.wait_for(Kind::downlink).sequence;
        heard.insert(sequence);
        modem.send({Kind::ack, "", sequence, "", "", {}});
    }
    for (std::thread& post : posts) post.join();
    EXPECT_EQ(delivered, 100);
    EXPECT_EQ(json_of(control->Get("/counters"))["frames_downlink_total"], 100);
}

TEST_F(RunningSimulator, stops_with_an_open_delivery_and_answers_it) {
    const std::string path = configure() + "/downlink-data-deliveries";
    BareModem modem(ports.modem, ue);
    modem.attach("connected");
    std::thread post([&] { EXPECT_EQ(t8->Post(path, transfer("aGk="), type)->status, 503); });
    modem.wait_for(Kind::downlink);
    simulator->stop();
    post.join();
}

TEST_F(RunningSimulator, a_taken_port_is_one_sentence) {
    Settings settings;
    settings.modem_listen = settings.control = "127.0.0.1:0";
    settings.listen = "127.0.0.1:" + std::to_string(ports.t8);
    Simulator second(settings);
    const Result<Ports> started = second.start();
    ASSERT_FALSE(started.has_value());
    EXPECT_EQ(started.error().message, "cannot listen on " + settings.listen);
}

}  // namespace
}  // namespace scef::scef_simulator
