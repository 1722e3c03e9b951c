#include "scef-adapter/ctl/refused_words.h"

#include <algorithm>

namespace scef::ctl {
namespace {

bool is_option(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

}  // namespace

std::string refusal_of(const std::vector<std::string>& words) {
    const bool has_options = std::any_of(words.begin(), words.end(), is_option);
    std::string shown;
    for (const std::string& word : words) {
        if (has_options && !is_option(word)) continue;
        shown += (shown.empty() ? "" : " ") + word.substr(0, word.find('='));
    }
    return "Not expected: " + shown;
}

}  // namespace scef::ctl
