#include "simulators/scef-simulator/behaviour.h"

#include <gtest/gtest.h>

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

json told(const char* profile, const HttpAnswer& answer) {
    return json::parse(told_by(*behaviour_of(profile), answer).body);
}

TEST(Behaviour, the_standard_leaves_everything_as_it_is) {
    const json body{{"self", "http://a/b"}, {"deliveryStatus", "SUCCESS"}};
    EXPECT_EQ(told("3gpp-r18", json_answer(200, body)), body);
}

TEST(Behaviour, relative_links_and_another_status_member_reach_into_lists) {
    const json list{{{"self", "http://scef:80/a/1"}, {"deliveryStatus", "BUFFERING"}}};
    EXPECT_EQ(told("mts", json_answer(200, list)),
              (json{{{"self", "/a/1"}, {"status", "BUFFERING"}}}));
    const std::string notification =
        told_by(*behaviour_of("mts"),
                R"({"niddDownlinkDataTransfer":"http://scef/d/1","deliveryStatus":"SUCCESS"})");
    EXPECT_EQ(json::parse(notification),
              (json{{"niddDownlinkDataTransfer", "/d/1"}, {"status", "SUCCESS"}}));
}

TEST(Behaviour, where_the_scs_as_wants_to_be_told_stays_absolute) {
    const json body{{"notificationDestination", "http://as/cb"}};
    EXPECT_EQ(told("mts", json_answer(200, body)), body);
}

TEST(Behaviour, numbered_errors_stand_in_the_detail_and_have_no_cause) {
    const json plain = told("oracle", problem_answer({403, "", "DATA_TOO_LARGE", {}}));
    EXPECT_EQ(plain["detail"], "SCEF-ERR-403-111: DATA_TOO_LARGE");
    EXPECT_FALSE(plain.contains("cause"));
    const json wrapped = told(
        "oracle",
        json_answer(
            500,
            {{"problemDetail",
              {{"status", 500}, {"detail", "the UE has no PDN connection"}, {"cause", "X"}}}}));
    EXPECT_EQ(wrapped["problemDetail"]["detail"], "SCEF-ERR-500-115: the UE has no PDN connection");
    EXPECT_FALSE(wrapped["problemDetail"].contains("cause"));
}

TEST(Behaviour, release_15_lacks_what_came_later) {
    const Behaviour& r15 = *behaviour_of("3gpp-r15");
    HttpRequest patch;
    patch.method = "PATCH";
    patch.path = "/3gpp-nidd/v1/dm/configurations/1/downlink-data-deliveries/2";
    EXPECT_EQ(refusal_by(r15, patch)->status, 405);
    patch.path = "/3gpp-nidd/v1/dm/configurations/1/rds-ports";
    EXPECT_EQ(refusal_by(r15, patch)->status, 404);
    patch.path = "/3gpp-nidd/v1/dm/configurations/1";
    patch.body = R"({"requestTestNotification":true,"duration":null})";
    EXPECT_FALSE(refusal_by(r15, patch).has_value());
    EXPECT_EQ(heard_by(r15, patch).body, R"({"duration":null})");
    EXPECT_EQ(told("3gpp-r15", json_answer(200, {{"supportedFeatures", "8c"}})),
              (json{{"supportedFeatures", "0"}}));
}

TEST(Behaviour, only_known_profiles_exist) {
    EXPECT_EQ(behaviour_of("other"), nullptr);
    EXPECT_EQ(behaviour_names(), "3gpp-r18, 3gpp-r15, oracle, mts");
}

}  // namespace
}  // namespace scef::scef_simulator
