#pragma once

#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "simulators/lwm2m-server-simulator/device_request.h"

namespace scef::lwm2m_server_simulator {

/// A member that the body of an operation may have.
struct Member {
    std::string_view name;
    std::string_view meaning;
};

/// One LwM2M operation: how it is called, what its body holds and how the request is made of it.
struct Operation {
    using Build = Status (*)(DeviceRequest& request, const nlohmann::json& body);

    std::string_view name;
    ServerRole role;
    std::string_view coap;  ///< how it travels, for people
    std::span<const Member> members;
    std::string_view example;  ///< a body
    DeviceRequest::Effect effect;
    Build build;
};

/// All of them, in the order in which a person reads them.
std::span<const Operation> operations();

/// The members that every operation takes besides its own.
std::span<const Member> common_members();

/// The operation of that name for that role, or null.
const Operation* find_operation(std::string_view name, ServerRole role);

/// The names of a role's operations, joined by commas.
std::string operation_names(ServerRole role);

/// `path, accept`: the names of the members that an operation takes of its own.
std::string member_names(const Operation& operation);

/// The operations as lines of text, for `--help`.
std::string operations_as_text();

/// The operations as the rows of a Markdown table, as README.md has them.
std::string operations_as_markdown();

/// The operations as `GET /operations` tells them.
nlohmann::json operations_as_json();

}  // namespace scef::lwm2m_server_simulator
