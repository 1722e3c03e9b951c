#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scef-adapter/config/config.h"
#include "scef-adapter/config/key_use.h"

namespace scef::adapter {

/// Collects what is wrong with one file. Every key that is read is noted with its line, so that a
/// check which comes later can name the line of a key by its path, `scefs[0].api_root`.
class Mistakes {
public:
    explicit Mistakes(std::string file) : file_(std::move(file)) {}

    void note_line(const std::string& path, int line) { lines_.try_emplace(path, line); }
    /// `FILE:LINE: key 'PATH': SENTENCE`. Without a line of its own a path has that of the nearest
    /// key around it.
    void add(const std::string& path, const std::string& sentence);
    /// `FILE:LINE: SENTENCE`, for what has no key.
    void add_at(int line, const std::string& sentence);

    /// What is known of a key so far; made by the first call.
    KeyUse& use(const std::string& path) { return uses_[path]; }
    KeyUses take_uses() { return std::move(uses_); }

    bool empty() const { return found_.empty(); }
    /// All sentences, in the order of the lines.
    ConfigMistakes take();

private:
    struct Mistake {
        int line;
        std::string sentence;
    };
    int line_of(std::string path) const;

    std::string file_;
    std::map<std::string, int, std::less<>> lines_;
    std::vector<Mistake> found_;
    KeyUses uses_;
};

/// A value from the file as it may be shown: in quotes, short, without control characters.
std::string in_quotes(std::string_view value);

}  // namespace scef::adapter
