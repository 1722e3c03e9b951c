#include "simulators/lwm2m-server-simulator/senml.h"

#include <gtest/gtest.h>

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

TEST(SenmlCbor, integer_labels_become_their_names) {
    // [{-2: "/3303/0/", 0: "5700", 2: 21.5 (half)}, {0: "5601", 3: "x", 4: true}]
    const auto records = json_of_senml_cbor(
        from_hex("82a321682f333330332f302f006435373030 02f94d60a3006435363031 036178 04f5"));

    ASSERT_TRUE(records) << records.error().message;
    EXPECT_EQ(*records, json::parse(R"([{"bn": "/3303/0/", "n": "5700", "v": 21.5},
                                        {"n": "5601", "vs": "x", "vb": true}])"));
}

TEST(SenmlCbor, numbers_of_all_sizes_and_octets_are_read) {
    const auto records = json_of_senml_cbor(from_hex(
        "9fbf021a000f4240ff a10238 63 a102fa41ac0000 a102fb4035800000000000 a10842fffe ff"));

    ASSERT_TRUE(records);
    EXPECT_EQ(
        *records,
        json::parse(R"([{"v": 1000000}, {"v": -100}, {"v": 21.5}, {"v": 21.5}, {"vd": "__4"}])"));
}

TEST(SenmlCbor, what_is_cut_off_or_too_deep_is_refused) {
    const Bytes whole = from_hex("81a2006435373030 02f94d60");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(json_of_senml_cbor(ByteView(whole).first(size))) << size;
    }
    EXPECT_TRUE(json_of_senml_cbor(whole));
    EXPECT_FALSE(json_of_senml_cbor(Bytes(100000, 0x81)));
    EXPECT_FALSE(json_of_senml_cbor(from_hex("9bffffffffffffffff")));
    EXPECT_FALSE(json_of_senml_cbor(from_hex("a0")));
    EXPECT_FALSE(json_of_senml_cbor(from_hex("8101")));        // a record that is no map
    EXPECT_FALSE(json_of_senml_cbor(from_hex("81a10281f6")));  // a value that is an array
}

TEST(Senml, a_record_has_the_label_of_its_type) {
    EXPECT_EQ(senml_record("/3/0/14", "+02:00").value(),
              json::parse(R"({"n": "/3/0/14", "vs": "+02:00"})"));
    EXPECT_EQ(senml_record("/1/0/1", 60).value(), json::parse(R"({"n": "/1/0/1", "v": 60})"));
    EXPECT_EQ(senml_record("/1/0/6", 1).value(), json::parse(R"({"n": "/1/0/6", "vb": true})"));
    EXPECT_EQ(senml_record("/19/0/0/1", "//4=").value(),
              json::parse(R"({"n": "/19/0/0/1", "vd": "__4"})"));
    EXPECT_EQ(senml_record("/1/0/10", "11:0").value(),
              json::parse(R"({"n": "/1/0/10", "vlo": "11:0"})"));
    EXPECT_FALSE(senml_record("/1/0/1", "soon"));
}

TEST(Senml, values_by_id_become_records_by_path) {
    EXPECT_EQ(senml_records("/1/0", json::parse(R"({"7": "U", "1": 60})")).value(),
              json::parse(R"([{"n": "/1/0/1", "v": 60}, {"n": "/1/0/7", "vs": "U"}])"));
    EXPECT_EQ(senml_records("/19", json::parse(R"({"2": {"0": {"3": "AA=="}}})")).value(),
              json::parse(R"([{"n": "/19/2/0/3", "vd": "AA"}])"));
    EXPECT_EQ(senml_records("/3/0/7/1", 5).value()[0]["n"], "/3/0/7/1");
    EXPECT_FALSE(senml_records("/3/0/7/1", json::parse(R"({"0": 1})")));
    EXPECT_FALSE(senml_records("/3/0", json::parse(R"({"x": 1})")));
}

TEST(SenmlCbor, what_is_written_is_read_back) {
    const json records = json::parse(
        R"([{"bn": "/3303/0/", "n": "5700", "v": 21.5, "bt": 1700000000}, {"n": "5601", "v": -300},
            {"n": "5701", "vs": "Cel", "vb": true, "vd": "__4"}, {"n": "1", "vlo": "11:0"},
            {"n": "2", "v": 0.1}])");

    const auto octets = senml_cbor_of_json(records);

    ASSERT_TRUE(octets) << octets.error().message;
    EXPECT_EQ(json_of_senml_cbor(*octets).value(), records);
    EXPECT_EQ(to_hex(senml_cbor_of_json(json::parse(R"([{"n": "/1/0/1"}])")).value()),
              "81a1"
              "00662f312f302f31");
}

TEST(SenmlCbor, what_is_no_record_is_not_written) {
    EXPECT_FALSE(senml_cbor_of_json(json::object()));
    EXPECT_FALSE(senml_cbor_of_json(json::parse("[1]")));
    EXPECT_FALSE(senml_cbor_of_json(json::parse(R"([{"v": [1]}])")));
    EXPECT_FALSE(senml_cbor_of_json(json::parse(R"([{"vd": "?"}])")));
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
