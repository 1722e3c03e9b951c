#include "lwm2m-core/vocabulary/bytes.h"

#include <gtest/gtest.h>

namespace scef {
namespace {

TEST(Bytes, are_written_in_lower_case_hexadecimal) {
    EXPECT_EQ(to_hex(Bytes{0x00, 0x0f, 0xa5, 0xff}), "000fa5ff");
    EXPECT_EQ(to_hex({}), "");
}

TEST(Bytes, are_read_from_hexadecimal_with_blanks_and_in_any_case) {
    EXPECT_EQ(from_hex("40 01 aB\nCd"), (Bytes{0x40, 0x01, 0xab, 0xcd}));
}

TEST(Bytes, of_a_text_that_is_no_hexadecimal_are_empty) {
    EXPECT_TRUE(from_hex("4").empty());
    EXPECT_TRUE(from_hex("40 0").empty());
    EXPECT_TRUE(from_hex("4g").empty());
}

TEST(Bytes, and_text_are_views_of_each_other) {
    const std::string_view text("a\0b", 3);
    EXPECT_EQ(as_text(as_bytes(text)), text);
    EXPECT_EQ(to_bytes(text), (Bytes{'a', 0, 'b'}));
}

// The hash is stored and names shards: these values must never change.
TEST(StableHash, is_the_same_in_every_version) {
    EXPECT_EQ(stable_hash(""), 0xefd01f60ba992926u);
    EXPECT_EQ(stable_hash("device-1@example.com"), 0xb63002ca2455858au);
    EXPECT_EQ(stable_hash(Bytes{'a'}), stable_hash("a"));
}

}  // namespace
}  // namespace scef
