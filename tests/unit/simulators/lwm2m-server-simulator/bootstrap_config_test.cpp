#include "simulators/lwm2m-server-simulator/bootstrap_config.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

const BootstrapDefaults defaults{"coap://192.0.2.1:5683", std::chrono::seconds(90)};

BootstrapPlan plan_of(const char* entry) {
    return read_bootstrap_plan(json::parse(entry), "default", defaults).value();
}

std::string error_of(const char* config) {
    const auto read = BootstrapConfig::parse(json::parse(config), defaults);
    return read ? "none" : read.error().message;
}

std::vector<std::string> outline(const BootstrapPlan& plan) {
    std::vector<std::string> steps;
    for (const BootstrapStep& step : plan.steps) {
        steps.push_back(step.operation + " " + step.body.value("path", ""));
    }
    return steps;
}

TEST(BootstrapConfig, without_a_file_everything_is_deleted_and_one_server_is_written) {
    const BootstrapPlan plan = BootstrapConfig::usual(defaults).plan_of("anyone");
    EXPECT_EQ(outline(plan),
              (std::vector<std::string>{"bootstrap-delete /", "bootstrap-write /0/1",
                                        "bootstrap-write /1/1", "bootstrap-finish "}));
    EXPECT_EQ(plan.steps[1].body["values"],
              json::parse(R"({"0": "coap://192.0.2.1:5683", "1": false, "2": 3, "10": 1})"));
    EXPECT_EQ(plan.steps[2].body["values"],
              json::parse(R"({"0": 1, "1": 90, "6": true, "7": "U"})"));
}

TEST(BootstrapConfig, a_server_has_its_terms_by_name_and_others_by_id) {
    const BootstrapPlan plan = plan_of(R"({"delete": ["/0", "/1"], "servers": [
        {"shortServerId": 7, "uri": "coap://192.0.2.2", "instance": 3, "lifetime": "1h", "binding": "UN",
         "registrationPriorityOrder": 1, "initialRegistrationDelay": "5s",
         "registrationFailureBlock": true, "bootstrapOnRegistrationFailure": false, "retryCount": 3,
         "retryTimer": 60, "sequenceDelayTimer": "1h", "sequenceRetryCount": 2, "trigger": true,
         "preferredTransport": "U", "muteSend": true, "defaultMinimumPeriod": 10,
         "securityResources": {"28": 5}, "serverResources": {"9999": 1}},
        {}]})");
    EXPECT_EQ(outline(plan),
              (std::vector<std::string>{"bootstrap-delete /0", "bootstrap-delete /1",
                                        "bootstrap-write /0/3", "bootstrap-write /1/3",
                                        "bootstrap-write /0/2", "bootstrap-write /1/2",
                                        "bootstrap-finish "}));
    EXPECT_EQ(plan.steps[2].body["values"], json::parse(R"(
        {"0": "coap://192.0.2.2", "1": false, "2": 3, "10": 7, "28": 5})"));
    EXPECT_EQ(plan.steps[3].body["values"], json::parse(R"(
        {"0": 7, "1": 3600, "2": 10, "6": true, "7": "UN", "13": 1, "14": 5, "15": true, "16": false,
         "17": 3, "18": 60, "19": 3600, "20": 2, "21": true, "22": "U", "23": true, "9999": 1})"));
    EXPECT_EQ(plan.steps[5].body["values"]["0"], 2);
}

TEST(BootstrapConfig, access_control_has_rights_by_letters_or_bits) {
    const BootstrapPlan plan = plan_of(R"({"delete": [], "servers": [], "accessControl": [
        {"object": 3, "objectInstance": 0, "owner": 1, "rights": {"1": "RWE", "2": 1}},
        {"object": 19, "objectInstance": 65535, "instance": 9}]})");
    EXPECT_EQ(plan.steps[0].body, json::parse(R"({"path": "/2/0", "values":
        {"0": 3, "1": 0, "2": {"1": 7, "2": 1}, "3": 1}})"));
    EXPECT_EQ(plan.steps[1].body, json::parse(R"({"path": "/2/9", "values":
        {"0": 19, "1": 65535, "3": 65535}})"));
}

TEST(BootstrapConfig, writes_and_format_and_discover_and_by_hand_are_taken) {
    const BootstrapPlan plan = plan_of(R"({"byHand": true, "discover": true, "delete": [],
        "servers": [{}], "contentFormat": "senml-cbor",
        "writes": [{"path": "/3/0/14", "value": "+02:00"}]})");
    EXPECT_TRUE(plan.by_hand);
    EXPECT_EQ(outline(plan).front(), "bootstrap-discover /");
    EXPECT_EQ(plan.steps[1].body["contentFormat"], "senml-cbor");
    EXPECT_FALSE(plan.steps[3].body.contains("contentFormat")) << "one value is text";
}

TEST(BootstrapConfig, a_client_may_have_a_plan_of_its_own) {
    auto config = BootstrapConfig::parse(
        json::parse(R"({"clients": {"meter-1": {"servers": [{"lifetime": 1000}]}}})"), defaults);
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->plan_of("meter-1").steps[2].body["values"]["1"], 1000);
    EXPECT_EQ(config->plan_of("meter-2").steps[2].body["values"]["1"], 90);
    config->set_by_hand();
    EXPECT_TRUE(config->plan_of("meter-1").by_hand && config->plan_of("x").by_hand);
}

TEST(BootstrapConfig, a_mistake_is_named_with_its_place) {
    EXPECT_EQ(error_of("[]"), "the configuration is to be an object");
    EXPECT_EQ(error_of(R"({"client": {}})"),
              "the configuration: 'client' is unknown; there are default, clients");
    const std::string unknown = error_of(R"({"clients": {"a": {"servers": [{"lifetme": 1}]}}})");
    EXPECT_TRUE(unknown.starts_with("clients.a.servers[0]: 'lifetme' is unknown; there are shortS"))
        << unknown;
    EXPECT_EQ(error_of(R"({"default": {"servers": [{"lifetime": "soon"}]}})"),
              "default.servers[0].lifetime is to be whole seconds or a text like \"5m\"");
    EXPECT_EQ(
        error_of(R"({"default": {"accessControl": [{"object": 3, "rights": {"1": "RX"}}]}})"),
        "default.accessControl[0].rights.1 is to be letters of RWEDC, or a number from 0 to 31");
    const std::string path = error_of(R"({"default": {"delete": ["0"]}})");
    EXPECT_TRUE(path.starts_with("default: bootstrap-delete {\"path\":\"0\"}: '0' is no path"))
        << path;
    for (const char* const bad :
         {R"({"default": {"byHand": 1}})", R"({"default": {"delete": "/"}})",
          R"({"default": {"servers": {}}})", R"({"default": {"servers": [1]}})",
          R"({"default": {"servers": [{"shortServerId": 65535}]}})",
          R"({"default": {"servers": [{"uri": 5}]}})", R"({"default": {"accessControl": [{}]}})",
          R"({"default": {"servers": [{"binding": {}}]}})", R"({"default": {"writes": [{}]}})",
          R"({"default": {"contentFormat": "xml"}})", R"({"clients": []})"}) {
        EXPECT_NE(error_of(bad), "none") << bad;
    }
}

TEST(BootstrapConfig, the_example_of_the_readme_is_good) {
    std::ifstream file(SCEF_SOURCE_DIR "/simulators/lwm2m-server-simulator/README.md");
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::size_t begin = text.find("```json\n") + 8;
    const std::string example = text.substr(begin, text.find("```", begin) - begin);

    const auto config = BootstrapConfig::parse(json::parse(example), defaults);

    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->plan_of("meter-2").steps.size(), 9u);
    EXPECT_TRUE(config->plan_of("meter-3").by_hand);
    EXPECT_EQ(config->plan_of("other").steps[1].body["values"]["0"], "coap://192.0.2.1");
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
