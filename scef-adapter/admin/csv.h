#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

/// Comma-separated values as RFC 4180 has them. Pure.
namespace scef::adapter {

/// One record with its line end (CRLF). A field with a comma, a quote or a line break is quoted.
std::string csv_row(std::initializer_list<std::string_view> fields);

}  // namespace scef::adapter
