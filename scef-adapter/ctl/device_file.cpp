#include "scef-adapter/ctl/device_file.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "lwm2m-core/vocabulary/external_id.h"
#include "nidd/types/strict_json.h"
#include "scef-adapter/ctl/csv.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 8> members{"externalId", "profile",  "quota", "server",
                                                  "servers",    "endpoint", "mode",  "groups"};

bool is_list(std::string_view name) { return name == "groups" || name == "servers"; }

bool is_member(std::string_view name) {
    return std::find(members.begin(), members.end(), name) != members.end();
}

std::string member_list() {
    std::string text;
    for (const std::string_view name : members) {
        text += text.empty() ? "" : ", ";
        text += name;
    }
    return text;
}

json names_of(std::string_view field) {
    json names = json::array();
    while (!field.empty()) {
        const std::string_view name = field.substr(0, field.find(';'));
        field.remove_prefix(std::min(name.size() + 1, field.size()));
        if (!name.empty()) names.push_back(name);
    }
    return names;
}

Status check(const json& body) {
    for (const auto& [name, value] : body.items()) {
        if (!is_member(name)) {
            return fail(Errc::invalid_argument,
                        "a member that is not known; there are " + member_list());
        }
        const bool fits = is_list(name) ? value.is_array() : value.is_string();
        if (!fits) {
            return fail(Errc::invalid_argument,
                        name + (is_list(name) ? " must be an array" : " must be a text"));
        }
    }
    const auto id = body.find("externalId");
    if (id == body.end()) return fail(Errc::invalid_argument, "externalId is missing");
    auto valid = ExternalId::parse(id->get_ref<const std::string&>());
    if (!valid) return fail(Errc::invalid_argument, "externalId: " + valid.error().message);
    const auto mode = body.find("mode");
    if (mode != body.end() && *mode != "coap" && *mode != "opaque") {
        return fail(Errc::invalid_argument, "mode must be coap or opaque");
    }
    return {};
}

/// Takes the lines one after another.
class Reader {
public:
    DeviceFile take() { return std::move(file_); }

    void on_line(std::size_t number, std::string_view line) {
        if (format_ == Format::unknown) {
            format_ = line.starts_with('{') ? Format::json_lines : Format::csv;
            if (format_ == Format::csv) return read_header(number, line);
        }
        if (header_is_bad_) return;
        auto body = format_ == Format::csv ? from_csv(line) : from_json(line);
        if (!body) return mistake(number, body.error().message);
        if (auto valid = check(*body); !valid) return mistake(number, valid.error().message);
        const std::string id = ExternalId::parse((*body)["externalId"].get<std::string>())->text();
        const auto [known, added] = line_of_.emplace(id, number);
        if (!added) {
            return mistake(number, "this externalId was in line " + std::to_string(known->second));
        }
        file_.devices.push_back({number, id, std::move(*body)});
    }

private:
    enum class Format { unknown, csv, json_lines };

    void mistake(std::size_t line, std::string sentence) {
        file_.mistakes.push_back({line, std::move(sentence)});
    }

    void read_header(std::size_t number, std::string_view line) {
        auto names = csv_fields(line);
        header_is_bad_ = true;
        if (!names) return mistake(number, names.error().message);
        columns_ = std::move(*names);
        for (auto name = columns_.begin(); name != columns_.end(); ++name) {
            if (!is_member(*name) || std::find(columns_.begin(), name, *name) != name) {
                return mistake(number, "the first line must name the columns, each once, out of " +
                                           member_list());
            }
        }
        if (std::find(columns_.begin(), columns_.end(), "externalId") == columns_.end()) {
            return mistake(number, "the column externalId is missing");
        }
        header_is_bad_ = false;
    }

    Result<json> from_csv(std::string_view line) const {
        auto fields = csv_fields(line);
        if (!fields) return tl::unexpected<Error>(std::move(fields.error()));
        if (fields->size() != columns_.size()) {
            return fail(Errc::malformed, "expected " + std::to_string(columns_.size()) +
                                             " fields, found " + std::to_string(fields->size()));
        }
        json body = json::object();
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const std::string& field = (*fields)[i];
            if (field.empty()) continue;
            body[columns_[i]] = is_list(columns_[i]) ? names_of(field) : json(field);
        }
        return body;
    }

    static Result<json> from_json(std::string_view line) {
        auto body = nidd::parse_strict_json(line);
        if (body && !body->is_object()) return fail(Errc::malformed, "not a JSON object");
        return body;
    }

    DeviceFile file_;
    Format format_ = Format::unknown;
    bool header_is_bad_ = false;
    std::vector<std::string> columns_;
    std::unordered_map<std::string, std::size_t> line_of_;
};

}  // namespace

DeviceFile read_devices(std::string_view text) {
    Reader reader;
    for_each_line(text,
                  [&](std::size_t number, std::string_view line) { reader.on_line(number, line); });
    return reader.take();
}

}  // namespace scef::ctl
