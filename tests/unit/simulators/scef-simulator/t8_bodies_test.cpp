#include "simulators/scef-simulator/t8_bodies.h"

#include <gtest/gtest.h>

namespace scef::scef_simulator {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

std::vector<InvalidParam> complaints_about_configuration(const json& body) {
    std::vector<InvalidParam> complaints;
    read_configuration(body, WallTime(1h), complaints);
    return complaints;
}

std::vector<InvalidParam> complaints_about_transfer(const json& body) {
    std::vector<InvalidParam> complaints;
    read_transfer(body, complaints);
    return complaints;
}

json configuration() {
    return {{"externalId", "a@b"}, {"notificationDestination", "http://as/cb"}};
}

TEST(T8Bodies, the_least_configuration_is_taken) {
    EXPECT_TRUE(complaints_about_configuration(configuration()).empty());
}

TEST(T8Bodies, unknown_members_and_unknown_enumerators_are_taken) {
    json body = configuration();
    body["color"] = "blue";
    body["pdnEstablishmentOption"] = "SOMETHING_NEW";
    EXPECT_TRUE(complaints_about_configuration(body).empty());
}

TEST(T8Bodies, two_identities_are_one_too_many) {
    json body = configuration();
    body["msisdn"] = "4917";
    ASSERT_EQ(complaints_about_configuration(body).size(), 1U);
    body.erase("msisdn");
    body.erase("externalId");
    EXPECT_EQ(complaints_about_configuration(body).at(0).param, "/externalId");
}

TEST(T8Bodies, each_wrong_member_is_named_by_a_pointer) {
    for (const auto& [name, value] : {std::pair<const char*, json>{"duration", "tomorrow"},
                                      {"duration", "1970-01-01T00:00:00Z"},
                                      {"reliableDataService", "yes"},
                                      {"notificationDestination", "ftp://x"},
                                      {"externalId", "a@b@c"},
                                      {"supportedFeatures", "xyz"},
                                      {"rdsPorts", 7},
                                      {"rdsPorts", json::array()},
                                      {"rdsPorts", {{{"portUE", 16}, {"portSCEF", 1}}}},
                                      {"rdsPorts", {{{"portUE", 1}}}}}) {
        json body = configuration();
        body[name] = value;
        const auto complaints = complaints_about_configuration(body);
        ASSERT_EQ(complaints.size(), 1U) << name;
        EXPECT_EQ(complaints[0].param, std::string("/") + name);
    }
}

TEST(T8Bodies, a_transfer_needs_data_in_base64_and_a_natural_latency) {
    const json good{{"externalId", "a@b"}, {"data", "aGk="}};
    EXPECT_TRUE(complaints_about_transfer(good).empty());
    for (const auto& [name, value] : {std::pair<const char*, json>{"data", "aGk"},
                                      {"data", ""},
                                      {"data", 1},
                                      {"maximumLatency", -1},
                                      {"maximumLatency", 1.5},
                                      {"maximumLatency", 1e30},
                                      {"rdsPort", 1},
                                      {"rdsPort", {{"portUE", 1}, {"portSCEF", -1}}},
                                      {"priority", "high"}}) {
        json body = good;
        body[name] = value;
        ASSERT_EQ(complaints_about_transfer(body).size(), 1U) << name << value;
    }
}

TEST(T8Bodies, a_body_that_is_no_object_is_a_complaint) {
    EXPECT_FALSE(complaints_about_configuration(json::array()).empty());
    EXPECT_FALSE(complaints_about_transfer(json("text")).empty());
}

TEST(T8Bodies, a_patch_tells_null_from_absent) {
    std::vector<InvalidParam> complaints;
    const ConfigurationPatch patch =
        read_configuration_patch({{"duration", nullptr}}, WallTime(1h), complaints);
    EXPECT_TRUE(complaints.empty());
    EXPECT_TRUE(patch.changes_duration);
    EXPECT_FALSE(patch.duration.has_value());
    EXPECT_FALSE(patch.changes_reliable_data_service);
}

TEST(T8Bodies, a_delivery_made_at_once_has_no_self) {
    Delivery delivery;
    delivery.self = "http://scef/x";
    EXPECT_FALSE(to_json(delivery).contains("self"));
    delivery.answered = true;
    EXPECT_EQ(to_json(delivery)["self"], "http://scef/x");
}

}  // namespace
}  // namespace scef::scef_simulator
