#include "lwm2m-core/vocabulary/base64.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace scef {
namespace {

TEST(Base64, writes_the_vectors_of_rfc_4648) {
    EXPECT_EQ(to_base64({}), "");
    EXPECT_EQ(to_base64(as_bytes("f")), "Zg==");
    EXPECT_EQ(to_base64(as_bytes("fo")), "Zm8=");
    EXPECT_EQ(to_base64(as_bytes("foo")), "Zm9v");
    EXPECT_EQ(to_base64(as_bytes("foobar")), "Zm9vYmFy");
}

TEST(Base64, writes_the_standard_alphabet_and_the_url_alphabet) {
    const Bytes octets = from_hex("fbefff");
    EXPECT_EQ(to_base64(octets), "++//");
    EXPECT_EQ(to_base64url(octets), "--__");
}

TEST(Base64, the_url_form_has_no_padding) {
    EXPECT_EQ(to_base64url(as_bytes("f")), "Zg");
    EXPECT_EQ(from_base64url("Zg"), to_bytes("f"));
    EXPECT_FALSE(from_base64url("Zg=="));
    EXPECT_FALSE(from_base64url("++//"));
}

class NotBase64 : public testing::TestWithParam<std::string_view> {};

TEST_P(NotBase64, is_refused_as_malformed) {
    const auto octets = from_base64(GetParam());
    ASSERT_FALSE(octets);
    EXPECT_EQ(octets.error().code, Errc::malformed);
}

INSTANTIATE_TEST_SUITE_P(Base64, NotBase64,
                         testing::Values("Z", "Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zg=A",
                                         "Zm9v\n", " Zm9v", "Zm 9v", "Zh==", "Zm9=", "--__",
                                         "Zm9v=", "Zm9vZg=", "Zg==Zg==", "Zm\xc3v"));

TEST(Base64, every_value_survives_both_forms) {
    EXPECT_TRUE(rc::check("octets come back", [](const Bytes& octets) {
        RC_ASSERT(from_base64(to_base64(octets)) == octets);
        RC_ASSERT(from_base64url(to_base64url(octets)) == octets);
    }));
}

TEST(Base64, a_text_that_is_read_is_the_one_that_is_written) {
    const auto character = rc::gen::elementOf(std::string("ABghyz019+/="));
    EXPECT_TRUE(rc::check("one text per value", [&] {
        const auto text = *rc::gen::container<std::string>(character);
        const auto octets = from_base64(text);
        if (octets) RC_ASSERT(to_base64(*octets) == text);
    }));
}

}  // namespace
}  // namespace scef
