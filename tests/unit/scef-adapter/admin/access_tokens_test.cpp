#include "scef-adapter/admin/access_tokens.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace scef::adapter {
namespace {

TEST(AccessTokens, know_the_role_of_each_token) {
    const auto tokens = AccessTokens::parse("# keys\nread:aaa\n\nsend:bbb\r\nadmin:c:c\n", "f");
    ASSERT_TRUE(tokens);
    EXPECT_EQ(tokens->holder_of("aaa")->role, Role::read);
    EXPECT_EQ(tokens->holder_of("bbb")->role, Role::send);
    EXPECT_EQ(tokens->holder_of("c:c")->role, Role::admin);
    EXPECT_FALSE(tokens->holder_of("aa"));
    EXPECT_FALSE(tokens->holder_of(""));
}

TEST(AccessTokens, refuse_bad_files_with_the_line_and_without_the_token) {
    for (const char* text : {"", "# nothing\n", "root:hunter2\n", "hunter2\n", "read:\n",
                             "read:hun ter2\n", "read:hunter2\nadmin:hunter2\n"}) {
        const auto tokens = AccessTokens::parse(text, "tokens.txt");
        ASSERT_FALSE(tokens) << text;
        EXPECT_NE(tokens.error().message.find("tokens.txt"), std::string::npos);
        EXPECT_EQ(tokens.error().message.find("hunter2"), std::string::npos);
    }
}

TEST(AccessTokens, refuse_a_file_that_everyone_may_read) {
    const auto file =
        std::filesystem::temp_directory_path() / ("access_tokens_test." + std::to_string(getpid()));
    std::ofstream(file) << "admin:secret\n";
    chmod(file.c_str(), 0644);
    EXPECT_FALSE(AccessTokens::read_file(file));
    chmod(file.c_str(), 0640);
    EXPECT_TRUE(AccessTokens::read_file(file));
    std::filesystem::remove(file);
    EXPECT_FALSE(AccessTokens::read_file(file));
}

}  // namespace
}  // namespace scef::adapter
