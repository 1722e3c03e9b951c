#include <gtest/gtest.h>

#include "lwm2m-core/lwm2m/link_format.h"
#include "lwm2m-core/lwm2m/reported_values.h"
#include "lwm2m-core/lwm2m/senml.h"
#include "tests/vectors/senml_examples.h"
#include "tests/vectors/tlv_examples.h"

namespace scef::lwm2m {
namespace {

/// Records without the blanks that only the printed form has.
std::string without_newlines(std::string text) {
    std::erase(text, '\n');
    return text;
}

SenmlRecords device() {
    const auto number = [](std::int64_t value) { return std::optional<Value>(value); };
    const auto text = [](std::string value) { return std::optional<Value>(std::move(value)); };
    return {{Path(3, 0, 0), text("Open Mobile Alliance")},
            {Path(3, 0, 1), text("Lightweight M2M Client")},
            {Path(3, 0, 2), text("345000123")},
            {Path(3, 0, 3), text("1.0")},
            {Path(3, 0, 6, 0), number(1)},
            {Path(3, 0, 6, 1), number(5)},
            {Path(3, 0, 7, 0), number(3800)},
            {Path(3, 0, 7, 1), number(5000)},
            {Path(3, 0, 8, 0), number(125)},
            {Path(3, 0, 8, 1), number(900)},
            {Path(3, 0, 9), number(100)},
            {Path(3, 0, 10), number(15)},
            {Path(3, 0, 11, 0), number(0)},
            {Path(3, 0, 13), number(1367491215)},
            {Path(3, 0, 14), text("+02:00")},
            {Path(3, 0, 16), text("U")}};
}

void expect_same(const std::optional<SenmlRecords>& read, const SenmlRecords& expected) {
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(read->at(i).path.text(), expected[i].path.text());
        EXPECT_EQ(read->at(i).value, expected[i].value) << expected[i].path.text();
        EXPECT_EQ(read->at(i).is_object_link, expected[i].is_object_link);
    }
}

TEST(SenmlExamples, core_ts_table_7_4_4_2_a_device_in_json) {
    expect_same(from_senml_json(as_bytes(vectors::senml_json_device)), device());
    EXPECT_EQ(as_text(to_senml_json(device(), Path(3, 0))),
              without_newlines(vectors::senml_json_device));
}

TEST(SenmlExamples, that_device_in_cbor_is_rfc_8428_clause_6) {
    expect_same(from_senml_cbor(from_hex(vectors::senml_cbor_device)), device());
    EXPECT_EQ(to_hex(to_senml_cbor(device(), Path(3, 0))),
              to_hex(from_hex(vectors::senml_cbor_device)));
}

TEST(SenmlExamples, core_ts_table_7_4_4_3_values_of_the_past) {
    const SenmlRecords expected{{Path(72, 1, 2), Value(22.4)},
                                {Path(72, 1, 2), Value(22.9)},
                                {Path(72, 1, 2), Value(24.1)}};
    expect_same(from_senml_json(as_bytes(vectors::senml_json_history)), expected);
}

TEST(SenmlExamples, core_ts_table_7_4_4_4_object_links) {
    const auto read = from_senml_json(as_bytes(vectors::senml_json_links));
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 12U);
    EXPECT_EQ(read->at(1).path, Path(65, 0, 0, 1));
    EXPECT_EQ(read->at(1).value, Value(std::string("66:1")));
    EXPECT_TRUE(read->at(1).is_object_link);
    EXPECT_FALSE(read->at(2).is_object_link);
    EXPECT_EQ(object_link_ids(std::get<std::string>(*read->at(9).value)),
              (std::pair<std::uint16_t, std::uint16_t>(65535, 65535)));
    const Bytes written = to_senml_json(*read, Path());
    expect_same(from_senml_json(written), *read);
    expect_same(from_senml_cbor(to_senml_cbor(*read, Path())), *read);
}

TEST(SenmlExamples, core_ts_tables_7_4_4_5_to_8_single_and_composite) {
    const SenmlRecords single{{Path(3, 0, 0), Value(std::string("Open Mobile Alliance"))}};
    expect_same(from_senml_json(as_bytes(vectors::senml_json_single)), single);
    EXPECT_EQ(as_text(to_senml_json(single, Path(3, 0, 0))), vectors::senml_json_single);
    expect_same(from_senml_json(as_bytes(vectors::senml_json_composite_request)),
                {{Path(3, 0, 0)}, {Path(3, 0, 9)}, {Path(1, 0, 1)}});
    const SenmlRecords answer{{Path(3, 0, 0), Value(std::string("Open Mobile Alliance"))},
                              {Path(3, 0, 9), Value(std::int64_t{95})},
                              {Path(1, 0, 1), Value(std::int64_t{86400})}};
    expect_same(from_senml_json(as_bytes(vectors::senml_json_composite_answer)), answer);
    EXPECT_EQ(as_text(to_senml_json(answer, Path())), vectors::senml_json_composite_answer);
    expect_same(from_senml_json(as_bytes(vectors::senml_json_composite_write)),
                {{Path(3311, 0, 5850), Value(false)},
                 {Path(3311, 1, 5850), Value(false)},
                 {Path(3311, 2, 5851), Value(std::int64_t{20})},
                 {Path(3308, 0, 5900), Value(std::int64_t{18})}});
}

/// LwM2M names are paths (Core TS 7.4.4), so the URNs of the RFC are none.
TEST(SenmlExamples, rfc_8428_clause_5_names_that_are_no_paths_are_refused) {
    EXPECT_FALSE(from_senml_json(as_bytes(vectors::senml_json_one_datapoint)));
    EXPECT_FALSE(from_senml_json(as_bytes(vectors::senml_json_base_fields)));
    EXPECT_FALSE(from_senml_cbor(from_hex(vectors::senml_cbor_base_fields)));
}

/// The pack of RFC 8428 5.1.2 and 6 with paths in place of its names, the rest as printed.
TEST(SenmlExamples, rfc_8428_clause_6_base_fields_times_units_and_half_floats) {
    std::string json = vectors::senml_json_base_fields;
    std::string cbor = to_hex(from_hex(vectors::senml_cbor_base_fields));
    const auto replace_all = [](std::string& text, std::string_view from, std::string_view to) {
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
            text.replace(at, from.size(), to);
        }
    };
    replace_all(json, "urn:dev:ow:10e2073a0108006:", "/3316/0/");
    replace_all(json, "voltage", "5700");
    replace_all(json, "current", "5701");
    replace_all(cbor, to_hex(as_bytes("\x78\x1burn:dev:ow:10e2073a0108006:")),
                to_hex(as_bytes("\x68/3316/0/")));
    replace_all(cbor, to_hex(as_bytes("\x67voltage")),
                to_hex(as_bytes("\x64"
                                "5700")));
    replace_all(cbor,
                to_hex(as_bytes("\x67"
                                "current")),
                to_hex(as_bytes("\x64"
                                "5701")));
    SenmlRecords expected{{Path(3316, 0, 5700), Value(120.1)}};
    for (const double value : {1.2, 1.3, 1.4, 1.5, 1.6, 1.7}) {
        expected.push_back({Path(3316, 0, 5701), Value(value)});
    }
    expect_same(from_senml_json(as_bytes(json)), expected);
    expect_same(from_senml_cbor(from_hex(cbor)), expected);
}

TEST(SenmlExamples, rfc_8428_clause_4_1_base_values_are_added) {
    expect_same(from_senml_json(as_bytes(R"([{"bn":"/3316/0/5700","bv":20,"v":0.5},{"v":1},)"
                                         R"({"bv":0,"v":7},{"vs":"x"}])")),
                {{Path(3316, 0, 5700), Value(20.5)},
                 {Path(3316, 0, 5700), Value(21.0)},
                 {Path(3316, 0, 5700), Value(std::int64_t{7})},
                 {Path(3316, 0, 5700), Value(std::string("x"))}});
    expect_same(from_senml_cbor(from_hex("83a3216c2f333331362f302f3537303024140201"
                                         "a102fb3fe0000000000000a224000207")),
                {{Path(3316, 0, 5700), Value(21.0)},
                 {Path(3316, 0, 5700), Value(20.5)},
                 {Path(3316, 0, 5700), Value(std::int64_t{7})}});
}

TEST(SenmlExamples, rfc_8428_clause_4_4_a_later_version_is_refused) {
    EXPECT_TRUE(from_senml_json(as_bytes(R"([{"bver":10,"n":"/3/0/9","v":1}])")));
    EXPECT_FALSE(from_senml_json(as_bytes(R"([{"bver":11,"n":"/3/0/9","v":1}])")));
    EXPECT_TRUE(from_senml_cbor(from_hex("81a3200a00662f332f302f390201")));
    EXPECT_FALSE(from_senml_cbor(from_hex("81a3200b00662f332f302f390201")));
}

coap::Message tlv_content(const char* hex) {
    coap::Message message;
    message.code = coap::codes::content;
    message.add_uint(coap::options::content_format, 11542);
    message.payload = from_hex(hex);
    return message;
}

TEST(ReportedValuesExamples, core_ts_7_4_3_1_and_2_a_device) {
    const SenmlRecords expected = device();
    for (const auto& [base, hex] : {std::pair{Path(3, 0), vectors::tlv_device_instance},
                                    {Path(3), vectors::tlv_device_object},
                                    {Path(3, 0), vectors::tlv_device_object}}) {
        const auto values = reported_values(base, tlv_content(hex));
        ASSERT_EQ(values.size(), expected.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            EXPECT_EQ(values[i].path, expected[i].path);
            if (const auto* text = std::get_if<std::string>(&*expected[i].value)) {
                EXPECT_EQ(values[i].octets(), to_bytes(*text));
            } else {
                EXPECT_EQ(values[i].integer(), std::get<std::int64_t>(*expected[i].value));
            }
        }
    }
}

TEST(ReportedValuesExamples, core_ts_7_4_3_2_several_instances) {
    const auto values = reported_values(Path(2), tlv_content(vectors::tlv_access_control_object));
    ASSERT_EQ(values.size(), 9U);
    EXPECT_EQ(values[2].path, Path(2, 0, 2, 127));
    EXPECT_EQ(values[7].path, Path(2, 2, 2, 310));
    EXPECT_EQ(values[7].integer(), 1);
    const auto server = reported_values(Path(1), tlv_content(vectors::tlv_server_object));
    ASSERT_EQ(server.size(), 4U);
    EXPECT_EQ(server[1].path, Path(1, 0, 1));
    EXPECT_EQ(server[1].integer(), 86400);
}

/// Payloads of the kinds that Core TS 6.2.1 (Register) and 6.3.2 (Discover) describe.
TEST(LinkFormat, payloads_of_register_and_discover_survive) {
    for (const std::string text :
         {"</1/0>,</1/1>,</2/0>,</2/1>,</2/2>,</2/3>,</2/4>,</3/0>,</4/0>,</5>",
          "</>;rt=\"oma.lwm2m\";ct=11543,</1/0>,</2/0>", "</3>;ver=1.1,</3/0>",
          "</3/0>;pmin=10;pmax=60,</3/0/7>;dim=8;pmin=10;pmax=60;gt=50;lt=42.2,</3/0/8>;dim=8"}) {
        const auto links = parse_link_format(text);
        ASSERT_TRUE(links) << text;
        const auto again = parse_link_format(to_link_format(*links));
        ASSERT_TRUE(again) << text;
        ASSERT_EQ(again->size(), links->size());
        for (std::size_t i = 0; i < links->size(); ++i) {
            EXPECT_EQ((*again)[i].target, (*links)[i].target);
            EXPECT_EQ((*again)[i].attributes, (*links)[i].attributes);
        }
    }
}

}  // namespace
}  // namespace scef::lwm2m
