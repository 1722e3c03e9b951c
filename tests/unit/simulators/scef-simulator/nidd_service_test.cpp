#include "tests/unit/simulators/scef-simulator/running_simulator.h"

namespace scef::scef_simulator {
namespace {

using modem_link::Kind;
using nlohmann::json;

constexpr const char* type = "application/json";
constexpr const char* merge_patch = "application/merge-patch+json";

/// The NIDD API as an SCS/AS sees it: statuses, media types and bodies.
class NiddService : public RunningSimulator {
protected:
    void patch_ue(const json& change) {
        const auto done = control->Patch(std::string("/ues/") + ue, change.dump(), type);
        ASSERT_TRUE(done);
        EXPECT_EQ(done->status, 200) << done->body;
    }

    static void expect_problem(const httplib::Result& answer, int status,
                               const std::string& cause = "") {
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, status) << answer->body;
        EXPECT_EQ(answer->get_header_value("Content-Type"), "application/problem+json");
        EXPECT_EQ(json_of(answer)["status"], status);
        EXPECT_EQ(json_of(answer).value("cause", ""), cause);
    }

    /// A delivery that waits for a UE in PSM, by its path.
    std::string buffered(const std::string& path) {
        patch_ue({{"state", "psm"}});
        const auto answer = t8->Post(path + "/downlink-data-deliveries", transfer("aGk="), type);
        EXPECT_EQ(answer->status, 201);
        const std::string location = answer->get_header_value("Location");
        return location.substr(location.find("/3gpp"));
    }
};

TEST_F(NiddService, a_post_is_checked_in_the_order_of_ts_29_122_4_4_5_3_1) {
    const std::string path = configure({{"supportedFeatures", "10"}});
    const std::string deliveries = path + "/downlink-data-deliveries";
    patch_ue({{"rateControl", {{"apnDownlink", "0/hour"}}}});
    control->Patch("/scs-as/dm", R"({"authorized":false})", type);
    expect_problem(t8->Post(path + "x/downlink-data-deliveries", "{", "text/plain"), 404);
    const auto unauthorized = t8->Post(deliveries, "{", "text/plain");
    expect_problem(unauthorized, 401);
    EXPECT_TRUE(unauthorized->has_header("WWW-Authenticate"));
    control->Patch("/scs-as/dm", R"({"authorized":true})", type);
    expect_problem(t8->Post(deliveries, "{", "text/plain"), 415);
    expect_problem(t8->Post(deliveries, "{", type), 400);
    json body = json::parse(transfer(std::string(1'812, 'A')));
    body["rdsPort"] = {{"portUE", 1}, {"portSCEF", 2}};
    expect_problem(t8->Post(deliveries, body.dump(), type), 403, "DATA_TOO_LARGE");
    body["data"] = "aGk=";
    expect_problem(t8->Post(deliveries, body.dump(), type), 403, "RDS_PORT_UNKNOWN");
    body.erase("rdsPort");
    expect_problem(t8->Post(deliveries, body.dump(), type), 403, "RATE_EXCEEDED");
    patch_ue({{"rateControl", {{"quotaDownlink", "1/day"}}}});
    expect_problem(t8->Post(deliveries, body.dump(), type), 403, "QUOTA_EXCEEDED");
}

TEST_F(NiddService, a_delivery_that_fails_is_500_in_a_document_of_its_own) {
    const std::string deliveries = configure() + "/downlink-data-deliveries";
    patch_ue(
        {{"state", "psm"}, {"timers", {{"periodicTau", "1h"}}}, {"buffer", {{"enabled", false}}}});
    const auto answer = t8->Post(deliveries, transfer("aGk="), type);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 500);
    EXPECT_EQ(answer->get_header_value("Content-Type"), "application/json");
    EXPECT_EQ(json_of(answer)["problemDetail"]["cause"], "TEMPORARILY_NOT_REACHABLE");
    EXPECT_TRUE(json_of(answer)["requestedRetransmissionTime"].is_string());
}

TEST_F(NiddService, a_buffered_delivery_is_replaced_changed_and_cancelled) {
    const std::string item = buffered(configure());
    json body = json::parse(transfer("bmV3"));
    body["priority"] = 3;
    const auto replaced = t8->Put(item, body.dump(), type);
    EXPECT_EQ(replaced->status, 200);
    EXPECT_EQ(json_of(replaced)["data"], "bmV3");
    for (const char* media_type : {type, merge_patch}) {
        EXPECT_EQ(t8->Patch(item, R"({"maximumLatency":60})", media_type)->status, 200);
    }
    expect_problem(t8->Patch(item, R"({"data":"?"})", merge_patch), 400);
    expect_problem(t8->Put(item, body.dump(), merge_patch), 415);
    const json now = json_of(t8->Get(item));
    EXPECT_EQ(now["maximumLatency"], 60);
    EXPECT_EQ(now["priority"], 3);
    EXPECT_EQ(t8->Delete(item)->status, 204);
    expect_problem(t8->Delete(item), 404);
}

TEST_F(NiddService, what_is_being_sent_can_be_neither_replaced_nor_cancelled) {
    BareModem modem(ports.modem, ue);
    modem.attach("psm");
    const std::string item = buffered(configure());
    patch_ue({{"state", "connected"}});
    modem.wait_for(Kind::downlink);
    expect_problem(t8->Delete(item), 409, "SENDING");
    expect_problem(t8->Put(item, transfer("bmV3"), type), 409, "SENDING");
    expect_problem(t8->Patch(item, R"({"priority":1})", merge_patch), 409, "SENDING");
}

TEST_F(NiddService, a_merge_patch_removes_by_null_and_leaves_what_it_does_not_name) {
    const std::string path = configure();
    t8->Patch(path,
              R"({"reliableDataService":true,"pdnEstablishmentOption":"SEND_TRIGGER",
                  "rdsPorts":[{"portUE":1,"portSCEF":2}],"duration":"2199-01-01T00:00:00Z"})",
              merge_patch);
    const auto patched = t8->Patch(
        path, R"({"reliableDataService":null,"rdsPorts":null,"duration":null})", merge_patch);
    ASSERT_TRUE(patched);
    const json now = json_of(patched);
    EXPECT_EQ(now["pdnEstablishmentOption"], "SEND_TRIGGER");
    for (const char* removed : {"reliableDataService", "rdsPorts", "duration"}) {
        EXPECT_FALSE(now.contains(removed)) << removed;
    }
    expect_problem(t8->Patch(path, R"({"notificationDestination":null})", merge_patch), 400);
    expect_problem(t8->Patch(path, R"({"msisdn":"49170"})", merge_patch), 400);
    expect_problem(t8->Patch(path, "{}", "text/plain"), 415);
}

TEST_F(NiddService, static_rds_ports_can_be_read_and_not_managed) {
    const std::string path = configure();
    t8->Patch(path, R"({"rdsPorts":[{"portUE":1,"portSCEF":2}]})", merge_patch);
    const json list = json_of(t8->Get(path + "/rds-ports"));
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0]["appId"], "dm");
    EXPECT_EQ(json_of(t8->Get(path + "/rds-ports/ue1-ef2")), list[0]);
    expect_problem(t8->Get(path + "/rds-ports/ue1-ef3"), 404);
    expect_problem(t8->Put(path + "/rds-ports/ue1-ef3", R"({"appId":"x"})", type), 501);
    expect_problem(t8->Delete(path + "/rds-ports/ue1-ef2"), 501);
    expect_problem(t8->Post(path + "/rds-ports", "{}", type), 405);
}

TEST_F(NiddService, a_group_and_two_transfers_in_a_configuration_are_refused) {
    json body{{"externalGroupId", "g@iot.example"},
              {"notificationDestination", scs_as.destination()}};
    const auto group = t8->Post(configurations, body.dump(), type);
    expect_problem(group, 403);
    EXPECT_EQ(json_of(group)["invalidParams"][0]["param"], "/externalGroupId");
    body.erase("externalGroupId");
    body["externalId"] = ue;
    body["niddDownlinkDataTransfers"] = {json::parse(transfer("MQ==")),
                                         json::parse(transfer("Mg=="))};
    const auto two = t8->Post(configurations, body.dump(), type);
    expect_problem(two, 400);
    EXPECT_EQ(json_of(two)["invalidParams"][0]["param"], "/niddDownlinkDataTransfers");
}

TEST_F(NiddService, a_transfer_in_the_configuration_is_a_resource_of_it) {
    const json body{{"externalId", ue},
                    {"notificationDestination", scs_as.destination()},
                    {"niddDownlinkDataTransfers", {json::parse(transfer("aGk="))}}};
    const auto created = t8->Post(configurations, body.dump(), type);
    ASSERT_TRUE(created);
    EXPECT_EQ(created->status, 201);
    const json transfers = json_of(created)["niddDownlinkDataTransfers"];
    ASSERT_EQ(transfers.size(), 1U);
    EXPECT_EQ(transfers[0]["deliveryStatus"], "BUFFERING");
    EXPECT_TRUE(transfers[0]["self"].is_string());
}

TEST_F(NiddService, a_withdrawn_authorisation_is_notified_and_refuses_new_configurations) {
    const std::string path = configure();
    patch_ue({{"authorized", false}});
    EXPECT_EQ(scs_as.wait_for(1).at(0)["status"], "TERMINATED_UE_NOT_AUTHORIZED");
    EXPECT_EQ(json_of(control->Get("/log?kind=ue-changed"))["entries"][0]["detail"]["authorized"],
              false);
    expect_problem(t8->Get(path), 404);
    const json body{{"externalId", ue}, {"notificationDestination", scs_as.destination()}};
    expect_problem(t8->Post(configurations, body.dump(), type), 403);
}

TEST_F(NiddService, a_status_can_be_forced_on_a_buffered_delivery) {
    const std::string item = buffered(configure());
    const std::string id = item.substr(item.rfind('/') + 1);
    const std::string forced = "/deliveries/" + id;
    EXPECT_EQ(control->Patch(forced, R"({"deliveryStatus":"FAILURE_NEXT_HOP"})", type)->status,
              200);
    EXPECT_EQ(scs_as.wait_for(1).at(0)["deliveryStatus"], "FAILURE_NEXT_HOP");
    EXPECT_EQ(control->Patch(forced, R"({"deliveryStatus":"SUCCESS"})", type)->status, 404);
    EXPECT_EQ(control->Patch(forced, "{}", type)->status, 400);
}

}  // namespace
}  // namespace scef::scef_simulator
