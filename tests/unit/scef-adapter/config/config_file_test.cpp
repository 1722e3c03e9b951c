#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include "scef-adapter/config/config_notes.h"
#include "tests/unit/scef-adapter/config/config_testing.h"

namespace scef::adapter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ConfigFileTest : public ::testing::Test {
protected:
    ConfigFileTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "config-XXXXXX").string();
        directory = mkdtemp(pattern.data());
    }
    ~ConfigFileTest() override { std::filesystem::remove_all(directory); }
    std::string file(const std::string& name, const std::string& content, mode_t mode) const {
        const std::string path = directory + '/' + name;
        std::ofstream(path) << content;
        chmod(path.c_str(), mode);
        return path;
    }
    std::string directory;
};

TEST_F(ConfigFileTest, a_file_is_loaded) {
    const auto config = load_config(file("c.yaml", minimal + "shards: 9\n", 0644));
    ASSERT_TRUE(config);
    EXPECT_EQ(config->shards, 9);
}

TEST_F(ConfigFileTest, mistakes_name_the_file) {
    const std::string path = file("c.yaml", minimal + "shards: x\n", 0644);
    EXPECT_THAT(load_config(path).error().sentences, ElementsAre(HasSubstr(path + ":5: ")));
}

TEST_F(ConfigFileTest, a_file_that_is_not_there_or_a_directory_is_one_sentence) {
    EXPECT_THAT(load_config(directory + "/none").error().sentences,
                ElementsAre(HasSubstr("cannot be read")));
    EXPECT_THAT(load_config(directory).error().sentences, ElementsAre(HasSubstr("directory")));
}

TEST_F(ConfigFileTest, a_file_that_is_too_large_is_one_sentence) {
    const std::string path = file("c.yaml", std::string(3 << 20, '#'), 0644);
    EXPECT_THAT(load_config(path).error().sentences, ElementsAre(HasSubstr("larger than 1 MiB")));
}

TEST_F(ConfigFileTest, all_named_files_are_taken) {
    const std::string open = file("cert", "x", 0644);
    const std::string secret = file("key", "x", 0640);
    const Config config = read_text(
        "scefs: [{name: a, api_root: \"https://h\", scs_as_id: me, auth: {oauth2: {token_url: "
        "\"https://t\", client_id: c, client_secret_file: " +
        secret + "}, tls: {ca_file: " + open + ", certificate_file: " + open +
        ", key_file: " + secret + ", crl_file: " + open +
        "}}}]\n"
        "lwm2m_servers: [{name: d, uri: \"coap://h\"}]\n"
        "admin: {listen: 0.0.0.0:1, tokens_file: " +
        secret +
        "}\n"
        "notifications: {tls: {client_ca_file: " +
        open + ", certificate_file: " + open + ", key_file: " + secret + ", crl_file: " + open +
        "}}\n");
    const ScefConfig& scef = config.scefs.at(0);
    EXPECT_EQ(scef.oauth2->token_url, "https://t");
    EXPECT_EQ(scef.oauth2->client_id, "c");
    EXPECT_EQ(scef.oauth2->client_secret_file, secret);
    EXPECT_EQ(scef.tls.ca_file, open);
    EXPECT_EQ(scef.tls.certificate_file, open);
    EXPECT_EQ(scef.tls.key_file, secret);
    EXPECT_EQ(scef.tls.crl_file, open);
    EXPECT_EQ(config.admin.tokens_file, secret);
    EXPECT_EQ(config.notifications.tls.ca_file, open);
    EXPECT_EQ(config.notifications.tls.key_file, secret);
    EXPECT_EQ(config.notifications.tls.crl_file, open);
}

TEST_F(ConfigFileTest, a_secret_that_everybody_can_read_is_refused) {
    const std::string secret = file("tokens", "send:x", 0644);
    EXPECT_THAT(mistake_with("admin: {tokens_file: " + secret + "}"),
                ::testing::AllOf(HasSubstr("'admin.tokens_file'"), HasSubstr("chmod 640")));
}

TEST_F(ConfigFileTest, a_secret_in_the_place_of_its_file_is_not_shown) {
    for (const std::string key : {"admin: {tokens_file: ", "notifications: {tokens_file: "}) {
        EXPECT_THAT(mistake_with(key + "'admin:s3cret'}"),
                    ::testing::AllOf(HasSubstr("tokens_file'"), HasSubstr("cannot be read"),
                                     ::testing::Not(HasSubstr("s3cret"))));
    }
}

TEST_F(ConfigFileTest, a_directory_is_no_file) {
    EXPECT_THAT(mistake_with("admin: {tokens_file: " + directory + "}"),
                HasSubstr("is a directory"));
}

TEST(ConfigNotes, the_defaults_need_none) { EXPECT_THAT(config_notes(read_with("")), IsEmpty()); }

TEST(ConfigNotes, ports_that_linux_hands_out_are_noted) {
    EXPECT_THAT(config_notes(read_with("virtual_endpoints: {port: 32600}")),
                ElementsAre(HasSubstr("32600 to 32855")));
    EXPECT_THAT(config_notes(read_with("virtual_endpoints: {port: 32512}")), IsEmpty());
}

TEST(ConfigNotes, a_store_that_forgets_is_noted) {
    EXPECT_THAT(config_notes(read_with("store: {engine: memory}")),
                ElementsAre(HasSubstr("forgets everything")));
}

}  // namespace
}  // namespace scef::adapter
