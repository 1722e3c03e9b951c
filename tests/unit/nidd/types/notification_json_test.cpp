#include <gtest/gtest.h>

#include "nidd/types/t8_json.h"

namespace scef::nidd {
namespace {

template <typename T>
T read_as(const char* text) {
    const auto read = parse_notification(text);
    EXPECT_TRUE(read) << read.error().message;
    if (!read || !std::holds_alternative<T>(*read)) {
        ADD_FAILURE() << "another kind of notification";
        return {};
    }
    return std::get<T>(*read);
}

TEST(NotificationJson, uplink_data_is_read) {
    const auto uplink = read_as<NiddUplinkDataNotification>(
        R"({"niddConfiguration":"http://scef/a/configurations/1","externalId":"dev@Example.com",
            "data":"QAEAAQ==","reliableDataService":true,"rdsPort":{"portUE":1,"portSCEF":2}})");

    EXPECT_EQ(uplink.nidd_configuration, "http://scef/a/configurations/1");
    EXPECT_EQ(uplink.external_id, "dev@example.com");
    EXPECT_EQ(uplink.data, (Bytes{0x40, 0x01, 0x00, 0x01}));
    EXPECT_EQ(uplink.reliable_data_service, true);
    EXPECT_EQ(uplink.rds_port, (RdsPort{1, 2}));
}

TEST(NotificationJson, uplink_data_may_name_the_device_by_msisdn) {
    const auto uplink = read_as<NiddUplinkDataNotification>(
        R"({"niddConfiguration":"/1","msisdn":"491701234567","externalId":null,"data":"AA=="})");

    EXPECT_EQ(uplink.msisdn, "491701234567");
    EXPECT_TRUE(uplink.external_id.empty());
}

TEST(NotificationJson, a_delivery_status_is_read_with_either_name) {
    const auto official = read_as<NiddDownlinkDataDeliveryStatusNotification>(
        R"({"niddDownlinkDataTransfer":"/t/1","deliveryStatus":"SUCCESS_NEXT_HOP_ACKNOWLEDGED"})");
    const auto deviating = read_as<NiddDownlinkDataDeliveryStatusNotification>(
        R"({"niddDownlinkDataTransfer":"/t/1","status":"FAILURE_TIMEOUT",
            "requestedRetransmissionTime":"2030-01-01T00:00:00Z"})");

    EXPECT_TRUE(official.delivery_status.is_success());
    EXPECT_TRUE(official.delivery_status.is_next_hop());
    EXPECT_TRUE(deviating.delivery_status.is_failure());
    EXPECT_TRUE(deviating.requested_retransmission_time);
}

TEST(NotificationJson, an_unknown_delivery_status_is_pending) {
    const auto status = read_as<NiddDownlinkDataDeliveryStatusNotification>(
        R"({"niddDownlinkDataTransfer":"/t/1","deliveryStatus":"PONDERING"})");

    EXPECT_EQ(status.delivery_status.text, "PONDERING");
    EXPECT_TRUE(status.delivery_status.is_pending());
}

TEST(NotificationJson, a_configuration_status_is_read) {
    const auto status = read_as<NiddConfigurationStatusNotification>(
        R"({"niddConfiguration":"/1","externalId":"dev@example.com","status":"TERMINATED"})");

    EXPECT_EQ(status.nidd_configuration, "/1");
    EXPECT_EQ(status.external_id, "dev@example.com");
    EXPECT_EQ(status.status, "TERMINATED");
}

TEST(NotificationJson, a_test_notification_is_read) {
    EXPECT_EQ(read_as<TestNotification>(R"({"subscription":"/1"})").subscription, "/1");
}

class BadNotification : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(BadNotification, is_malformed_and_not_echoed) {
    const auto read = parse_notification(GetParam().second);

    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::malformed);
    EXPECT_EQ(read.error().message.find("evil"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Reliability, BadNotification,
    testing::Values(
        std::pair{"no_object", "[]"}, std::pair{"unknown_shape", R"({"evil":1})"},
        std::pair{"configuration_alone", R"({"niddConfiguration":"/1"})"},
        std::pair{"managed_ports",
                  R"({"niddConfiguration":"/1","externalId":"a@b","managedPorts":[]})"},
        std::pair{"group_results", R"({"niddDownlinkDataTransfer":"/1","gmdResults":[]})"},
        std::pair{
            "uplink_and_status",
            R"({"niddConfiguration":"/1","externalId":"a@b","data":"AA==","status":"ACTIVE"})"},
        std::pair{
            "delivery_and_configuration",
            R"({"niddConfiguration":"/1","niddDownlinkDataTransfer":"/2","deliveryStatus":"SUCCESS"})"},
        std::pair{
            "test_and_uplink",
            R"({"subscription":"/1","niddConfiguration":"/1","externalId":"a@b","data":"AA=="})"},
        std::pair{"both_identities",
                  R"({"niddConfiguration":"/1","externalId":"a@b","msisdn":"1","data":"AA=="})"},
        std::pair{"no_identity", R"({"niddConfiguration":"/1","data":"AA=="})"},
        std::pair{"identity_grammar",
                  R"({"niddConfiguration":"/1","externalId":"evil\r\n@b","data":"AA=="})"},
        std::pair{"msisdn_grammar", R"({"niddConfiguration":"/1","msisdn":"12a","data":"AA=="})"},
        std::pair{"empty_data", R"({"niddConfiguration":"/1","externalId":"a@b","data":""})"},
        std::pair{"data_is_a_number", R"({"niddConfiguration":"/1","externalId":"a@b","data":1})"},
        std::pair{"status_is_a_number", R"({"niddDownlinkDataTransfer":"/1","deliveryStatus":1})"},
        std::pair{"empty_status", R"({"niddDownlinkDataTransfer":"/1","deliveryStatus":""})"},
        std::pair{"link_is_an_object",
                  R"({"niddConfiguration":{},"externalId":"a@b","data":"AA=="})"},
        std::pair{"empty_link", R"({"niddConfiguration":"","externalId":"a@b","data":"AA=="})"},
        std::pair{"data_url_safe",
                  R"({"niddConfiguration":"/1","externalId":"a@b","data":"_-8="})"},
        std::pair{"data_with_blank",
                  R"({"niddConfiguration":"/1","externalId":"a@b","data":"Q Q="})"},
        std::pair{"data_without_pad",
                  R"({"niddConfiguration":"/1","externalId":"a@b","data":"QQ"})"},
        std::pair{"data_trailing_bits",
                  R"({"niddConfiguration":"/1","externalId":"a@b","data":"QR=="})"},
        std::pair{"negative_port",
                  R"({"niddConfiguration":"/1","externalId":"a@b","data":"AA==",
                      "rdsPort":{"portUE":-1,"portSCEF":1}})"},
        std::pair{"endless_port",
                  R"({"niddConfiguration":"/1","externalId":"a@b","data":"AA==",
                      "rdsPort":{"portUE":1e30,"portSCEF":1}})"},
        std::pair{"far_date", R"({"niddDownlinkDataTransfer":"/1","deliveryStatus":"FAILURE",
                      "requestedRetransmissionTime":"9999-99-99T00:00:00Z"})"},
        std::pair{"far_year", R"({"niddDownlinkDataTransfer":"/1","deliveryStatus":"FAILURE",
                      "requestedRetransmissionTime":"292277026597-01-01T00:00:00Z"})"},
        std::pair{"test_is_a_number", R"({"subscription":1})"}),
    [](const auto& row) { return row.param.first; });

}  // namespace
}  // namespace scef::nidd
