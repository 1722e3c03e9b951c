#include <gtest/gtest.h>

#include "simulators/lwm2m-server-simulator/senml.h"
#include "simulators/lwm2m-server-simulator/tlv_json.h"
#include "tests/vectors/senml_examples.h"
#include "tests/vectors/tlv_examples.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;
using Ids = std::vector<std::uint16_t>;

/// Every example is read, and written again octet for octet.
json decoded(const char* hex, const Ids& path) {
    const auto entries = parse_tlv(from_hex(hex));
    EXPECT_TRUE(entries) << hex;
    if (!entries) return {};
    EXPECT_EQ(to_hex(serialize_tlv(*entries).value()), to_hex(from_hex(hex)));
    return json_of_tlv(*entries, path);
}

json device() {
    return json::parse(R"({"0": "Open Mobile Alliance", "1": "Lightweight M2M Client",
        "2": "345000123", "3": "1.0", "6": {"0": 1, "1": 5}, "7": {"0": 3800, "1": 5000},
        "8": {"0": 125, "1": 900}, "9": 100, "10": 15, "11": {"0": 0}, "13": 1367491215,
        "14": "+02:00", "16": "U"})");
}

TEST(TlvExamples, core_ts_7_4_3_1_a_single_object_instance) {
    EXPECT_EQ(decoded(vectors::tlv_device_instance, {3, 0}), device());
    const auto entries = tlv_of_json(device(), {3, 0});
    ASSERT_TRUE(entries);
    EXPECT_EQ(to_hex(serialize_tlv(*entries).value()),
              to_hex(from_hex(vectors::tlv_device_instance)));
}

TEST(TlvExamples, core_ts_7_4_3_2_objects_of_one_and_of_several_instances) {
    EXPECT_EQ(decoded(vectors::tlv_device_object, {3}), (json{{"0", device()}}));
    EXPECT_EQ(decoded(vectors::tlv_access_control_object, {2}),
              json::parse(R"({"0": {"0": 1, "1": 0, "2": {"127": 7}, "3": 127},
                              "2": {"0": 3, "1": 0, "2": {"127": 7, "310": 1}, "3": 127}})"));
    EXPECT_EQ(decoded(vectors::tlv_server_object, {1}),
              json::parse(R"({"0": {"0": 1, "1": 86400, "6": true, "7": "U"}})"));
    const json servers = json::parse(R"({"0": {"0": 1, "1": 86400, "6": true, "7": "U"}})");
    EXPECT_EQ(to_hex(serialize_tlv(tlv_of_json(servers, {1}).value()).value()),
              to_hex(from_hex(vectors::tlv_server_object)));
}

/// The types of objects 65 and 66 are not known here: a link shows as the octets that it is.
TEST(TlvExamples, core_ts_7_4_3_3_object_links) {
    const auto first = parse_tlv(from_hex(vectors::tlv_object_65_instance));
    ASSERT_TRUE(first);
    ASSERT_EQ(first->size(), 3U);
    EXPECT_EQ(to_hex(first->front().children.at(1).value), "00420001");
    const json second = decoded(vectors::tlv_object_66_object, {66});
    EXPECT_EQ(second["1"]["0"], "myService 2");
    EXPECT_EQ(second["1"]["1"], "Internet.15.235");
}

TEST(SenmlExamples, rfc_8428_clause_6_is_the_pack_of_5_1_2) {
    const auto records = json_of_senml_cbor(from_hex(vectors::senml_cbor_base_fields));
    ASSERT_TRUE(records) << records.error().message;
    json expected = json::parse(vectors::senml_json_base_fields);
    expected.back()["t"] = 0;
    EXPECT_EQ(*records, expected);
}

TEST(SenmlExamples, core_ts_table_7_4_4_2_in_cbor_is_the_same_in_json) {
    const auto records = json_of_senml_cbor(from_hex(vectors::senml_cbor_device));
    ASSERT_TRUE(records) << records.error().message;
    EXPECT_EQ(*records, json::parse(vectors::senml_json_device));
}

TEST(SenmlCbor, decimal_fractions_and_big_negative_numbers_are_read) {
    const auto records =
        json_of_senml_cbor(from_hex("83a102c4822003 a102c482 03 20 a1023b8000000000000000"));
    ASSERT_TRUE(records) << records.error().message;
    EXPECT_EQ((*records)[0]["v"], 0.3);
    EXPECT_EQ((*records)[1]["v"], -1000.0);
    EXPECT_EQ((*records)[2]["v"], -9223372036854775809.0);
}

TEST(SenmlCbor, what_is_not_well_formed_or_no_number_is_refused) {
    for (const char* hex : {"81a102f97c00", "81a102f97e00", "81a102fb7ff0000000000000",
                            "81a104f814", "81a103 61ff", "81a102c48120", "81a102c4820120ff"}) {
        EXPECT_FALSE(json_of_senml_cbor(from_hex(hex))) << hex;
    }
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
