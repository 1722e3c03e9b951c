#include "simulators/lwm2m-server-simulator/device_request.h"

#include <gtest/gtest.h>

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

Result<DeviceRequest> make(const char* operation, const char* body) {
    return make_device_request(operation, json::parse(body), std::chrono::seconds(120));
}

std::string payload_of(const DeviceRequest& request) {
    return std::string(as_text(request.message.payload));
}

TEST(DeviceRequest, a_read_is_a_get_with_the_accept_that_was_asked_for) {
    const auto read = make("read", R"({"path": "/3/0", "accept": 11542, "timeout": 1.5})").value();
    EXPECT_EQ(read.message.code, coap::get);
    EXPECT_EQ(read.message.path(), (std::vector<std::string>{"3", "0"}));
    EXPECT_EQ(read.message.uint_option(coap::accept), 11542u);
    EXPECT_EQ(read.timeout, std::chrono::milliseconds(1500));
}

TEST(DeviceRequest, a_write_of_one_value_is_a_put_of_plain_text) {
    const auto write = make("write", R"({"path": "/3/0/14", "value": "+02:00"})").value();
    EXPECT_EQ(write.message.code, coap::put);
    EXPECT_EQ(write.message.uint_option(coap::content_format), 0u);
    EXPECT_EQ(payload_of(write), "+02:00");
}

TEST(DeviceRequest, a_write_of_values_is_tlv_by_put_or_as_an_update_by_post) {
    const auto replace = make("write", R"({"path": "/1/0", "values": {"1": 60}})").value();
    EXPECT_EQ(replace.message.code, coap::put);
    EXPECT_EQ(to_hex(replace.message.payload), "c1013c");
    const auto update =
        make("write", R"({"path": "/1/0", "values": {"1": 60}, "update": true})").value();
    EXPECT_EQ(update.message.code, coap::post);
    EXPECT_EQ(update.message.uint_option(coap::content_format), 11542u);
}

TEST(DeviceRequest, an_execute_has_a_payload_only_with_arguments) {
    EXPECT_TRUE(make("execute", R"({"path": "/3/0/4"})")->message.payload.empty());
    EXPECT_EQ(payload_of(make("execute", R"({"path": "/3/0/4", "arguments": "0='x'"})").value()),
              "0='x'");
}

TEST(DeviceRequest, a_create_names_the_instance_if_told) {
    const auto any = make("create", R"({"path": "/3303", "values": {"5701": "C"}})").value();
    EXPECT_EQ(any.message.code, coap::post);
    EXPECT_EQ(to_hex(any.message.payload), "e1164543");
    const auto named =
        make("create", R"({"path": "/3303", "instance": 2, "values": {"5701": "C"}})").value();
    EXPECT_EQ(to_hex(named.message.payload), "0402e1164543");
}

TEST(DeviceRequest, discover_and_delete_and_observe_have_their_codes) {
    EXPECT_EQ(make("discover", R"({"path": "/3"})")->message.uint_option(coap::accept), 40u);
    EXPECT_EQ(make("delete", R"({"path": "/3303/1"})")->message.code, coap::del);
    EXPECT_EQ(make("observe", R"({"path": "/3/0/9"})")->message.uint_option(coap::observe), 0u);
}

TEST(DeviceRequest, composite_operations_go_to_the_root_in_senml) {
    const auto read = make("read-composite", R"({"paths": ["/3/0/0", "/1/0/1"]})").value();
    EXPECT_EQ(read.message.code, coap::fetch);
    EXPECT_TRUE(read.message.path().empty());
    EXPECT_EQ(read.target, "/3/0/0,/1/0/1");
    EXPECT_EQ(payload_of(read), R"([{"n":"/3/0/0"},{"n":"/1/0/1"}])");
    const auto write = make("write-composite", R"({"values": {"/1/0/1": 60}})").value();
    EXPECT_EQ(write.message.code, coap::ipatch);
    EXPECT_EQ(payload_of(write), R"([{"n":"/1/0/1","v":60}])");
}

TEST(DeviceRequest, a_ttl_travels_in_the_private_option) {
    EXPECT_EQ(
        make("read", R"({"path": "/3/0", "ttl": "1h"})")->message.uint_option(coap::ttl_seconds),
        3600u);
}

TEST(DeviceRequest, what_does_not_fit_the_operation_is_refused) {
    for (const char* const body :
         {R"([])", R"({})", R"({"path": 3})", R"({"path": "/a"})", R"({"path": "/3/0/0/0/0"})",
          R"({"path": "/3", "timeout": true})", R"({"path": "/3", "timeout": -1})",
          R"({"path": "/3", "accept": "xml"})", R"({"path": "/3", "repeatDatagram": 17})",
          R"({"path": "/3", "accpet": 110})", R"({"path": "/3", "hold": "x"})"}) {
        EXPECT_FALSE(make("read", body)) << body;
    }
    EXPECT_FALSE(make("write", R"({"path": "/3/0/14"})"));
    EXPECT_FALSE(make("write", R"({"path": "/3/0/14", "value": 1, "values": {}})"));
    EXPECT_FALSE(make("write", R"({"path": "/3/0/14", "value": 1, "update": 1})"));
    EXPECT_FALSE(make("read-composite", R"({"paths": []})"));
    EXPECT_EQ(make("fly", R"({})").error().code, Errc::not_found);
}

TEST(DeviceRequest, content_formats_have_names) {
    const auto read = make("read", R"({"path": "/3/0", "accept": "senml-cbor"})").value();
    EXPECT_EQ(read.message.uint_option(coap::accept), 112u);
    const auto write = make("write", R"({"path": "/1/0", "values": {"1": 60, "6": true},
                                         "contentFormat": "senml-json", "update": true})")
                           .value();
    EXPECT_EQ(write.message.code, coap::post);
    EXPECT_EQ(write.message.uint_option(coap::content_format), 110u);
    EXPECT_EQ(payload_of(write), R"([{"n":"/1/0/1","v":60},{"n":"/1/0/6","vb":true}])");
    const auto cbor =
        make("write", R"({"path": "/1/0/1", "value": 60, "contentFormat": "senml-cbor"})").value();
    EXPECT_EQ(to_hex(cbor.message.payload), "81a200662f312f302f3102183c");
}

TEST(DeviceRequest, attributes_are_written_as_uri_queries) {
    const auto write = make("write-attributes", R"({"path": "/3303/0/5700", "attributes":
        {"pmin": 10, "gt": 30.5, "lt": null, "st": "", "con": true}})")
                           .value();
    EXPECT_EQ(write.message.code, coap::put);
    EXPECT_TRUE(write.message.payload.empty());
    EXPECT_EQ(write.message.find(coap::content_format), nullptr);
    EXPECT_EQ(write.message.query("pmin"), "10");
    EXPECT_EQ(write.message.query("gt"), "30.5");
    EXPECT_EQ(write.message.query("con"), "1");
    EXPECT_EQ(write.message.query("lt"), "");
    EXPECT_EQ(as_text(write.message.find(coap::uri_query)->value), "con=1");
    for (const CoapOption& option : write.message.options) {
        EXPECT_NE(as_text(option.value), "lt=") << "a name alone takes the attribute away";
    }
    EXPECT_FALSE(make("write-attributes", R"({"path": "/3"})"));
    EXPECT_FALSE(make("write-attributes", R"({"path": "/3", "attributes": {"speed": 1}})"));
    EXPECT_FALSE(make("write-attributes", R"({"path": "/3", "attributes": {"pmin": [1]}})"));
}

TEST(DeviceRequest, composite_operations_travel_in_cbor_if_asked) {
    const auto read =
        make("read-composite", R"({"paths": ["/1/0/1"], "contentFormat": "senml-cbor"})").value();
    EXPECT_EQ(to_hex(read.message.payload), "81a100662f312f302f31");
    EXPECT_EQ(read.message.uint_option(coap::accept), 112u);
    const auto write =
        make("write-composite", R"({"values": {"/1/0": {"1": 60}, "/19/0/0/1": "AA=="},
                                                   "contentFormat": "senml-cbor"})")
            .value();
    EXPECT_EQ(to_hex(write.message.payload),
              "82a200"
              "662f312f302f31"
              "02183c"
              "a200"
              "692f31392f302f302f31"
              "084100");
    EXPECT_FALSE(make("read-composite", R"({"paths": ["/3"], "contentFormat": "tlv"})"));
}

TEST(DeviceRequest, a_cancel_is_by_request_or_by_reset) {
    EXPECT_EQ(make("cancel", R"({"path": "/3/0/9"})")->message.uint_option(coap::observe), 1u);
    EXPECT_EQ(make("cancel", R"({"path": "/3/0/9", "by": "reset"})")->effect,
              DeviceRequest::Effect::cancel_by_reset);
    EXPECT_FALSE(make("cancel", R"({"path": "/3/0/9", "by": 1})"));
}

TEST(DeviceRequest, a_create_in_senml_needs_the_id) {
    const auto create =
        make("create", R"({"path": "/19", "instance": 2, "contentFormat": "senml-json",
                                           "values": {"0": {"1": "AA=="}}})")
            .value();
    EXPECT_EQ(payload_of(create), R"([{"n":"/19/2/0/1","vd":"AA"}])");
    EXPECT_FALSE(make("create", R"({"path": "/19", "contentFormat": "senml-json"})"));
}

TEST(DeviceRequest, errors_say_what_there_is) {
    const Error unknown = make("fly", "{}").error();
    EXPECT_NE(unknown.message.find("write-attributes"), std::string::npos) << unknown.message;
    const Error misspelt = make("read", R"({"pth": "/3"})").error();
    EXPECT_NE(misspelt.message.find("'pth' is no member of read; it takes path, accept, timeout"),
              std::string::npos)
        << misspelt.message;
    const Error other = make("bootstrap-finish", "{}").error();
    EXPECT_NE(other.message.find("--bootstrap"), std::string::npos) << other.message;
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
