#include "tests/unit/scef-adapter/config/config_testing.h"

namespace scef::adapter {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ConfigYaml, malformed_yaml_is_one_sentence_with_its_line) {
    for (const char* text : {"a: [1, 2\nb: 3\n", "a: \"x\n", "a: b: c\n", "{a: 1", "a: *none\n",
                             "%YAML 9\n", "a:\n  - 1\n b: 2\n", "]", "a: !<x y\n"}) {
        const auto mistakes = mistakes_in(text);
        ASSERT_FALSE(mistakes.empty()) << text;
        EXPECT_THAT(mistakes.front(), StartsWith("t.yaml:")) << text;
    }
    EXPECT_THAT(mistakes_in("shards: 4\na: [1, 2\nb: 3\n"),
                ElementsAre(::testing::AllOf(StartsWith("t.yaml:"), HasSubstr("no YAML"))));
}

TEST(ConfigYaml, a_duplicate_key_is_a_mistake_at_every_depth) {
    EXPECT_EQ(mistake_with("shards: 4\nshards: 4\n"),
              "t.yaml:6: key 'shards': is given twice; keep one of them");
    EXPECT_EQ(mistake_with("log: {level: info, level: warn}\n"),
              "t.yaml:5: key 'log.level': is given twice; keep one of them");
    EXPECT_THAT(mistake_with("quotas:\n  a: {}\n  a: {}\n"), HasSubstr("7: key 'quotas.a'"));
}

TEST(ConfigYaml, a_tab_that_indents_is_named) {
    EXPECT_EQ(mistake_with("log:\n\tlevel: info\n"),
              "t.yaml:6: a tab indents this line; YAML wants blanks");
    read_with("log: {level:\tinfo}\n");
    read_with("# a comment\n\t# may be indented by anything\n");
}

TEST(ConfigYaml, anchors_stand_for_what_they_name) {
    const Config config =
        read_with("quotas:\n  a: &some {downlink: {messages: 5/hour}}\n  b: *some\n");
    EXPECT_EQ(config.quotas.at("b").downlink, config.quotas.at("a").downlink);
}

TEST(ConfigYaml, an_anchor_within_itself_ends) {
    EXPECT_FALSE(mistakes_in(minimal + "log: &a {level: *a}\n").empty());
    EXPECT_FALSE(mistakes_in("scefs: &a [*a, *a]\n").empty());
}

TEST(ConfigYaml, anchors_that_multiply_do_not_take_long) {
    std::string text = minimal + "a: &a0 [x]\n";
    for (int i = 1; i < 30; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        text += 'b' + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int copy = 0; copy < 8; ++copy) text += ", " + before;
        text += "]\n";
    }
    EXPECT_EQ(mistakes_in(text).size(), 30u);
}

TEST(ConfigYaml, a_huge_file_is_refused_before_it_is_read) {
    const std::string comment(1024 * 1024, '#');
    EXPECT_THAT(mistakes_in(minimal + comment), ElementsAre(HasSubstr("larger than 1 MiB")));
    read_with("#" + std::string(1000 * 1024, 'x'));
}

TEST(ConfigYaml, a_list_has_a_limit) {
    std::string list = "notifications: {sources: [";
    for (int i = 0; i < 1001; ++i) list += "10.0.0.1, ";
    EXPECT_THAT(mistake_with(list + "10.0.0.2]}"), HasSubstr("more than 1000 entries"));
}

TEST(ConfigYaml, deep_nesting_is_a_mistake_and_no_crash) {
    EXPECT_FALSE(mistakes_in("a: " + std::string(20'000, '[')).empty());
    EXPECT_FALSE(mistakes_in("a: " + std::string(20'000, '{')).empty());
}

TEST(ConfigYaml, one_document_only) {
    EXPECT_THAT(mistakes_in(minimal + "---\nshards: 4\n"),
                ElementsAre(HasSubstr("second YAML document")));
    EXPECT_TRUE(parse_config("---\n" + minimal, "t.yaml"));
    EXPECT_TRUE(parse_config(minimal + "---\n# nothing\n", "t.yaml"));
    EXPECT_TRUE(parse_config(minimal + "...\n", "t.yaml"));
}

TEST(ConfigYaml, a_comma_or_a_bracket_that_stands_alone_is_a_mistake_and_not_without_end) {
    for (const char* text : {",i", ",", "{},a", "{shards: 4},,"}) {
        EXPECT_THAT(mistakes_in(text), Contains(HasSubstr("comma or a bracket too many"))) << text;
    }
    for (const char* text : {",\n", "]", "}", "[]]", "{}}", "- a\n,", "shards: 4\n,i\n"}) {
        EXPECT_FALSE(mistakes_in(text).empty()) << text;
    }
}

TEST(ConfigYaml, the_top_is_a_mapping_with_words_as_keys) {
    EXPECT_THAT(mistakes_in("- a\n- b\n"), Contains(HasSubstr("must hold keys and values")));
    EXPECT_THAT(mistake_with("? [a, b]\n: c\n"), HasSubstr("a key must be a word"));
}

TEST(ConfigYaml, what_is_no_text_is_refused) {
    EXPECT_THAT(mistakes_in("a: \xff\xfe\n"), ElementsAre(HasSubstr("UTF-8")));
    EXPECT_THAT(mistakes_in(std::string("a: \0b\n", 7)), ElementsAre(HasSubstr("UTF-8")));
}

TEST(ConfigYaml, foreign_text_is_shown_without_control_characters) {
    EXPECT_THAT(mistake_with("\"a\\e[31m\\nb\": 1\n"), HasSubstr("key 'a?[31m?b'"));
    EXPECT_THAT(mistake_with("quota_scopes: {groups: {\"a\\e[31m\": nothing}}\n"),
                HasSubstr("key 'quota_scopes.groups.a?[31m': "));
}

TEST(ConfigYaml, lines_may_end_as_on_windows) {
    std::string text = minimal + "shards: 8\n";
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
        text.insert(at, 1, '\r');
    }
    EXPECT_EQ(read_text(text).shards, 8);
}

}  // namespace
}  // namespace scef::adapter
