#include "simulators/lwm2m-server-simulator/tlv_json.h"

#include <gtest/gtest.h>

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

json decode(const char* hex, const std::vector<std::uint16_t>& path) {
    return json_of_tlv(parse_tlv(from_hex(hex)).value(), path);
}

std::string encode(const json& values, const std::vector<std::uint16_t>& path) {
    return to_hex(serialize_tlv(tlv_of_json(values, path).value()).value());
}

TEST(TlvJson, resources_of_known_objects_have_their_types) {
    const json device = decode("c30041424386064100014101 05c10964c10dff", {3, 0});
    EXPECT_EQ(device, json::parse(R"({"0": "ABC", "6": {"0": 1, "1": 5}, "9": 100, "13": -1})"));
}

TEST(TlvJson, instances_of_an_object_are_keyed_by_id) {
    EXPECT_EQ(decode("0303c10964", {3}), json::parse(R"({"3": {"9": 100}})"));
}

TEST(TlvJson, one_resource_that_was_asked_for_is_its_bare_value) {
    EXPECT_EQ(decode("c10964", {3, 0, 9}), 100);
    EXPECT_EQ(decode("8606410001410105", {3, 0, 6}), json::parse(R"({"0": 1, "1": 5})"));
}

TEST(TlvJson, floats_of_sensors_are_read_in_both_sizes) {
    EXPECT_EQ(decode("e8164408402c000000000000", {3303, 0})["5700"], 14.0);
    EXPECT_EQ(decode("e4164441600000", {3303, 0})["5700"], 14.0);
}

TEST(TlvJson, values_of_unknown_types_are_guessed) {
    const json values = decode("c3004142 43c1012a c50201020304 ff", {10250, 0});
    EXPECT_EQ(values["0"], "ABC");
    EXPECT_EQ(values["1"], 42);
    EXPECT_EQ(values["2"], "AQIDBP8=");
}

TEST(TlvJson, integers_take_1_2_4_or_8_octets_and_floats_8) {
    EXPECT_EQ(encode(json{{"1", 300}}, {1, 0}), "c201012c");
    EXPECT_EQ(encode(json{{"1", 86400}}, {1, 0}), "c40100015180");
    EXPECT_EQ(encode(json{{"13", -1}}, {3, 0}), "c10dff");
    EXPECT_EQ(encode(json{{"5700", 14}}, {3303, 0}), "e8164408402c000000000000");
    EXPECT_EQ(encode(json{{"6", true}}, {1, 0}), "c10601");
}

TEST(TlvJson, an_object_at_a_resource_is_a_multiple_resource) {
    EXPECT_EQ(encode(json{{"0", 1}, {"1", 5}}, {3, 0, 6}), "8606410001410105");
}

TEST(TlvJson, one_instance_of_a_resource_is_its_bare_value) {
    EXPECT_EQ(decode("420101f4", {3, 0, 7, 1}), 500);      // the instance alone
    EXPECT_EQ(decode("8407420101f4", {3, 0, 7, 1}), 500);  // within its resource
    EXPECT_EQ(encode(500, {3, 0, 7, 1}), "420101f4");
    EXPECT_FALSE(tlv_of_json(json{{"0", 1}}, {3, 0, 7, 1}));
}

TEST(TlvJson, object_links_and_unsigned_integers_have_their_octets) {
    EXPECT_EQ(encode(json{{"10", "11:1"}}, {1, 0}), "c40a000b0001");
    EXPECT_EQ(decode("c40a000b0001", {1, 0})["10"], "11:1");
    EXPECT_EQ(decode("c111ff", {1, 0})["17"], 255);
    EXPECT_FALSE(tlv_of_json(json{{"10", "11"}}, {1, 0}));
}

TEST(TlvJson, a_value_that_does_not_fit_its_type_is_named) {
    EXPECT_EQ(tlv_of_json(json{{"1", "soon"}}, {1, 0}).error().message,
              "the value of /1/0/1 is to be an integer");
    EXPECT_EQ(encode(json{{"1", "60"}}, {1, 0}), "c1013c");
    EXPECT_EQ(encode(json{{"6", 0}}, {1, 0}), "c10600");
    EXPECT_EQ(encode(json{{"14", 2}}, {3, 0}), "c10e32");
}

TEST(TlvJson, keys_that_are_no_ids_are_refused) {
    EXPECT_FALSE(tlv_of_json(json{{"x", 1}}, {3, 0}));
    EXPECT_FALSE(tlv_of_json(json{{"65536", 1}}, {3, 0}));
    EXPECT_FALSE(tlv_of_json(json{{"0", json::array()}}, {3, 0}));
    EXPECT_FALSE(tlv_of_json(json("x"), {3, 0}));
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
