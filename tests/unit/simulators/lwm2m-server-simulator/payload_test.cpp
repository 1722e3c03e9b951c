#include "simulators/lwm2m-server-simulator/payload.h"

#include <gtest/gtest.h>

#include "simulators/lwm2m-server-simulator/coap_message.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

json decode(std::string_view text, std::optional<std::uint32_t> format) {
    return decode_payload(as_bytes(text), format, "/9999/0/0");
}

TEST(Payload, plain_text_is_a_number_if_it_reads_as_one) {
    EXPECT_EQ(decode("42", coap::text_plain), 42);
    EXPECT_EQ(decode("-1.5", coap::text_plain), -1.5);
    EXPECT_EQ(decode("007", coap::text_plain), "007");
    EXPECT_EQ(decode("1.2.3", coap::text_plain), "1.2.3");
    EXPECT_EQ(decode("", coap::text_plain), "");
    EXPECT_EQ(decode("12345678901234567890123", coap::text_plain), "12345678901234567890123");
}

TEST(Payload, plain_text_of_a_text_resource_stays_text) {
    EXPECT_EQ(decode_payload(as_bytes("2.5"), coap::text_plain, "/3/0/3"), "2.5");
    EXPECT_EQ(decode_payload(as_bytes("42"), coap::text_plain, "/3/0/9"), 42);
}

TEST(Payload, a_cbor_value_goes_both_ways) {
    const auto there_and_back = [](const json& value, const std::string& path) {
        return decode_payload(encode_payload(value, coap::cbor, path).value(), coap::cbor, path);
    };
    EXPECT_EQ(there_and_back(-86400, "/1/0/1"), -86400);
    EXPECT_EQ(there_and_back("+02:00", "/3/0/14"), "+02:00");
    EXPECT_EQ(there_and_back(21.5, "/3303/0/5700"), 21.5);
    EXPECT_EQ(there_and_back(true, "/1/0/6"), true);
    EXPECT_EQ(there_and_back("//4=", "/19/0/0/0"), "//4=");
    EXPECT_EQ(decode("\x81\x01", coap::cbor), "gQE=");  // an array is no value
}

TEST(Payload, without_format_it_is_text_or_nothing) {
    EXPECT_EQ(decode("", std::nullopt), nullptr);
    EXPECT_EQ(decode("x", std::nullopt), "x");
    EXPECT_EQ(decode("\xff", std::nullopt), "/w==");
}

TEST(Payload, structured_formats_become_json_and_broken_ones_base64) {
    EXPECT_EQ(decode("</3/0>", coap::link_format), "</3/0>");
    EXPECT_EQ(decode(R"([{"v": 1}])", coap::senml_json)[0]["v"], 1);
    EXPECT_EQ(decode("[{", coap::senml_json), "W3s=");
    EXPECT_EQ(decode("\xc1", coap::tlv), "wQ==");
    EXPECT_EQ(decode("\xc1", coap::senml_cbor), "wQ==");
    EXPECT_EQ(decode("abc", coap::opaque), "YWJj");
    EXPECT_EQ(decode("abc", 65000), "YWJj");
}

TEST(Payload, values_are_written_in_the_format_asked_for) {
    const auto text = [](const json& value, std::uint16_t format) {
        return std::string(as_text(encode_payload(value, format, "/3/0/14").value()));
    };
    EXPECT_EQ(text("+02:00", coap::text_plain), "+02:00");
    EXPECT_EQ(text(12, coap::text_plain), "12");
    EXPECT_EQ(text(true, coap::text_plain), "1");
    EXPECT_EQ(text("YWJj", coap::opaque), "abc");
    EXPECT_EQ(text("x", coap::senml_json), R"([{"n":"/3/0/14","vs":"x"}])");
    EXPECT_EQ(text("x", coap::tlv), "\xc1\x0ex");
}

TEST(Payload, what_cannot_be_written_is_refused) {
    EXPECT_EQ(encode_payload("x", 50, "/3/0/14").error().code, Errc::unsupported);
    EXPECT_FALSE(encode_payload("?", coap::opaque, "/3/0/14"));
    EXPECT_FALSE(encode_payload(json::array(), coap::tlv, "/3/0/14"));
    EXPECT_FALSE(encode_payload(json::object(), coap::text_plain, "/3/0"));
    EXPECT_FALSE(encode_payload("soon", coap::cbor, "/1/0/1"));
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
