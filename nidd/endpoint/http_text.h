#pragma once

#include <string>
#include <string_view>

/// The small grammars of HTTP fields and targets (RFC 9110 5.6, RFC 3986). Pure.
namespace scef::nidd {

inline bool is_digit(char octet) { return octet >= '0' && octet <= '9'; }

/// RFC 9110 5.6.2.
bool is_token(std::string_view text);
/// No controls but the tabulator (RFC 9110 5.5).
bool is_field_value(std::string_view text);
/// `/path[?query]` of pchars with whole percent-encodings, none of them `%00`.
bool is_origin_form(std::string_view target);
/// `uri-host[:port]`, not empty.
bool is_host(std::string_view text);
/// ASCII only.
std::string to_lower(std::string_view text);
/// Without blanks and tabulators at both ends.
std::string_view trim_blanks(std::string_view text);
/// Whether a comma-separated list has `item` (lower case), whatever its case there.
bool has_list_item(std::string_view list, std::string_view item);

}  // namespace scef::nidd
