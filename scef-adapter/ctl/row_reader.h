#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "scef-adapter/ctl/text_file.h"

namespace scef::ctl {

/// Reads a file's lines as JSON objects: CSV whose first line names the columns, or, if that begins
/// with `{`, JSON lines. Gathers the mistakes; after a bad first line of CSV nothing more is read.
class RowReader {
public:
    struct Rules {
        std::vector<std::string_view> columns;  ///< that CSV may have
        std::string_view required;              ///< column that it must have; empty: none
        /// What a field of CSV that is not empty stands for.
        std::function<nlohmann::json(const std::string& column, const std::string& field)> value;
    };
    explicit RowReader(Rules rules) : rules_(std::move(rules)) {}

    /// A line as its object; nothing for the names of the columns and for mistakes.
    std::optional<nlohmann::json> read(std::size_t number, std::string_view line);
    void mistake(std::size_t line, std::string sentence) {
        mistakes_.push_back({line, std::move(sentence)});
    }
    std::vector<LineMistake> take_mistakes() { return std::move(mistakes_); }

private:
    enum class Format { unknown, csv, json_lines };

    Status read_header(std::string_view line);
    Result<nlohmann::json> from_csv(std::string_view line) const;

    const Rules rules_;
    Format format_ = Format::unknown;
    bool is_header_bad_ = false;
    std::vector<std::string> columns_;
    std::vector<LineMistake> mistakes_;
};

/// `a, b, c`.
std::string list_of(const std::vector<std::string_view>& names);

}  // namespace scef::ctl
