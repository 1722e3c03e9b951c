#include "simulators/lwm2m-server-simulator/tlv.h"

#include <gtest/gtest.h>

namespace scef::lwm2m_server_simulator {
namespace {

using Kind = Tlv::Kind;

Tlv resource(std::uint16_t id, Bytes value) { return {Kind::resource, id, std::move(value), {}}; }

std::string hex_of(const std::vector<Tlv>& entries) {
    return to_hex(serialize_tlv(entries).value());
}

TEST(Tlv, a_short_value_has_its_length_in_the_type_octet) {
    EXPECT_EQ(hex_of({resource(9, {0x64})}), "c10964");
}

TEST(Tlv, lengths_and_ids_take_the_octets_they_need) {
    EXPECT_EQ(hex_of({resource(0, Bytes(8, 0xaa))}), "c80008aaaaaaaaaaaaaaaa");
    EXPECT_EQ(hex_of({resource(5700, {1})}), "e1164401");
    EXPECT_EQ(hex_of({resource(1, Bytes(256, 0))}).substr(0, 8), "d0010100");
    EXPECT_EQ(hex_of({resource(1, Bytes(65536, 0))}).substr(0, 10), "d801010000");
}

TEST(Tlv, children_stand_inside_their_parent) {
    const Tlv multiple{
        Kind::multiple_resource,
        6,
        {},
        {{Kind::resource_instance, 0, {1}, {}}, {Kind::resource_instance, 1, {5}, {}}}};
    EXPECT_EQ(hex_of({multiple}), "8606410001410105");
    const Tlv instance{Kind::object_instance, 0, {}, {resource(1, {7}), multiple}};
    EXPECT_EQ(hex_of({instance}), "08000bc101078606410001410105");
}

TEST(Tlv, what_was_written_is_read_back) {
    const std::vector<Tlv> entries{
        {Kind::object_instance, 300, {}, {resource(0, to_bytes("Example")), resource(70, {})}},
        resource(65535, Bytes(300, 7))};
    EXPECT_EQ(parse_tlv(serialize_tlv(entries).value()).value(), entries);
}

TEST(Tlv, every_cut_of_an_entry_is_refused) {
    const Bytes whole = from_hex("e8164408aaaaaaaaaaaaaaaa");
    for (std::size_t size = 1; size < whole.size(); ++size) {
        EXPECT_FALSE(parse_tlv(ByteView(whole).first(size))) << size;
    }
    EXPECT_TRUE(parse_tlv(whole));
}

TEST(Tlv, a_child_in_the_wrong_place_is_refused) {
    EXPECT_FALSE(parse_tlv(from_hex("0300410001")));  // resource instance in an object instance
    EXPECT_FALSE(parse_tlv(from_hex("8306c10001")));  // resource in a multiple resource
    EXPECT_FALSE(parse_tlv(from_hex("020002000200")));
}

TEST(Tlv, deep_nesting_is_refused) {
    Bytes octets;
    for (int i = 0; i < 30000; ++i) {
        const int left = (30000 - i - 1) * 5;
        octets.insert(octets.end(),
                      {0x18, 0, static_cast<std::uint8_t>(left >> 16),
                       static_cast<std::uint8_t>(left >> 8), static_cast<std::uint8_t>(left)});
    }
    EXPECT_FALSE(parse_tlv(octets));
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
