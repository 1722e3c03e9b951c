#include <gtest/gtest.h>

#include "scef-adapter/admin/scef_resource.h"
#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

const std::string doctor = "/api/v1/scefs/operator-a:doctor";
const std::string probe = R"({"externalId":"probe@iot.example"})";

std::shared_ptr<const Config> two_scefs() {
    auto config = std::make_shared<Config>(*small_config());
    config->scefs[0].domains = {"iot.example"};
    config->scefs.push_back(config->scefs[0]);
    config->scefs[1].name = "operator-b";
    config->scefs[1].domains = {"*"};
    return config;
}

TEST(ScefRoutes, the_scefs_are_listed_without_their_credentials) {
    ApiUnderTest dut;
    const Answer answer = dut.call("GET", "/api/v1/scefs");
    EXPECT_EQ(answer.status, 200);
    ASSERT_EQ(answer.body["items"].size(), 1U);
    EXPECT_EQ(answer.body["items"][0],
              nlohmann::json::parse(R"({"name":"operator-a","apiRoot":"http://scef.example",
                  "scsAsId":"dm","profile":"3gpp","domains":["*"]})"));
}

TEST(ScefRoutes, an_examination_begins_with_202_and_is_shown) {
    ApiUnderTest dut;
    EXPECT_EQ(dut.call("GET", doctor).status, 404);

    const Answer begun = dut.call("POST", doctor, probe);

    EXPECT_EQ(begun.status, 202);
    EXPECT_EQ(begun.body["running"], true);
    EXPECT_EQ(begun.body["externalId"], "probe@iot.example");
    EXPECT_TRUE(begun.body["summary"].is_null());
    EXPECT_EQ(dut.call("GET", doctor).body, begun.body);
}

TEST(ScefRoutes, a_second_examination_is_a_conflict) {
    ApiUnderTest dut;
    dut.call("POST", doctor, probe);
    EXPECT_EQ(dut.call("POST", doctor, probe).status, 409);
}

TEST(ScefRoutes, a_provisioned_device_is_not_touched) {
    ApiUnderTest dut;
    dut.add_device("probe@iot.example");

    const Answer answer = dut.call("POST", doctor, probe);

    EXPECT_EQ(answer.status, 409);
    EXPECT_NE(answer.body["detail"].get<std::string>().find("provisioned"), std::string::npos);
    EXPECT_FALSE(dut.doctor.last);
}

TEST(ScefRoutes, an_unknown_scef_is_404) {
    ApiUnderTest dut;
    EXPECT_EQ(dut.call("POST", "/api/v1/scefs/other:doctor", probe).status, 404);
    EXPECT_EQ(dut.call("GET", "/api/v1/scefs/other:doctor").status, 404);
}

TEST(ScefRoutes, a_bad_device_or_one_of_another_scef_is_400) {
    ApiUnderTest dut({}, two_scefs());
    for (const char* body : {R"({})", R"({"externalId":"nobody"})", R"({"externalId":7})",
                             R"({"externalId":"a@iot.example","more":1})",
                             R"({"externalId":"a@elsewhere.example"})"}) {
        EXPECT_EQ(dut.call("POST", doctor, body).status, 400) << body;
    }
    const Answer other = dut.call("POST", "/api/v1/scefs/operator-b:doctor", probe);
    EXPECT_EQ(other.status, 400);
    EXPECT_FALSE(dut.doctor.last);
}

}  // namespace
}  // namespace scef::adapter::test
