#include "simulators/lwm2m-server-simulator/resource_types.h"

#include <charconv>
#include <map>
#include <utility>

namespace scef::lwm2m_server_simulator {
namespace {

using enum ValueType;

/// By object, the types of its resources in the order of their ids, one letter each: `s` string,
/// `i` integer, `u` unsigned integer, `f` float, `b` Boolean, `o` opaque, `t` time, `l` object
/// link,
/// `-` none (executable or unused).
const std::map<std::uint16_t, std::string_view> known_objects{
    {0, "sbioooioosiiiusuul----------iis"},
    {1, "iiii-ibs--lutuubbuuuubsb"},
    {2, "iiii"},
    {3, "ssss--iiiiii-tssssssiil"},
    {4, "iiiissisiiiii"},
    {5, "os-i-issii"},
    {6, "ffffotf"},
    {7, "iiiiii--i"},
    {10, "sislii-ooooluuu"},
    {11, "ssbbisssstiitiissssssiliiiuuiuusii"},
    {13, "iiiiissbsliib"},
    {19, "oitssi"},
};

/// Reusable resources of IPSO, with the same type in every object from 3200 to 3399.
const std::map<std::uint16_t, ValueType> ipso_resources{
    {5500, boolean}, {5501, integer}, {5502, boolean}, {5503, integer}, {5504, integer},
    {5527, string},  {5528, integer}, {5529, integer}, {5531, number},  {5545, integer},
    {5546, integer}, {5548, number},  {5601, number},  {5602, number},  {5603, number},
    {5604, number},  {5700, number},  {5701, string},  {5706, string},  {5750, string},
    {5751, string},  {5805, number},  {5820, number},  {5850, boolean}, {5851, integer},
    {5852, integer},
};

std::optional<ValueType> type_of_letter(char letter) {
    switch (letter) {
        case 's':
            return string;
        case 'i':
            return integer;
        case 'u':
            return unsigned_integer;
        case 'l':
            return object_link;
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

bool is_ipso(std::uint16_t object) { return object >= 3200 && object < 3400; }

}  // namespace

std::optional<ValueType> type_of_resource(std::uint16_t object, std::uint16_t resource) {
    if (is_ipso(object)) {
        const auto shared = ipso_resources.find(resource);
        return shared == ipso_resources.end() ? std::nullopt : std::optional(shared->second);
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
