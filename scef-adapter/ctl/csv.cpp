#include "scef-adapter/ctl/csv.h"

namespace scef::ctl {
namespace {

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes a quoted field with its closing quote off `rest`; nothing if the quote is never closed.
std::optional<std::string> take_quoted(std::string_view& rest) {
    std::string field;
    rest.remove_prefix(1);
    while (!rest.empty()) {
        const char c = rest.front();
        rest.remove_prefix(1);
        if (c != '"') {
            field += c;
        } else if (rest.starts_with('"')) {
            field += c;
            rest.remove_prefix(1);
        } else {
            return field;
        }
    }
    return std::nullopt;
}

}  // namespace

Result<std::vector<std::string>> csv_fields(std::string_view line) {
    std::vector<std::string> fields;
    for (;;) {
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (line.starts_with('"')) {
            auto field = take_quoted(line);
            if (!field) return fail(Errc::malformed, "a quote is not closed");
            fields.push_back(std::move(*field));
            line = trim(line);
            if (!line.empty() && line.front() != ',') {
                return fail(Errc::malformed, "there is text after a closing quote");
            }
        } else {
            const std::string_view field = line.substr(0, line.find(','));
            if (field.find('"') != std::string_view::npos) {
                return fail(Errc::malformed, "a quote stands inside an unquoted field");
            }
            fields.emplace_back(trim(field));
            line.remove_prefix(field.size());
        }
        if (line.empty()) return fields;
        line.remove_prefix(1);
    }
}

}  // namespace scef::ctl
