#include "nidd/types/t8_json.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::nidd {
namespace {

using nlohmann::json;

WallTime time_of(const char* text) { return from_rfc3339(text).value(); }

TEST(T8Json, a_configuration_is_written_with_the_names_of_the_api) {
    NiddConfiguration configuration;
    configuration.external_id = "dev@example.com";
    configuration.duration = time_of("2030-01-02T03:04:05Z");
    configuration.reliable_data_service = false;
    configuration.rds_ports = {{1, 2}};
    configuration.pdn_establishment_option = "WAIT_FOR_UE";
    configuration.notification_destination = "http://localhost/n";
    configuration.supported_features = "1f";

    const json body = json::parse(to_json(configuration));

    EXPECT_EQ(body["externalId"], "dev@example.com");
    EXPECT_EQ(body["duration"], "2030-01-02T03:04:05.000Z");
    EXPECT_EQ(body["reliableDataService"], false);
    EXPECT_EQ(body["rdsPorts"], json::parse(R"([{"portUE":1,"portSCEF":2}])"));
    EXPECT_EQ(body["pdnEstablishmentOption"], "WAIT_FOR_UE");
    EXPECT_EQ(body["notificationDestination"], "http://localhost/n");
    EXPECT_EQ(body["supportedFeatures"], "1f");
    EXPECT_EQ(body.size(), 7u) << "absent members are not written";
}

TEST(T8Json, a_configuration_reads_back) {
    const auto read = parse_configuration(R"({"self":"/s/configurations/1","status":"ACTIVE",
        "externalId":"dev@example.com","maximumPacketSize":10864,"duration":"2030-01-02T04:04:05+01:00",
        "rdsPorts":[{"portUE":1,"portSCEF":2}],"requestTestNotification":true,"new":[{}],
        "mtcProviderId":null,"notificationDestination":"http://localhost/n"})");

    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->self, "/s/configurations/1");
    EXPECT_EQ(read->status, "ACTIVE");
    EXPECT_EQ(read->maximum_packet_size, 10864u);
    EXPECT_EQ(read->duration, time_of("2030-01-02T03:04:05Z"));
    EXPECT_EQ(read->rds_ports, (std::vector<RdsPort>{{1, 2}}));
    EXPECT_EQ(read->request_test_notification, true);
    EXPECT_FALSE(read->mtc_provider_id);
}

TEST(T8Json, a_transfer_is_written_and_reads_back) {
    NiddDownlinkDataTransfer transfer;
    transfer.external_id = "dev@example.com";
    transfer.data = {0x00, 0xff, 0x10};
    transfer.reliable_data_service = true;
    transfer.rds_port = RdsPort{3, 4};
    transfer.maximum_latency = 0;
    transfer.priority = 7;
    transfer.pdn_establishment_option = "SEND_TRIGGER";

    const std::string text = to_json(transfer);
    const auto read = parse_transfer(text);

    EXPECT_EQ(json::parse(text)["data"], "AP8Q");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->data, transfer.data);
    EXPECT_EQ(read->rds_port, transfer.rds_port);
    EXPECT_EQ(read->maximum_latency, 0u);
    EXPECT_EQ(read->priority, 7u);
    EXPECT_FALSE(read->delivery_status);
}

TEST(T8Json, what_needs_it_in_a_transfer_is_escaped) {
    NiddDownlinkDataTransfer transfer;
    transfer.self = "/a\"b\\c\n\x7f\x80 \xc3\xa4";
    transfer.delivery_status = DeliveryStatus{"SUCCESS\t"};
    transfer.requested_retransmission_time = time_of("2030-01-02T03:04:05Z");

    const json body = json::parse(to_json(transfer));

    EXPECT_EQ(body["self"], "/a\"b\\c\n\x7f\xef\xbf\xbd \xc3\xa4") << "bad UTF-8 becomes U+FFFD";
    EXPECT_EQ(body["deliveryStatus"], "SUCCESS\t");
    EXPECT_EQ(body["requestedRetransmissionTime"], "2030-01-02T03:04:05.000Z");
    EXPECT_EQ(body["data"], "");
    EXPECT_EQ(body.size(), 4u) << "absent members are not written";
}

TEST(T8Json, a_transfer_may_carry_status_instead_of_delivery_status) {
    const auto read = parse_transfer(R"({"data":"AA==","status":"BUFFERING",
        "requestedRetransmissionTime":"2030-01-01T00:00:00Z"})");

    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->delivery_status, DeliveryStatus{"BUFFERING"});
    EXPECT_EQ(read->requested_retransmission_time, time_of("2030-01-01T00:00:00Z"));
}

TEST(T8Json, lists_are_read_whole_or_not_at_all) {
    const auto good = parse_transfers(R"([{"data":"AA=="},{"data":"AQ==","self":"/x"}])");
    ASSERT_TRUE(good);
    EXPECT_EQ(good->size(), 2u);
    EXPECT_TRUE(parse_transfers("[]")->empty());
    EXPECT_FALSE(parse_transfers(R"([{"data":"AA=="},{"self":"/x"}])"));
    EXPECT_FALSE(parse_transfers("{}"));
    EXPECT_EQ(parse_configurations(R"([{"self":"/a"},{}])")->size(), 2u);
}

TEST(T8Json, a_patch_names_only_the_duration) {
    EXPECT_EQ(json::parse(configuration_patch_json(time_of("2030-01-01T00:00:00Z"))),
              json::parse(R"({"duration":"2030-01-01T00:00:00.000Z"})"));
}

TEST(T8Json, a_patch_may_name_rds_ports) {
    EXPECT_EQ(
        json::parse(configuration_patch_json(time_of("2030-01-01T00:00:00Z"), {{1, 2}, {3, 4}})),
        json::parse(R"({"duration":"2030-01-01T00:00:00.000Z","reliableDataService":true,
            "rdsPorts":[{"portUE":1,"portSCEF":2},{"portUE":3,"portSCEF":4}]})"));
}

class BadTransfer : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(BadTransfer, is_malformed) {
    const auto read = parse_transfer(GetParam().second);

    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::malformed);
}

INSTANTIATE_TEST_SUITE_P(
    Reliability, BadTransfer,
    testing::Values(
        std::pair{"array", "[]"}, std::pair{"without_data", "{}"},
        std::pair{"empty_data", R"({"data":""})"}, std::pair{"number_data", R"({"data":1})"},
        std::pair{"base64_blank", R"({"data":"AA= ="})"},
        std::pair{"base64_newline", R"({"data":"AA==\n"})"},
        std::pair{"base64_url", R"({"data":"-_8="})"},
        std::pair{"base64_no_padding", R"({"data":"AA"})"},
        std::pair{"base64_extra_padding", R"({"data":"AAAA="})"},
        std::pair{"base64_trailing_bits", R"({"data":"QR=="})"},
        std::pair{"negative", R"({"data":"AA==","maximumLatency":-1})"},
        std::pair{"fraction", R"({"data":"AA==","maximumLatency":1.5})"},
        std::pair{"exponent", R"({"data":"AA==","maximumLatency":1e30})"},
        std::pair{"beyond_32_bits", R"({"data":"AA==","priority":9223372036854775808})"},
        std::pair{"port_range", R"({"data":"AA==","rdsPort":{"portUE":65536,"portSCEF":1}})"},
        std::pair{"half_a_port", R"({"data":"AA==","rdsPort":{"portUE":1}})"},
        std::pair{"port_type", R"({"data":"AA==","rdsPort":5})"},
        std::pair{"far_date",
                  R"({"data":"AA==","requestedRetransmissionTime":"9999-99-99T00:00:00Z"})"},
        std::pair{
            "far_year",
            R"({"data":"AA==","requestedRetransmissionTime":"292277026597-01-01T00:00:00Z"})"},
        std::pair{"status_with_control", R"({"data":"AA==","deliveryStatus":"SUC\nCESS"})"}),
    [](const auto& row) { return row.param.first; });

TEST(T8Json, the_list_of_all_configurations_may_be_long_but_not_one_of_transfers) {
    const auto list_of = [](const std::string& item) {
        std::string text = "[";
        for (int i = 0; i < 5000; ++i) text += item + ",";
        return text + item + "]";
    };
    const auto configurations = parse_configurations(
        list_of(R"({"self":"/a/configurations/c1","externalId":"dev@example.com",
                    "notificationDestination":"https://adapter.example/t8/v1/notifications/x"})"));

    ASSERT_TRUE(configurations) << configurations.error().message;
    EXPECT_EQ(configurations->size(), 5001u);
    EXPECT_FALSE(parse_transfers(list_of(R"({"externalId":"a@b","data":"AA=="})")));
}

TEST(T8Json, a_delivery_failure_has_a_problem_or_a_time) {
    const auto both =
        parse_delivery_failure(R"({"problemDetail":{"cause":"TEMPORARILY_NOT_REACHABLE",
        "status":500},"requestedRetransmissionTime":"2030-01-01T00:00:00Z"})");
    ASSERT_TRUE(both) << both.error().message;
    EXPECT_EQ(both->problem_detail.cause, "TEMPORARILY_NOT_REACHABLE");
    EXPECT_EQ(both->problem_detail.status, 500);
    EXPECT_TRUE(both->requested_retransmission_time);

    EXPECT_TRUE(parse_delivery_failure(R"({"problemDetail":{}})"));
    EXPECT_FALSE(parse_delivery_failure(R"({"title":"Internal Server Error"})"));
    EXPECT_FALSE(parse_delivery_failure("<html>"));
}

TEST(T8Json, a_problem_reads_back_what_was_written) {
    const auto read = parse_problem(problem_json(403, "Forbidden", "quota", "QUOTA_EXCEEDED"));

    ASSERT_TRUE(read);
    EXPECT_EQ(read->status, 403);
    EXPECT_EQ(read->title, "Forbidden");
    EXPECT_EQ(read->detail, "quota");
    EXPECT_EQ(read->cause, "QUOTA_EXCEEDED");
}

}  // namespace
}  // namespace scef::nidd
