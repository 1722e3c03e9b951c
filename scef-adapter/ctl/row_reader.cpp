#include "scef-adapter/ctl/row_reader.h"

#include <algorithm>
#include <utility>

#include "nidd/types/strict_json.h"
#include "scef-adapter/ctl/csv.h"

namespace scef::ctl {

using nlohmann::json;

std::optional<json> RowReader::read(std::size_t number, std::string_view line) {
    if (format_ == Format::unknown) {
        format_ = line.starts_with('{') ? Format::json_lines : Format::csv;
        if (format_ == Format::csv) {
            const Status header = read_header(line);
            is_header_bad_ = !header;
            if (!header) mistake(number, header.error().message);
            return std::nullopt;
        }
    }
    if (is_header_bad_) return std::nullopt;
    auto row = format_ == Format::csv ? from_csv(line) : nidd::parse_strict_json(line);
    if (row && !row->is_object()) row = fail(Errc::malformed, "not a JSON object");
    if (row) return std::move(*row);
    mistake(number, row.error().message);
    return std::nullopt;
}

Status RowReader::read_header(std::string_view line) {
    auto names = csv_fields(line);
    if (!names) return tl::unexpected<Error>(std::move(names.error()));
    columns_ = std::move(*names);
    for (auto name = columns_.begin(); name != columns_.end(); ++name) {
        const bool is_known =
            std::find(rules_.columns.begin(), rules_.columns.end(), *name) != rules_.columns.end();
        if (is_known && std::find(columns_.begin(), name, *name) == name) continue;
        return fail(
            Errc::invalid_argument,
            "the first line must name the columns, each once, out of " + list_of(rules_.columns));
    }
    const bool is_whole = rules_.required.empty() || std::find(columns_.begin(), columns_.end(),
                                                               rules_.required) != columns_.end();
    if (is_whole) return {};
    return fail(Errc::invalid_argument,
                "the column " + std::string(rules_.required) + " is missing");
}

Result<json> RowReader::from_csv(std::string_view line) const {
    auto fields = csv_fields(line);
    if (!fields) return tl::unexpected<Error>(std::move(fields.error()));
    if (fields->size() != columns_.size()) {
        return fail(Errc::malformed, "expected " + std::to_string(columns_.size()) +
                                         " fields, found " + std::to_string(fields->size()));
    }
    json row = json::object();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const std::string& field = (*fields)[i];
        if (!field.empty()) row[columns_[i]] = rules_.value(columns_[i], field);
    }
    return row;
}

std::string list_of(const std::vector<std::string_view>& names) {
    std::string text;
    for (const std::string_view name : names) {
        text += text.empty() ? "" : ", ";
        text += name;
    }
    return text;
}

}  // namespace scef::ctl
