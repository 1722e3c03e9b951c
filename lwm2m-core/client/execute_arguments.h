#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scef::client {

/// One argument of an Execute: a digit, perhaps with a text.
struct ExecuteArgument {
    std::uint8_t id = 0;
    std::optional<std::string> value;
    friend bool operator==(const ExecuteArgument&, const ExecuteArgument&) = default;
};
using ExecuteArguments = std::vector<ExecuteArgument>;

/// Reads `5,2='10.3',7` (LwM2M Core TS 6.3.5); nothing if the text breaks that grammar or names a
/// digit twice.
std::optional<ExecuteArguments> parse_execute_arguments(std::string_view text);

/// Writes them in that form.
std::string execute_arguments_text(const ExecuteArguments& arguments);

}  // namespace scef::client
