#include "simulators/lwm2m-server-simulator/device_request.h"

#include <algorithm>

#include "simulators/lwm2m-server-simulator/operation_body.h"
#include "simulators/lwm2m-server-simulator/operations.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

constexpr unsigned repeats_max = 16;

bool has_member(std::span<const Member> members, const std::string& name) {
    return std::any_of(members.begin(), members.end(),
                       [&name](const Member& member) { return member.name == name; });
}

tl::unexpected<Error> refuse_member(const Operation& operation, const std::string& name) {
    std::string known = member_names(operation);
    for (const Member& member : common_members()) {
        known += (known.empty() ? "" : ", ") + std::string(member.name);
    }
    return fail(Errc::invalid_argument, "'" + name + "' is no member of " +
                                            std::string(operation.name) + "; it takes " + known);
}

/// A misspelt member would be left out in silence.
Status check_members(const Operation& operation, const json& body) {
    for (const auto& [name, value] : body.items()) {
        const bool known =
            has_member(operation.members, name) || has_member(common_members(), name);
        if (!known) return refuse_member(operation, name);
    }
    return {};
}

Status read_common(DeviceRequest& request, const json& body) {
    const auto timeout = read_duration_member(body, "timeout");
    if (!timeout) return tl::unexpected(timeout.error());
    if (*timeout) request.timeout = **timeout;
    const auto hold = read_duration_member(body, "hold");
    if (!hold) return tl::unexpected(hold.error());
    request.hold = *hold;
    const auto repeats = read_number(body, "repeatDatagram", repeats_max);
    if (!repeats) return tl::unexpected(repeats.error());
    request.repeat_datagram = repeats->value_or(0);
    const auto ttl = read_duration_member(body, "ttl");
    if (!ttl) return tl::unexpected(ttl.error());
    if (*ttl) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(**ttl).count();
        request.message.add_uint(coap::ttl_seconds, static_cast<std::uint32_t>(seconds));
    }
    return {};
}

}  // namespace

Result<DeviceRequest> make_device_request(const std::string& name, const json& body,
                                          Duration default_timeout, ServerRole role) {
    const Operation* const operation = find_operation(name, role);
    if (operation == nullptr) {
        const bool is_other =
            find_operation(name, role == ServerRole::bootstrap ? ServerRole::management
                                                               : ServerRole::bootstrap) != nullptr;
        const char* const why = !is_other ? " is no operation"
                                : role == ServerRole::bootstrap
                                    ? " is no operation of a bootstrap server"
                                    : " is an operation of a bootstrap server (--bootstrap)";
        return fail(Errc::not_found,
                    "'" + name + "'" + why + "; there are " + operation_names(role));
    }
    if (!body.is_object()) return fail(Errc::invalid_argument, "the body is no JSON object");
    if (const Status known = check_members(*operation, body); !known) {
        return tl::unexpected(known.error());
    }
    DeviceRequest request;
    request.operation = name;
    request.effect = operation->effect;
    request.timeout = default_timeout;
    if (const Status common = read_common(request, body); !common) {
        return tl::unexpected(common.error());
    }
    if (const Status built = operation->build(request, body); !built) {
        return tl::unexpected(built.error());
    }
    return request;
}

}  // namespace scef::lwm2m_server_simulator
