#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const std::string trace = "/api/v1/devices/meter-1@iot.example:trace";

struct TraceRoutes : testing::Test {
    TraceRoutes() { dut.add_device("meter-1@iot.example"); }
    ApiUnderTest dut;
};

TEST_F(TraceRoutes, a_device_is_traced_for_ten_minutes_unless_told_otherwise) {
    EXPECT_EQ(dut.call("POST", trace, json::object().dump()).body,
              (json{{"externalId", "meter-1@iot.example"}, {"duration", "10m"}}));
    EXPECT_EQ(dut.call("POST", trace, json{{"duration", "PT3M"}}.dump()).body["duration"], "3m");
    EXPECT_EQ(dut.call("POST", trace, json{{"duration", "0s"}}.dump()).status, 200);
    const std::vector<std::pair<std::string, Duration>> asked{
        {"meter-1@iot.example", 10min}, {"meter-1@iot.example", 3min}, {"meter-1@iot.example", 0s}};
    EXPECT_EQ(dut.shards.traced, asked);
}

TEST_F(TraceRoutes, refusals_say_what_to_do) {
    EXPECT_EQ(
        dut.call("POST", "/api/v1/devices/nobody@iot.example:trace", json::object().dump()).status,
        404);
    for (const json& body : {json{{"duration", "25h"}}, json{{"duration", "long"}},
                             json{{"duration", 10}}, json{{"time", "10m"}}}) {
        const Answer answer = dut.call("POST", trace, body.dump());
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_NE(answer.text.find(body.begin().key()), std::string::npos) << answer.text;
    }
    EXPECT_TRUE(dut.shards.traced.empty());
}

}  // namespace
}  // namespace scef::adapter::test
