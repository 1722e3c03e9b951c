#include "scef-adapter/config/configuration_keys.h"

#include <algorithm>
#include <set>

namespace scef::adapter {
namespace {

constexpr std::string_view begin_mark = "<!-- keys: ";
constexpr std::string_view mark_end = " -->\n";
constexpr std::string_view end_mark = "<!-- end of keys -->\n";

std::string code(std::string_view text) { return '`' + std::string(text) + '`'; }

/// Entries of lists and of named mappings have short keys in their tables, all others whole ones.
std::string shown_path(const ConfigurationTable& table, const ConfigurationKey& key) {
    const bool is_entry = table.prefix.find_first_of("[N") != std::string_view::npos;
    return (is_entry ? "" : std::string(table.prefix)) + key.path;
}

std::string names_of(const ConfigurationTable& table, const ConfigurationKey& key) {
    std::string names = code(shown_path(table, key) + (key.same_as.empty() ? "" : ".…"));
    for (const std::string_view other : key.more) names += ", " + code(other);
    return names;
}

/// Numbers and words of a closed set need no example.
std::string value_of(const ConfigurationKey& key) {
    const bool is_plain = key.value.front() >= '0' && key.value.front() <= '9';
    const bool shows_example =
        key.fallback.empty() && !key.example.empty() && !is_plain && key.value.back() != '`';
    return std::string(key.value) + (shows_example ? ", such as " + code(key.example) : "");
}

std::string default_of(const ConfigurationKey& key) {
    std::string text = key.fallback.empty() ? std::string(key.otherwise) : code(key.fallback);
    if (key.cat_m1 == key.always_on && !key.cat_m1.empty()) {
        return text + "; `cat-m1`, `always-on`: " + code(key.cat_m1);
    }
    if (!key.cat_m1.empty()) text += "; `cat-m1`: " + code(key.cat_m1);
    if (!key.always_on.empty()) text += "; `always-on`: " + code(key.always_on);
    return text;
}

/// A column more is a member of ConfigurationKey, its title and its text here.
std::string markdown_of(const ConfigurationTable& table) {
    std::string text =
        "| key | value | default | a change takes | meaning |\n| --- | --- | --- | --- | --- |\n";
    for (const ConfigurationKey& key : table.keys) {
        text += "| " + names_of(table, key) + " | " + value_of(key) + " | " + default_of(key) +
                " | " + (key.at_restart ? "restart" : "reload") + " | " + std::string(key.meaning) +
                " |\n";
    }
    return text;
}

std::string marked(const ConfigurationTable& table) {
    return std::string(begin_mark) + std::string(table.name) + std::string(mark_end) +
           markdown_of(table) + std::string(end_mark);
}

void add_keys(const ConfigurationTable& table, std::vector<ConfigurationKey>& all) {
    const auto add = [&](ConfigurationKey key, std::string_view path) {
        key.path = std::string(table.prefix) + std::string(path);
        all.push_back(std::move(key));
    };
    for (const ConfigurationKey& key : table.keys) {
        if (key.same_as.empty()) add(key, key.path);
        for (const std::string_view other : key.more) add(key, other);
        for (const ConfigurationKey& model : table.keys) {
            const std::string under = std::string(key.same_as) + '.';
            if (key.same_as.empty() || !model.path.starts_with(under)) continue;
            add(model, key.path + '.' + model.path.substr(under.size()));
        }
    }
}

}  // namespace

const std::vector<ConfigurationTable>& configuration_tables() {
    static const std::vector<ConfigurationTable> tables{keys_of_store(),
                                                        keys_at_the_top(),
                                                        keys_of_admin(),
                                                        keys_of_notifications(),
                                                        keys_of_scefs(),
                                                        keys_of_servers(),
                                                        keys_of_virtual_endpoints(),
                                                        keys_of_profiles(),
                                                        keys_of_quotas(),
                                                        keys_of_quota_scopes(),
                                                        keys_of_usage(),
                                                        keys_of_webhooks(),
                                                        keys_of_limits(),
                                                        keys_of_log()};
    return tables;
}

std::vector<ConfigurationKey> joined(std::initializer_list<std::vector<ConfigurationKey>> parts) {
    std::vector<ConfigurationKey> all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

std::vector<ConfigurationKey> configuration_keys() {
    std::vector<ConfigurationKey> all;
    for (const ConfigurationTable& table : configuration_tables()) add_keys(table, all);
    return all;
}

std::string configuration_reference() {
    std::string text;
    for (const ConfigurationTable& table : configuration_tables()) {
        text += (text.empty() ? "" : "\n") + marked(table);
    }
    return text;
}

Result<std::string> with_configuration_reference(const std::string& page) {
    const auto& tables = configuration_tables();
    std::string renewed;
    std::set<std::string_view> placed;
    std::size_t done = 0;
    for (auto begin = page.find(begin_mark); begin != std::string::npos;
         begin = page.find(begin_mark, done)) {
        const std::size_t name_begin = begin + begin_mark.size();
        const std::size_t name_end = page.find(mark_end, name_begin);
        const std::size_t end = page.find(end_mark, name_begin);
        if (name_end == std::string::npos || end == std::string::npos || end < name_end) {
            return fail(Errc::malformed, "a mark has no end: " + page.substr(begin, 40));
        }
        const std::string name = page.substr(name_begin, name_end - name_begin);
        const auto table = std::find_if(tables.begin(), tables.end(),
                                        [&](const auto& one) { return one.name == name; });
        if (table == tables.end()) return fail(Errc::not_found, "there is no table " + name);
        placed.insert(table->name);
        renewed += page.substr(done, begin - done) + marked(*table);
        done = end + end_mark.size();
    }
    for (const ConfigurationTable& table : tables) {
        if (placed.contains(table.name)) continue;
        return fail(Errc::not_found, "the page has no place for " + std::string(table.name));
    }
    return renewed + page.substr(done);
}

}  // namespace scef::adapter
