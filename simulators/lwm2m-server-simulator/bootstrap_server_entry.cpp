#include "simulators/lwm2m-server-simulator/bootstrap_server_entry.h"

#include <algorithm>
#include <array>
#include <map>

#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/lwm2m-server-simulator/operation_body.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

constexpr int security_mode_none = 3;
constexpr std::uint16_t maker = 65535;

/// A member of an entry of `servers` that becomes one resource as it is.
struct ServerMember {
    const char* name;
    const char* resource;  ///< of object 1
    bool is_duration;      ///< whole seconds, or text like "5m"
};

/// LwM2M Core TS, object 1.
constexpr std::array server_members{
    ServerMember{"lifetime", "1", true},
    ServerMember{"defaultMinimumPeriod", "2", true},
    ServerMember{"defaultMaximumPeriod", "3", true},
    ServerMember{"disableTimeout", "5", true},
    ServerMember{"notificationStoring", "6", false},
    ServerMember{"binding", "7", false},
    ServerMember{"registrationPriorityOrder", "13", false},
    ServerMember{"initialRegistrationDelay", "14", true},
    ServerMember{"registrationFailureBlock", "15", false},
    ServerMember{"bootstrapOnRegistrationFailure", "16", false},
    ServerMember{"retryCount", "17", false},
    ServerMember{"retryTimer", "18", true},
    ServerMember{"sequenceDelayTimer", "19", true},
    ServerMember{"sequenceRetryCount", "20", false},
    ServerMember{"trigger", "21", false},
    ServerMember{"preferredTransport", "22", false},
    ServerMember{"muteSend", "23", false},
};

/// `R`, `W`, `E`, `D`, `C` as the bits of an access control list.
const std::map<char, unsigned> right_bits{{'R', 1}, {'W', 2}, {'E', 4}, {'D', 8}, {'C', 16}};

tl::unexpected<Error> refuse(const std::string& place, const std::string& what) {
    return fail(Errc::invalid_argument, place + " " + what);
}

tl::unexpected<Error> refuse_name(const std::string& place, const std::string& name,
                                  const std::string& known) {
    return refuse(place + ":", "'" + name + "' is unknown; there are " + known);
}

Status check_names(const json& entry, const std::string& place,
                   const std::vector<std::string>& names) {
    if (!entry.is_object()) return refuse(place, "is to be an object");
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
    for (const auto& [name, value] : entry.items()) {
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        return refuse_name(place, name, all);
    }
    return {};
}

/// Whole seconds of a number or a text like "5m".
Result<json> seconds_of(const json& value, const std::string& place) {
    if (value.is_number_integer()) return value;
    const auto duration = read_duration(value, "it");
    if (!duration) return refuse(place, "is to be whole seconds or a text like \"5m\"");
    return json(std::chrono::duration_cast<std::chrono::seconds>(*duration).count());
}

Result<std::uint32_t> number_of(const json& entry, const char* name, std::uint32_t max,
                                std::uint32_t absent, const std::string& place) {
    const auto number = read_number(entry, name, max);
    if (!number) return refuse(place + ":", number.error().message);
    return number->value_or(absent);
}

/// Resources given by their ids, for what has no name here.
Status merge_resources(json& values, const json& entry, const char* name,
                       const std::string& place) {
    const json extra = entry.value(name, json::object());
    if (!extra.is_object()) return refuse(place + "." + name, "is to be an object by resource id");
    values.update(extra);
    return {};
}

Result<json> server_values(const json& entry, std::uint32_t id, const std::string& place,
                           const BootstrapDefaults& defaults) {
    json values{{"0", id}, {"1", defaults.lifetime.count()}, {"6", true}, {"7", "U"}};
    for (const ServerMember& member : server_members) {
        if (!entry.contains(member.name)) continue;
        if (entry[member.name].is_structured()) {
            return refuse(place + "." + member.name, "is to be one value");
        }
        values[member.resource] = entry[member.name];
        if (!member.is_duration) continue;
        auto seconds = seconds_of(entry[member.name], place + "." + member.name);
        if (!seconds) return tl::unexpected(seconds.error());
        values[member.resource] = std::move(*seconds);
    }
    const Status merged = merge_resources(values, entry, "serverResources", place);
    if (!merged) return tl::unexpected(merged.error());
    return values;
}

Result<json> security_values(const json& entry, std::uint32_t id, const std::string& place,
                             const BootstrapDefaults& defaults) {
    const json uri = entry.value("uri", json(defaults.server_uri));
    if (!uri.is_string()) return refuse(place + ".uri", "is to be a text like coap://HOST:PORT");
    json values{{"0", uri}, {"1", false}, {"2", security_mode_none}, {"10", id}};
    const Status merged = merge_resources(values, entry, "securityResources", place);
    if (!merged) return tl::unexpected(merged.error());
    return values;
}

Result<unsigned> rights_of(const json& value, const std::string& place) {
    if (value.is_number_unsigned() && value.get<std::uint64_t>() <= 31)
        return value.get<unsigned>();
    unsigned bits = 0;
    bool good = value.is_string();
    if (good) {
        for (const char letter : value.get_ref<const std::string&>()) {
            const auto right = right_bits.find(letter);
            good = good && right != right_bits.end();
            if (right != right_bits.end()) bits |= right->second;
        }
    }
    if (good) return bits;
    return refuse(place, "is to be letters of RWEDC, or a number from 0 to 31");
}

}  // namespace

Status check_known(const json& entry, const std::string& place,
                   std::initializer_list<const char*> names) {
    return check_names(entry, place, {names.begin(), names.end()});
}

Result<std::vector<BootstrapStep>> server_steps(const json& entry, std::size_t number,
                                                const std::string& place,
                                                const BootstrapDefaults& defaults) {
    std::vector<std::string> names{"shortServerId", "uri", "instance", "securityResources",
                                   "serverResources"};
    for (const ServerMember& member : server_members) names.emplace_back(member.name);
    if (const Status known = check_names(entry, place, names); !known) {
        return tl::unexpected(known.error());
    }
    const auto ordinal = static_cast<std::uint32_t>(number);
    const auto id = number_of(entry, "shortServerId", 65534, ordinal, place);
    if (!id) return tl::unexpected(id.error());
    const auto instance = number_of(entry, "instance", 65534, ordinal, place);
    if (!instance) return tl::unexpected(instance.error());
    auto security = security_values(entry, *id, place, defaults);
    if (!security) return tl::unexpected(security.error());
    auto server = server_values(entry, *id, place, defaults);
    if (!server) return tl::unexpected(server.error());
    const std::string below = "/" + std::to_string(*instance);
    return std::vector<BootstrapStep>{
        {"bootstrap-write", {{"path", "/0" + below}, {"values", std::move(*security)}}},
        {"bootstrap-write", {{"path", "/1" + below}, {"values", std::move(*server)}}}};
}

Result<BootstrapStep> access_control_step(const json& entry, std::size_t number,
                                          const std::string& place) {
    const Status known =
        check_known(entry, place, {"instance", "object", "objectInstance", "owner", "rights"});
    if (!known) return tl::unexpected(known.error());
    if (!entry.contains("object")) return refuse(place, "lacks 'object', the id of an object");
    const auto instance =
        number_of(entry, "instance", 65534, static_cast<std::uint32_t>(number), place);
    if (!instance) return tl::unexpected(instance.error());
    const auto object = number_of(entry, "object", 65534, 0, place);
    if (!object) return tl::unexpected(object.error());
    const auto of = number_of(entry, "objectInstance", maker, 0, place);
    if (!of) return tl::unexpected(of.error());
    const auto owner = number_of(entry, "owner", maker, maker, place);
    if (!owner) return tl::unexpected(owner.error());
    const json rights = entry.value("rights", json::object());
    if (!rights.is_object()) {
        return refuse(place + ".rights",
                      "is to be an object by short server id, such as {\"1\": \"RW\"}");
    }
    json list = json::object();
    for (const auto& [server, value] : rights.items()) {
        std::string here = place;
        here.append(".rights.").append(server);
        const auto bits = rights_of(value, here);
        if (!bits) return tl::unexpected(bits.error());
        list[server] = *bits;
    }
    json values{{"0", *object}, {"1", *of}, {"3", *owner}};
    if (!list.empty()) values["2"] = std::move(list);
    return BootstrapStep{
        "bootstrap-write",
        {{"path", "/2/" + std::to_string(*instance)}, {"values", std::move(values)}}};
}

}  // namespace scef::lwm2m_server_simulator
