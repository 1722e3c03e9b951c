#include "scef-adapter/config/config_section.h"

#include <algorithm>
#include <numeric>

#include "scef-adapter/config/config_values.h"

namespace scef::adapter {
namespace {

constexpr std::size_t entries_max = 1000;

int line_of(const YAML::Node& node) { return node.Mark().line + 1; }

std::string indexed(const std::string& path, std::size_t index) {
    return path + '[' + std::to_string(index) + ']';
}

/// Insertions, deletions and replacements from one word to the other.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 2);
    for (const std::string& candidate : candidates) {
        if (word.size() > 3 && candidate.find(word) != std::string::npos) return candidate;
        const std::size_t far = distance(word.substr(0, 64), candidate);
        if (far < best_distance || (best.empty() && far == best_distance)) {
            best = candidate;
            best_distance = far;
        }
    }
    return best;
}

Section::Section(const YAML::Node& node, std::string path, Mistakes& mistakes)
    : path_(std::move(path)), mistakes_(mistakes) {
    if (!node.IsDefined() || node.IsNull()) return;
    if (!node.IsMap()) {
        if (path_.empty()) {
            mistakes_.add_at(line_of(node), "the file must hold keys and values such as 'scefs:'");
        } else {
            mistakes_.add(path_, "needs keys and values under it");
        }
        return;
    }
    for (const auto& pair : node) {
        if (!pair.first.IsScalar()) {
            mistakes_.add_at(line_of(pair.first), "a key must be a word");
            continue;
        }
        const std::string& key = pair.first.Scalar();
        mistakes_.note_line(path_of(key), line_of(pair.first));
        if (find(key) != nullptr) {
            mistakes_.add_at(line_of(pair.first),
                             "key '" + path_of(key) + "': is given twice; keep one of them");
            continue;
        }
        entries_.push_back({key, pair.second, false});
    }
}

std::string Section::path_of(std::string_view key) const {
    std::string shown = in_quotes(key);
    shown = shown.substr(1, shown.size() - 2);
    return path_.empty() ? shown : path_ + '.' + shown;
}

Section::Entry* Section::find(std::string_view key) {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& entry) { return entry.key == key; });
    return found == entries_.end() ? nullptr : &*found;
}

bool Section::has(std::string_view key) {
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
    KeyUse& use = mistakes_.use(path_of(key));
    Entry* entry = find(key);
    if (entry == nullptr) return false;
    entry->known = true;
    use.is_given = !entry->value.IsNull();
    return use.is_given;
}

std::optional<std::string> Section::if_scalar(std::string_view key) {
    if (!has(key)) return std::nullopt;
    const YAML::Node& value = find(key)->value;
    if (!value.IsScalar()) return std::nullopt;
    return value.Scalar();
}

std::optional<std::string> Section::scalar(std::string_view key) {
    auto text = if_scalar(key);
    if (!text && has(key)) mistakes_.add(path_of(key), "needs a single value");
    return text;
}

bool Section::is_sequence(std::string_view key, const YAML::Node& node) {
    if (!node.IsSequence()) {
        mistakes_.add(path_of(key), "needs a list");
    } else if (node.size() > entries_max) {
        mistakes_.add(path_of(key), "has more than " + std::to_string(entries_max) + " entries");
    } else {
        return true;
    }
    return false;
}

void Section::for_each_scalar(
    std::string_view key,
    const std::function<void(const std::string& path, const std::string& text)>& use) {
    const YAML::Node list = find(key)->value;
    if (!is_sequence(key, list)) return;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string path = indexed(path_of(key), i);
        mistakes_.note_line(path, line_of(list[i]));
        if (list[i].IsScalar()) {
            use(path, list[i].Scalar());
        } else {
            mistakes_.add(path, "needs a single value");
        }
    }
}

void Section::section(std::string_view key, const std::function<void(Section&)>& read_it) {
    if (!has(key)) return;
    Section inner(find(key)->value, path_of(key), mistakes_);
    read_it(inner);
    inner.finish();
}

void Section::each(std::string_view key, const std::function<void(Section&)>& read_it) {
    if (!has(key)) return;
    const YAML::Node list = find(key)->value;
    if (!is_sequence(key, list)) return;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string path = indexed(path_of(key), i);
        mistakes_.note_line(path, line_of(list[i]));
        Section inner(list[i], path, mistakes_);
        read_it(inner);
        inner.finish();
    }
}

void Section::each_of(
    std::string_view key,
    const std::function<void(const std::string& path, const std::string& text)>& use,
    const std::function<void(Section&)>& read_it) {
    if (!has(key)) return;
    const YAML::Node value = find(key)->value;
    const bool is_list = value.IsSequence();
    if (is_list && !is_sequence(key, value)) return;
    for (std::size_t i = 0; i < (is_list ? value.size() : 1); ++i) {
        const YAML::Node entry = is_list ? value[i] : value;
        const std::string path = is_list ? indexed(path_of(key), i) : path_of(key);
        mistakes_.note_line(path, line_of(entry));
        if (entry.IsScalar()) {
            use(path, entry.Scalar());
        } else if (!read_it) {
            mistakes_.add(path, "needs a single value or a list of them");
        } else {
            Section inner(entry, path, mistakes_);
            read_it(inner);
            inner.finish();
        }
    }
}

void Section::each_named(std::string_view key,
                         const std::function<void(const std::string& name, Section&)>& read_it) {
    section(key, [&](Section& names) {
        for (Entry& entry : names.entries_) {
            entry.known = true;
            if (const auto name = parse_name(entry.key); !name) {
                mistakes_.add(names.path_of(entry.key), name.error().message);
                continue;
            }
            Section inner(entry.value, names.path_of(entry.key), mistakes_);
            read_it(entry.key, inner);
            inner.finish();
        }
    });
}

void Section::each_scalar(
    const std::function<void(const std::string& key, const std::string& text)>& use) {
    for (const Entry& entry : entries_) {
        if (entry.known) continue;
        if (const auto text = scalar(entry.key)) use(entry.key, *text);
    }
}

void Section::refuse(std::string_view key, const std::string& sentence) {
    mistakes_.use(path_of(key)).is_refused = true;
    if (has(key)) mistakes_.add(path_of(key), sentence);
}

void Section::finish() {
    for (const Entry& entry : entries_) {
        if (entry.known) continue;
        const std::string near = nearest(entry.key, asked_);
        mistakes_.add(path_of(entry.key), near.empty()
                                              ? "is unknown; known here are: " + listed(asked_)
                                              : "is unknown; did you mean '" + near + "'?");
    }
}

}  // namespace scef::adapter
