#include "simulators/lwm2m-server-simulator/operation_body.h"

#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/lwm2m-server-simulator/content_formats.h"
#include "simulators/lwm2m-server-simulator/resource_types.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

constexpr double seconds_max = 1e8;

tl::unexpected<Error> refuse(const std::string& name, const std::string& what) {
    return fail(Errc::invalid_argument, "'" + name + "' " + what);
}

}  // namespace

Result<Duration> read_duration(const json& value, const char* name) {
    if (value.is_number() && value.get<double>() >= 0 && value.get<double>() <= seconds_max) {
        return std::chrono::duration_cast<Duration>(
            std::chrono::duration<double>(value.get<double>()));
    }
    if (value.is_string()) {
        if (auto duration = parse_duration(value.get_ref<const std::string&>())) return duration;
    }
    return refuse(name, "is to be a number of seconds or a text like \"30s\" or \"24h\"");
}

Result<std::optional<Duration>> read_duration_member(const json& body, const char* name) {
    if (!body.contains(name)) return std::nullopt;
    const auto duration = read_duration(body[name], name);
    if (!duration) return tl::unexpected(duration.error());
    return *duration;
}

Result<std::optional<std::uint32_t>> read_number(const json& body, const char* name,
                                                 std::uint32_t max) {
    if (!body.contains(name)) return std::nullopt;
    const json& value = body[name];
    if (value.is_number_integer() && value >= 0 && value <= max) {
        return value.get<std::uint32_t>();
    }
    return refuse(name, "is to be a number from 0 to " + std::to_string(max));
}

Result<bool> read_flag(const json& body, const char* name, bool absent) {
    if (!body.contains(name)) return absent;
    if (body[name].is_boolean()) return body[name].get<bool>();
    return refuse(name, "is to be true or false");
}

Result<std::string> read_path(const json& body, std::size_t deepest) {
    if (!body.contains("path") || !body["path"].is_string()) {
        return refuse("path", "is missing; it is a text like \"/3/0/0\"");
    }
    auto path = body["path"].get<std::string>();
    const auto ids = parse_path(path);
    if (!ids) return tl::unexpected(ids.error());
    if (ids->size() > deepest) {
        return refuse("path", "has more than " + std::to_string(deepest) + " ids");
    }
    return path;
}

Result<std::vector<std::string>> read_paths(const json& body) {
    std::vector<std::string> texts;
    if (body.contains("paths") && body["paths"].is_array()) {
        for (const json& path : body["paths"]) {
            if (!path.is_string()) return refuse("paths", "holds something that is no text");
            const auto ids = parse_path(path.get_ref<const std::string&>());
            if (!ids) return tl::unexpected(ids.error());
            texts.push_back(path.get<std::string>());
        }
    }
    if (texts.empty()) return refuse("paths", "is missing; it is an array like [\"/3/0/0\"]");
    return texts;
}

Result<std::optional<std::uint16_t>> read_format(const json& body, const char* name) {
    if (!body.contains(name)) return std::nullopt;
    const auto format = read_content_format(body[name]);
    if (!format) return refuse(name, "is wrong: " + format.error().message);
    return *format;
}

}  // namespace scef::lwm2m_server_simulator
