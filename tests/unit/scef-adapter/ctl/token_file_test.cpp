#include "scef-adapter/ctl/token_file.h"

#include <gtest/gtest.h>

namespace scef::ctl {
namespace {

TEST(TokenFile, may_hold_the_token_alone) { EXPECT_EQ(*token_of("# mine\n\nabc\r\n", "f"), "abc"); }

TEST(TokenFile, may_be_that_of_the_adapter_of_which_the_strongest_role_is_taken) {
    EXPECT_EQ(*token_of("read:r\nadmin:a\nsend:s\n", "f"), "a");
    EXPECT_EQ(*token_of("read:r\nsend:s\n", "f"), "s");
}

TEST(TokenFile, without_a_token_or_with_other_lines_is_refused) {
    for (const char* text : {"", "# none\n", "two words\n", "root:x\n", "admin:\n"}) {
        EXPECT_FALSE(token_of(text, "f")) << text;
    }
}

TEST(TokenFile, that_is_not_there_is_refused_without_what_may_be_the_token_itself) {
    const auto token = read_token_file("admin:s3cret");
    ASSERT_FALSE(token);
    EXPECT_NE(token.error().message.find("cannot be read"), std::string::npos);
    EXPECT_EQ(token.error().message.find("s3cret"), std::string::npos);
}

TEST(SecretFile, has_the_secret_alone) {
    EXPECT_EQ(*secret_of("# of the hook\nwhsec_YWJj\r\n\n", "f"), "whsec_YWJj");
}

TEST(SecretFile, that_is_wrong_is_told_under_the_option_that_named_it) {
    const auto none = read_secret_file("whsec_s3cret");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().message, "--secret-file: the file named there cannot be read");
    for (const char* text : {"", "# none\n", "one\ntwo\n"}) {
        const auto secret = secret_of(text, "hook");
        ASSERT_FALSE(secret) << text;
        EXPECT_EQ(secret.error().message,
                  "--secret-file: hook must have one line, with the secret");
    }
}

}  // namespace
}  // namespace scef::ctl
