#include "scef-adapter/config/mistakes.h"

#include <algorithm>

namespace scef::adapter {
namespace {

/// Foreign text as it may be shown: what a terminal could take for something else is `?`.
std::string printable(std::string_view text) {
    std::string shown(text);
    std::replace_if(
        shown.begin(), shown.end(),
        [](unsigned char octet) { return octet < 0x20 || octet >= 0x7f; }, '?');
    return shown;
}

}  // namespace

void Mistakes::add(const std::string& path, const std::string& sentence) {
    // A path has names of the file in it, of groups for instance.
    add_at(line_of(path), "key '" + printable(path) + "': " + sentence);
}

void Mistakes::add_at(int line, const std::string& sentence) {
    found_.push_back({line, file_ + ':' + std::to_string(line) + ": " + sentence});
}

int Mistakes::line_of(std::string path) const {
    while (!path.empty()) {
        if (const auto found = lines_.find(path); found != lines_.end()) return found->second;
        const std::size_t end = path.find_last_of(".[");
        path.erase(end == std::string::npos ? 0 : end);
    }
    return 1;
}

ConfigMistakes Mistakes::take() {
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Mistake& a, const Mistake& b) { return a.line < b.line; });
    ConfigMistakes mistakes;
    for (Mistake& mistake : found_) mistakes.sentences.push_back(std::move(mistake.sentence));
    found_.clear();
    return mistakes;
}

std::string in_quotes(std::string_view value) {
    constexpr std::size_t shown_max = 60;
    return "'" + printable(value.substr(0, shown_max)) + (value.size() > shown_max ? "...'" : "'");
}

}  // namespace scef::adapter
