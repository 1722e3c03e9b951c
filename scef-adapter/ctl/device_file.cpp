#include "scef-adapter/ctl/device_file.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "lwm2m-core/vocabulary/external_id.h"
#include "scef-adapter/ctl/row_reader.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

const std::vector<std::string_view> members{"externalId", "profile",  "quota", "server",
                                            "servers",    "endpoint", "mode",  "groups"};

bool is_list(std::string_view name) { return name == "groups" || name == "servers"; }

bool is_member(std::string_view name) {
    return std::find(members.begin(), members.end(), name) != members.end();
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
                        "a member that is not known; there are " + list_of(members));
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

}  // namespace

DeviceFile read_devices(std::string_view text) {
    RowReader rows({members, "externalId", [](const std::string& column, const std::string& field) {
                        return is_list(column) ? names_of(field) : json(field);
                    }});
    DeviceFile file;
    std::unordered_map<std::string, std::size_t> line_of;
    for_each_line(text, [&](std::size_t number, std::string_view line) {
        auto body = rows.read(number, line);
        if (!body) return;
        if (auto valid = check(*body); !valid) return rows.mistake(number, valid.error().message);
        const std::string id = ExternalId::parse((*body)["externalId"].get<std::string>())->text();
        const auto [known, added] = line_of.emplace(id, number);
        if (!added) {
            return rows.mistake(number,
                                "this externalId was in line " + std::to_string(known->second));
        }
        file.devices.push_back({number, id, std::move(*body)});
    });
    file.mistakes = rows.take_mistakes();
    return file;
}

}  // namespace scef::ctl
