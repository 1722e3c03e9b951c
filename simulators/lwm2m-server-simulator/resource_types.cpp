#include "simulators/lwm2m-server-simulator/resource_types.h"

#include <charconv>
#include <map>
#include <utility>

namespace scef::lwm2m_server_simulator {
namespace {

using enum ValueType;

/// By object, the types of its resources in the order of their ids, one letter each: `s` string,
/// `i` integer, `f` float, `b` Boolean, `o` opaque, `t` time, `-` none (executable or unused).
const std::map<std::uint16_t, std::string_view> known_objects{
    {0, "sbioooioosiii"}, {1, "iiii-ibs"},   {3, "ssss--iiiiii-tssssssii"},
    {4, "iiiissisiii"},   {5, "os-i-issii"}, {6, "ffffotf"},
    {7, "iiiiii--i"},
};

std::optional<ValueType> type_of_letter(char letter) {
    switch (letter) {
        case 's':
            return string;
        case 'i':
            return integer;
        case 'f':
            return number;
        case 'b':
            return boolean;
        case 'o':
            return opaque;
        case 't':
            return time;
        default:
            return std::nullopt;
    }
}

bool is_ipso_sensor(std::uint16_t object) { return object >= 3200 && object < 3400; }

}  // namespace

std::optional<ValueType> type_of_resource(std::uint16_t object, std::uint16_t resource) {
    if (is_ipso_sensor(object)) {
        if (resource == 5700 || (resource >= 5601 && resource <= 5604)) return number;
        if (resource == 5701 || resource == 5750) return string;
        if (resource == 5500 || resource == 5850) return boolean;
        if (resource == 5501 || resource == 5851) return integer;
        return std::nullopt;
    }
    const auto found = known_objects.find(object);
    if (found == known_objects.end() || resource >= found->second.size()) return std::nullopt;
    return type_of_letter(found->second[resource]);
}

Result<std::vector<std::uint16_t>> parse_path(std::string_view path) {
    const auto refuse = [path] {
        return fail(Errc::invalid_argument,
                    "'" + std::string(path) + "' is no path of the form /3/0/1");
    };
    if (path == "/") return std::vector<std::uint16_t>{};
    std::vector<std::uint16_t> ids;
    while (!path.empty()) {
        if (path.front() != '/' || ids.size() == 4) return refuse();
        const std::string_view rest = path.substr(1);
        std::uint16_t id = 0;
        const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), id);
        if (read.ec != std::errc{} || read.ptr == rest.data()) return refuse();
        ids.push_back(id);
        path = rest.substr(static_cast<std::size_t>(read.ptr - rest.data()));
    }
    if (ids.empty()) return refuse();
    return ids;
}

}  // namespace scef::lwm2m_server_simulator
