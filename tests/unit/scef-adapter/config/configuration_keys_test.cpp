#include "scef-adapter/config/configuration_keys.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include <sys/stat.h>

#include "scef-adapter/config/config_changes.h"
#include "scef-adapter/config/key_use.h"
#include "tests/unit/scef-adapter/config/config_testing.h"
#include "tests/unit/scef-adapter/config/configuration_text.h"

namespace scef::adapter {
namespace {

/// A readable file without anything in it, for keys that name one.
std::string some_file(const char* name = "some") {
    const std::string file = ::testing::TempDir() + "configuration_keys_test." + name;
    std::ofstream{file};
    chmod(file.c_str(), 0600);
    return file;
}

std::string value_for(const ConfigurationKey& key, const std::string& profile) {
    if (profile == "cat-m1" && !key.cat_m1.empty()) return std::string(key.cat_m1);
    if (profile == "always-on" && !key.always_on.empty()) return std::string(key.always_on);
    if (key.value.starts_with("file")) return some_file();
    return std::string(key.fallback.empty() ? key.example : key.fallback);
}

bool is_of_profile(const ConfigurationKey& key) { return key.path.starts_with("profiles.NAME."); }

/// A device has one kind of reachability.
bool is_of_another_kind(const ConfigurationKey& key, const std::string& kind) {
    const std::string prefix = "profiles.NAME.reachability.";
    return key.path.starts_with(prefix) && !key.path.substr(prefix.size()).starts_with(kind);
}

std::string path_for(const ConfigurationKey& key, const std::string& profile) {
    if (!is_of_profile(key)) return key.path;
    return "profiles." + profile + key.path.substr(std::string("profiles.NAME").size());
}

/// A configuration with every key of the table, at its default where it has one.
std::string with_all_keys(const std::string& profile, const std::string& kind) {
    ConfigurationText text;
    for (const ConfigurationKey& key : configuration_keys()) {
        if (is_of_another_kind(key, kind)) continue;
        text.set(path_for(key, profile), value_for(key, profile));
    }
    return text.text();
}

KeyUses uses_of(const std::string& text) {
    KeyUses uses;
    const auto config = parse_config(text, "t.yaml", uses);
    if (config) return uses;
    for (const auto& sentence : config.error().sentences) ADD_FAILURE() << sentence << "\n" << text;
    return uses;
}

/// `scefs[0].name` as `scefs[].name`.
std::string without_numbers(std::string path) {
    for (auto at = path.find("[0]"); at != std::string::npos; at = path.find("[0]")) {
        path.erase(at + 1, 1);
    }
    return path;
}

/// Sections are no keys of their own.
std::set<std::string> without_sections(const std::set<std::string>& paths) {
    std::set<std::string> keys;
    for (const std::string& path : paths) {
        const bool is_section = std::any_of(paths.begin(), paths.end(), [&](const auto& other) {
            return other.starts_with(path + '.') || other.starts_with(path + "[].");
        });
        if (!is_section) keys.insert(path);
    }
    return keys;
}

const std::vector<std::string> kinds{"psm", "edrx", "always"};

TEST(ConfigurationKeys, the_table_has_the_keys_that_the_readers_ask_for_and_no_others) {
    std::set<std::string> asked;
    for (const std::string& kind : kinds) {
        for (const auto& [path, use] : uses_of(with_all_keys("NAME", kind))) {
            if (!use.is_refused) asked.insert(without_numbers(path));
        }
    }
    std::set<std::string> listed;
    for (const ConfigurationKey& key : configuration_keys()) {
        EXPECT_TRUE(listed.insert(key.path).second) << "twice: " << key.path;
    }
    EXPECT_THAT(without_sections(listed), ::testing::ContainerEq(without_sections(asked)));
    EXPECT_GT(listed.size(), 120u);
}

TEST(ConfigurationKeys, a_key_beside_those_of_the_table_is_refused_in_every_section) {
    std::set<std::string> sections{""};
    for (const ConfigurationKey& key : configuration_keys()) {
        const std::size_t end = key.path.rfind('.');
        if (end != std::string::npos) sections.insert(key.path.substr(0, end + 1));
    }
    sections.erase("quota_scopes.groups.");  // any name is a group
    for (const std::string& section : sections) {
        const std::string kind = section.find(".edrx.") != std::string::npos ? "edrx" : "psm";
        ConfigurationText text;
        for (const ConfigurationKey& key : configuration_keys()) {
            if (!is_of_another_kind(key, kind)) text.set(key.path, value_for(key, "NAME"));
        }
        text.set(section + "unheard_of", "1");
        const auto mistakes = mistakes_in(text.text());
        ASSERT_EQ(mistakes.size(), 1u) << section;
        EXPECT_THAT(mistakes[0], ::testing::HasSubstr("unheard_of"));
    }
}

TEST(ConfigurationKeys, the_defaults_shown_are_those_that_hold_without_the_key) {
    const std::map<std::string, std::string> kind_of{
        {"NAME", "psm"}, {"nb-iot", "psm"}, {"cat-m1", "edrx"}, {"always-on", "always"}};
    for (const auto& [profile, kind] : kind_of) {
        const KeyUses uses = uses_of(with_all_keys(profile, kind));
        std::map<std::string, KeyUse> plain;
        for (const auto& [path, use] : uses) plain[without_numbers(path)] = use;
        for (const ConfigurationKey& key : configuration_keys()) {
            const bool has_own = profile == "cat-m1" && !key.cat_m1.empty();
            if (is_of_another_kind(key, kind) || (key.fallback.empty() && !has_own)) continue;
            const KeyUse use = plain[path_for(key, profile)];
            EXPECT_TRUE(use.is_default) << path_for(key, profile);
        }
    }
}

TEST(ConfigurationKeys, what_has_no_default_has_no_value_without_the_key) {
    const KeyUses uses = uses_of(with_all_keys("NAME", "psm"));
    std::map<std::string, KeyUse> plain;
    for (const auto& [path, use] : uses) plain[without_numbers(path)] = use;
    for (const ConfigurationKey& key : configuration_keys()) {
        EXPECT_NE(key.fallback.empty(), key.otherwise.empty()) << key.path;
        if (key.otherwise != "none" || key.path.find("[]") != std::string::npos) continue;
        EXPECT_TRUE(plain[key.path].starts_empty) << key.path;
    }
}

/// Values that a key of this kind may have; some of them are out of its bounds.
std::vector<std::string> values_of_its_kind(const ConfigurationKey& key) {
    static const std::vector<std::pair<std::string, std::vector<std::string>>> by_kind{
        {"duration|the same", {"31s", "3m", "11m", "200ms", "25h"}},
        {"[0-9]", {"2", "3", "404"}},
        {"file", {some_file("other")}},
        {"folder|text|name$|name,", {"other"}},
        {"path", {"/other/v1"}},
        {"address block", {"10.64.0.0/10"}},
        {"address", {"127.0.0.1:1"}},
        {"list of domains", {"[other.example]"}},
        {"list of address", {"[10.1.0.0/16]"}},
        {"list of", {"[UE_REACHABILITY]"}},
        {"`http", {"http://other.example"}},
        {"`coap", {"coap://127.0.0.2:1"}},
        {"`N/", {"20/decihour"}},
        {"share", {"30%"}},
        {"size per", {"2KiB/day"}},
        {"number per", {"5/day"}},
        {"size", {"2KiB"}},
        {"rate", {"7/hour"}},
        {"a name in", {"other"}},
        {"name in the", {"Europe/Berlin"}},
        {"CoAP", {"\"5.03\""}}};
    const std::string value(key.value);
    for (const auto& [kind, values] : by_kind) {
        if (std::regex_search(value, std::regex("^(" + kind + ")"))) return values;
    }
    std::vector<std::string> words;
    const std::regex word("`([^`]+)`");
    for (std::sregex_iterator at(value.begin(), value.end(), word), end; at != end; ++at) {
        words.push_back((*at)[1]);
    }
    return words;
}

std::optional<Config> with_all_keys_but(const std::string& path, const std::string& value,
                                        const std::string& kind) {
    ConfigurationText text;
    for (const ConfigurationKey& key : configuration_keys()) {
        if (!is_of_another_kind(key, kind)) text.set(key.path, value_for(key, "NAME"));
    }
    text.set("quotas.other.pro_rate", "true");
    if (!path.empty()) text.set(path, value);
    const auto config = parse_config(text.text(), "t.yaml");
    return config ? std::optional(*config) : std::nullopt;
}

TEST(ConfigurationKeys, a_reload_changes_the_keys_of_which_that_is_said_and_no_others) {
    for (const ConfigurationKey& key : configuration_keys()) {
        const bool is_edrx = key.path.find(".edrx.") != std::string::npos;
        // Without the others of its kind, or without a server that is none, there is no such file.
        if (key.path.ends_with(".always") || key.path.ends_with(".bootstrap")) continue;
        const std::string kind = is_edrx ? "edrx" : "psm";
        std::optional<Config> other;
        for (const std::string& value : values_of_its_kind(key)) {
            if (value != value_for(key, "NAME")) other = with_all_keys_but(key.path, value, kind);
            if (other) break;
        }
        ASSERT_TRUE(other) << "no other value for " << key.path << ", " << key.value;
        const auto fixed = fixed_changes(with_all_keys_but("", "", kind).value(), *other);
        EXPECT_EQ(!fixed.empty(), key.at_restart) << key.path;
    }
}

TEST(ConfigurationKeys, each_key_says_what_it_takes_and_means) {
    for (const ConfigurationKey& key : configuration_keys()) {
        EXPECT_FALSE(key.value.empty()) << key.path;
        EXPECT_FALSE(key.meaning.empty()) << key.path;
        EXPECT_EQ(key.meaning.find('|'), std::string_view::npos) << key.path;
    }
}

std::string page() {
    std::ifstream file(SCEF_SOURCE_DIR "/docs/configuration.md");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(ConfigurationKeys, the_page_in_docs_has_the_tables_that_the_program_prints) {
    const auto renewed = with_configuration_reference(page());
    ASSERT_TRUE(renewed) << renewed.error().message;
    EXPECT_TRUE(*renewed == page())
        << "docs/configuration.md is stale: scef-adapter --print-configuration-reference "
           "docs/configuration.md > /tmp/page && mv /tmp/page docs/configuration.md";
}

TEST(ConfigurationKeys, a_page_without_a_place_for_each_table_is_refused) {
    EXPECT_FALSE(with_configuration_reference("# Configuration\n"));
    EXPECT_FALSE(
        with_configuration_reference(page() + "<!-- keys: other -->\n<!-- end of keys -->\n"));
    EXPECT_FALSE(with_configuration_reference(page() + "<!-- keys: log -->\n"));
    const std::string stale = "<!-- keys: log -->\nold\n<!-- end of keys -->\n";
    const auto renewed = with_configuration_reference(page() + stale);
    ASSERT_TRUE(renewed);
    EXPECT_EQ(renewed->find("\nold\n"), std::string::npos);
}

}  // namespace
}  // namespace scef::adapter
