#include "lwm2m-core/client/execute_arguments.h"

#include <algorithm>

namespace scef::client {
namespace {

/// What may stand between the quotes: printable ASCII but quotes and backslash.
bool is_value_character(char c) {
    return c > ' ' && c < 0x7f && c != '\'' && c != '"' && c != '\\';
}

/// Takes one argument from the front of `text`.
std::optional<ExecuteArgument> take_argument(std::string_view& text) {
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    ExecuteArgument argument{static_cast<std::uint8_t>(text.front() - '0'), std::nullopt};
    text.remove_prefix(1);
    if (text.empty() || text.front() != '=') return argument;
    if (text.size() < 3 || text[1] != '\'') return std::nullopt;
    text.remove_prefix(2);
    const std::size_t end = text.find('\'');
    if (end == std::string_view::npos) return std::nullopt;
    argument.value = std::string(text.substr(0, end));
    text.remove_prefix(end + 1);
    const bool is_good =
        std::all_of(argument.value->begin(), argument.value->end(), is_value_character);
    return is_good ? std::optional(argument) : std::nullopt;
}

}  // namespace

std::optional<ExecuteArguments> parse_execute_arguments(std::string_view text) {
    ExecuteArguments arguments;
    while (!text.empty()) {
        if (!arguments.empty()) {
            if (text.front() != ',') return std::nullopt;
            text.remove_prefix(1);
        }
        auto next = take_argument(text);
        const bool is_double =
            next && std::any_of(arguments.begin(), arguments.end(),
                                [&](const ExecuteArgument& known) { return known.id == next->id; });
        if (!next || is_double) return std::nullopt;
        arguments.push_back(std::move(*next));
    }
    return arguments;
}

std::string execute_arguments_text(const ExecuteArguments& arguments) {
    std::string text;
    for (const ExecuteArgument& entry : arguments) {
        if (!text.empty()) text += ',';
        text += static_cast<char>('0' + entry.id);
        if (entry.value) text += "='" + *entry.value + '\'';
    }
    return text;
}

}  // namespace scef::client
