#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "lwm2m-core/vocabulary/result.h"
#include "scef-adapter/config/mistakes.h"

namespace scef::adapter {

/// One mapping of the file while it is read. Each read names a key; what the file has beyond the
/// keys that were named is a mistake, found by `finish`. Only as long as the YAML it looks at.
class Section {
public:
    /// Notes duplicate keys and keys that are no text. A null node is an empty section.
    Section(const YAML::Node& node, std::string path, Mistakes& mistakes);

    const std::string& path() const { return path_; }
    std::string path_of(std::string_view key) const;
    Mistakes& mistakes() const { return mistakes_; }

    /// Whether the file gives the key a value; an empty one counts as none.
    bool has(std::string_view key);

    /// Reads a scalar into `target` by `parse`, a function from text to Result<T>, whose error says
    /// what to write instead. Leaves `target` alone if the key is absent or wrong.
    template <typename T, typename Parse>
    void read(std::string_view key, T& target, Parse&& parse) {
        KeyUse& use = mistakes_.use(path_of(key));
        if constexpr (std::equality_comparable<T>) use.starts_empty = target == T{};
        const std::optional<std::string> text = scalar(key);
        if (!text) return;
        if (auto value = parse(std::string_view(*text))) {
            if constexpr (std::equality_comparable<T>) use.is_default = target == *value;
            target = std::move(*value);
        } else {
            mistakes_.add(path_of(key), value.error().message);
        }
    }
    /// The same for a key that must be there.
    template <typename T, typename Parse>
    void require(std::string_view key, T& target, Parse&& parse) {
        if (has(key)) {
            read(key, target, std::forward<Parse>(parse));
        } else {
            mistakes_.add(path_of(key), "is missing; it has no default");
        }
    }
    /// A sequence of scalars replaces `target`.
    template <typename Parse>
    void read_list(std::string_view key, std::vector<std::string>& target, Parse&& parse) {
        KeyUse& use = mistakes_.use(path_of(key));
        use.starts_empty = target.empty();
        if (!has(key)) return;
        const std::vector<std::string> before = std::exchange(target, {});
        for_each_scalar(key, [&](const std::string& path, const std::string& text) {
            if (auto value = parse(std::string_view(text))) {
                target.push_back(std::move(*value));
            } else {
                mistakes_.add(path, value.error().message);
            }
        });
        use.is_default = target == before;
    }
    /// The section under a key, for `read`, and then checked for unknown keys; not called if the
    /// key is absent.
    void section(std::string_view key, const std::function<void(Section&)>& read_it);
    /// Each section of a sequence of mappings.
    void each(std::string_view key, const std::function<void(Section&)>& read_it);
    /// Each section of a mapping whose keys are names; names outside `[A-Za-z0-9._-]{1,64}` are
    /// mistakes.
    void each_named(std::string_view key,
                    const std::function<void(const std::string& name, Section&)>& read_it);
    /// One entry or a sequence of them, each a scalar, with the path to blame, or, if `read_it` is
    /// given, a section.
    void each_of(std::string_view key,
                 const std::function<void(const std::string& path, const std::string& text)>& use,
                 const std::function<void(Section&)>& read_it = nullptr);
    /// Each key and scalar, of those that nobody asked for yet.
    void each_scalar(const std::function<void(const std::string& key, const std::string& text)>&);
    /// The text of a key that may be a scalar or something else; nothing if it is no scalar.
    std::optional<std::string> if_scalar(std::string_view key);
    /// A key that is known, and why it may not be used.
    void refuse(std::string_view key, const std::string& sentence);

    /// Reports the keys that nobody asked for, each with the nearest known key.
    void finish();

private:
    struct Entry {
        std::string key;
        YAML::Node value;
        bool known = false;
    };
    Entry* find(std::string_view key);
    std::optional<std::string> scalar(std::string_view key);
    void for_each_scalar(
        std::string_view key,
        const std::function<void(const std::string& path, const std::string& text)>& use);
    bool is_sequence(std::string_view key, const YAML::Node& node);

    std::string path_;
    Mistakes& mistakes_;
    std::vector<Entry> entries_;
    std::vector<std::string> asked_;
};

/// The candidate that a mistyped word most likely means; empty if none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace scef::adapter
