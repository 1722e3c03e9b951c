#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scef {

/// The `key=value key="another value"` of a log line, in an order that stays. A value that holds
/// anything but plain visible ASCII stands in double quotes as a JSON string of ASCII only, so that
/// no peer's text can begin a line or a field of its own; octets that are not UTF-8 become U+FFFD.
/// Keys are the program's own words. Pure.
class LogFields {
public:
    LogFields& add(std::string_view key, std::string_view text);
    template <std::integral Number>
    LogFields& add(std::string_view key, Number number) {
        return add_bare(key, std::to_string(number));
    }
    std::string text() const { return text_; }

private:
    LogFields& add_bare(std::string_view key, std::string_view value);

    std::string text_;
};

/// The text as a JSON string of ASCII only, with its quotes (RFC 8259 7).
std::string log_quoted(std::string_view text);

/// A log line taken apart: what `LogFields` wrote, and what is no field.
struct LogParts {
    std::string_view id;       ///< the first word if it is upper case, as all ids are; else empty
    std::string_view message;  ///< from the first word on that is no field; a sentence
    /// Keys, and values as JSON: a number, or a string with its quotes.
    std::vector<std::pair<std::string_view, std::string>> fields;
};

/// Reads a line of the log without its time and level; any text is taken.
LogParts log_parts(std::string_view line);

/// The line with everything escaped that a terminal or a reader of lines could take for more than
/// text: control characters, and what is not ASCII. Quotes and backslashes stay.
std::string log_printable(std::string_view line);

}  // namespace scef
