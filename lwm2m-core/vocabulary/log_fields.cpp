#include "lwm2m-core/vocabulary/log_fields.h"

#include <algorithm>
#include <cstdint>

#include "lwm2m-core/vocabulary/utf8.h"

namespace scef {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// A number as JSON writes it (RFC 8259 6), without exponents.
bool is_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto digits = [&] {
        const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
        const auto count = static_cast<std::size_t>(end - text.begin());
        text.remove_prefix(count);
        return count;
    };
    const bool has_leading_zero = text.size() > 1 && text[0] == '0' && is_digit(text[1]);
    if (has_leading_zero || digits() == 0) return false;
    if (text.empty()) return true;
    if (text.front() != '.') return false;
    text.remove_prefix(1);
    return digits() > 0 && text.empty();
}

bool is_plain(char c) { return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\'; }

void append_unit(std::string& out, std::uint32_t unit) {
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += hex_digits[unit >> shift & 0xf];
}

void append_code_point(std::string& out, std::uint32_t code_point) {
    if (code_point < 0x10000) return append_unit(out, code_point);
    append_unit(out, 0xd800 + ((code_point - 0x10000) >> 10));
    append_unit(out, 0xdc00 + (code_point & 0x3ff));
}

/// Takes one character that is no ASCII from the front.
std::uint32_t take_code_point(std::string_view& text) {
    for (std::size_t size = 2; size <= std::min<std::size_t>(4, text.size()); ++size) {
        if (!is_utf8(as_bytes(text.substr(0, size)))) continue;
        std::uint32_t code_point = static_cast<std::uint8_t>(text[0]) & (0xffu >> (size + 1));
        for (std::size_t i = 1; i < size; ++i) {
            code_point = code_point << 6 | (static_cast<std::uint8_t>(text[i]) & 0x3fu);
        }
        text.remove_prefix(size);
        return code_point;
    }
    text.remove_prefix(1);
    return 0xfffd;
}

void append_escaped(std::string& out, std::string_view text, bool quotes_too) {
    while (!text.empty()) {
        const char c = text.front();
        if (static_cast<std::uint8_t>(c) >= 0x80) {
            append_code_point(out, take_code_point(text));
            continue;
        }
        text.remove_prefix(1);
        if (quotes_too && (c == '"' || c == '\\')) {
            (out += '\\') += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c < ' ' || c == 0x7f) {
            append_unit(out, static_cast<std::uint32_t>(c));
        } else {
            out += c;
        }
    }
}

bool is_key(std::string_view word) {
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_';
    });
}

/// Behind the quotes that end a quoted value that `text` begins with; 0 if none ends it.
std::size_t quoted_size(std::string_view text) {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            return i + 1;
        }
    }
    return 0;
}

/// Whether every backslash of a quoted value begins an escape of JSON.
bool has_good_escapes(std::string_view quoted) {
    constexpr std::string_view simple = "\"\\/bfnrt";
    for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
        if (static_cast<std::uint8_t>(quoted[i]) < 0x20) return false;
        if (quoted[i] != '\\') continue;
        const char next = quoted[++i];
        if (simple.find(next) != std::string_view::npos) continue;
        if (next != 'u' || i + 5 >= quoted.size() ||
            quoted.substr(i + 1, 4).find_first_not_of(hex_digits) != std::string_view::npos) {
            return false;
        }
        i += 4;
    }
    return true;
}

/// Takes `key=value` and the blank behind it from the front, if it is there.
bool take_field(std::string_view& rest, LogParts& parts) {
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos || !is_key(rest.substr(0, equals))) return false;
    const std::string_view key = rest.substr(0, equals);
    const std::string_view from = rest.substr(equals + 1);
    std::size_t size = from.starts_with('"') ? quoted_size(from) : from.find(' ');
    if (from.starts_with('"') && size == 0) return false;
    size = std::min(size, from.size());
    const std::string_view value = from.substr(0, size);
    if (size < from.size() && from[size] != ' ') return false;
    const bool is_json = from.starts_with('"') ? has_good_escapes(value) : is_number(value);
    parts.fields.emplace_back(key, is_json ? std::string(value) : log_quoted(value));
    rest = from.substr(std::min(size + 1, from.size()));
    return true;
}

}  // namespace

LogFields& LogFields::add_bare(std::string_view key, std::string_view value) {
    if (!text_.empty()) text_ += ' ';
    ((text_ += key) += '=') += value;
    return *this;
}

LogFields& LogFields::add(std::string_view key, std::string_view text) {
    const bool is_bare =
        !text.empty() && std::all_of(text.begin(), text.end(), is_plain) && !is_number(text);
    return add_bare(key, is_bare ? std::string(text) : log_quoted(text));
}

std::string log_quoted(std::string_view text) {
    std::string quoted = "\"";
    append_escaped(quoted, text, true);
    return quoted += '"';
}

LogParts log_parts(std::string_view line) {
    LogParts parts;
    const std::string_view word = line.substr(0, line.find(' '));
    const bool is_id = word.size() > 1 && is_upper(word.front()) &&
                       std::all_of(word.begin(), word.end(),
                                   [](char c) { return is_upper(c) || is_digit(c) || c == '_'; });
    if (is_id) {
        parts.id = word;
        line.remove_prefix(std::min(word.size() + 1, line.size()));
    }
    while (!line.empty() && take_field(line, parts)) continue;
    parts.message = line;
    return parts;
}

std::string log_printable(std::string_view line) {
    std::string printable;
    append_escaped(printable, line, false);
    return printable;
}

}  // namespace scef
