#include "lwm2m-core/lwm2m/reported_values.h"

#include <gtest/gtest.h>

namespace scef::lwm2m {
namespace {

coap::Message content(Bytes payload, std::uint32_t format) {
    coap::Message message;
    message.code = coap::codes::content;
    message.add_uint(coap::options::content_format, format);
    message.payload = std::move(payload);
    return message;
}

TEST(ReportedValues, text_of_one_resource_is_a_number_or_base64) {
    const auto number = reported_values(Path(10, 0, 5), content(to_bytes("60"), 0));
    ASSERT_EQ(number.size(), 1U);
    EXPECT_EQ(number[0].path, Path(10, 0, 5));
    EXPECT_EQ(number[0].integer(), 60);
    const auto octets = reported_values(Path(10, 0, 8), content(to_bytes("Eg=="), 0));
    EXPECT_EQ(octets[0].octets(), (Bytes{0x12}));
    EXPECT_TRUE(reported_values(Path(10, 0), content(to_bytes("60"), 0)).empty());
}

TEST(ReportedValues, tlv_names_its_resources_whatever_was_read) {
    const Bytes resources = from_hex("c20404b0c1051e");
    for (const auto& [base, octets] : {std::pair{Path(10, 0), resources},
                                       {Path(10, 0), from_hex("0700c20404b0c1051e")},
                                       {Path(10), from_hex("0700c20404b0c1051e")},
                                       {Path(10), resources}}) {
        const auto values = reported_values(base, content(octets, 11542));
        ASSERT_EQ(values.size(), 2U) << base.text();
        EXPECT_EQ(values[0].path, Path(10, 0, 4));
        EXPECT_EQ(values[0].integer(), 1200);
        EXPECT_EQ(values[1].path, Path(10, 0, 5));
        EXPECT_EQ(values[1].integer(), 30);
    }
}

TEST(ReportedValues, tlv_nests_the_instances_of_a_resource) {
    const auto values =
        reported_values(Path(3, 0, 6), content(from_hex("8606410001410105"), 11542));
    ASSERT_EQ(values.size(), 2U);
    EXPECT_EQ(values[1].path, Path(3, 0, 6, 1));
    EXPECT_EQ(values[1].integer(), 5);
}

TEST(ReportedValues, senml_names_its_paths) {
    const auto json = reported_values(
        Path(), content(to_bytes(R"([{"n":"/10/0/4","v":7200},{"n":"/10/0/9","vd":"Eg"}])"), 110));
    ASSERT_EQ(json.size(), 2U);
    EXPECT_EQ(json[0].integer(), 7200);
    EXPECT_EQ(json[1].octets(), (Bytes{0x12}));
    const auto cbor =
        reported_values(Path(), content(from_hex("81a200672f31302f302f3402191c20"), 112));
    ASSERT_EQ(cbor.size(), 1U);
    EXPECT_EQ(cbor[0].integer(), 7200);
}

TEST(ReportedValues, what_was_not_asked_for_is_passed_over) {
    // The object instance 5 for a Read of /10/0, and a resource for a Read of another.
    EXPECT_TRUE(reported_values(Path(10, 0), content(from_hex("0305c1051e"), 11542)).empty());
    EXPECT_TRUE(reported_values(Path(10, 0, 4), content(from_hex("c1051e"), 11542)).empty());
    const auto json = R"([{"n":"/10/0/4","v":1},{"n":"/10/0/5","v":2},{"n":"/3/0/9","v":3}])";
    EXPECT_EQ(reported_values(Path(10, 0, 5), content(to_bytes(json), 110)).size(), 1U);
    EXPECT_EQ(reported_values(Path(), content(to_bytes(json), 110)).size(), 3U);
}

TEST(ReportedValues, entries_of_tlv_lie_only_where_their_kind_may) {
    for (const char* hex : {"8506 0305c1051e", "8306 c1051e", "0500 0305c1051e", "0300 410501"}) {
        EXPECT_TRUE(reported_values(Path(10), content(from_hex(hex), 11542)).empty()) << hex;
    }
}

TEST(ReportedValues, what_is_no_whole_number_is_none) {
    for (const std::string_view text : {"soon", "", "1.5", "99999999999999999999"}) {
        const auto values = reported_values(Path(10, 0, 5), content(to_bytes(text), 0));
        EXPECT_FALSE(values[0].integer()) << text;
    }
    const auto fraction =
        reported_values(Path(), content(to_bytes(R"([{"n":"/10/0/5","v":1.5}])"), 110));
    EXPECT_FALSE(fraction[0].integer());
    EXPECT_FALSE(fraction[0].octets());
}

TEST(ReportedValues, deep_nesting_and_cuts_of_tlv_end_it) {
    Bytes nested;
    for (int i = 0; i < 100; ++i) {
        Bytes outer = {0x08, 0x00, static_cast<std::uint8_t>(nested.size())};
        if (nested.size() > 250) break;
        outer.insert(outer.end(), nested.begin(), nested.end());
        nested = outer;
    }
    EXPECT_TRUE(reported_values(Path(10), content(nested, 11542)).empty());
    EXPECT_TRUE(reported_values(Path(10, 0), content(from_hex("c8ff"), 11542)).empty());
}

}  // namespace
}  // namespace scef::lwm2m
