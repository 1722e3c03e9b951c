#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace scef::ctl {

/// Columns for people: as wide as their widest cell, two blanks apart, the first line a heading.
class Table {
public:
    explicit Table(std::vector<std::string> headings) : rows_{std::move(headings)} {}

    /// Missing cells stay empty. Control characters, which could play tricks on a terminal, are
    /// shown as `?`.
    void add(std::vector<std::string> cells);
    std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

/// Characters that a UTF-8 text takes on a terminal, counting one for each code point.
std::size_t width_of(std::string_view text);

/// The text without control characters.
std::string printable(std::string_view text);

}  // namespace scef::ctl
