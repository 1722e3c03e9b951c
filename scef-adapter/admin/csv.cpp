#include "scef-adapter/admin/csv.h"

namespace scef::adapter {
namespace {

void append_field(std::string& row, std::string_view field) {
    if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
        row += field;
        return;
    }
    row += '"';
    for (const char c : field) {
        if (c == '"') row += '"';
        row += c;
    }
    row += '"';
}

}  // namespace

std::string csv_row(std::initializer_list<std::string_view> fields) {
    std::string row;
    bool is_first = true;
    for (const std::string_view field : fields) {
        if (!is_first) row += ',';
        is_first = false;
        append_field(row, field);
    }
    return row += "\r\n";
}

}  // namespace scef::adapter
