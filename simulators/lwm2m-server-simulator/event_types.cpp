#include "simulators/lwm2m-server-simulator/event_types.h"

#include <algorithm>
#include <array>

namespace scef::lwm2m_server_simulator {
namespace {

constexpr std::array types{
    EventType{"REGISTRATION", "a client registered",
              "address, binding, lifetime, lwm2mVersion, location, objectLinks, objects (object, "
              "version, instances), queueMode, sms, registeredAt, lastUpdate, replaces, rootPath"},
    EventType{"UPDATE", "a client updated its registration", "as REGISTRATION without replaces"},
    EventType{"DEREGISTRATION", "a client left", "location"},
    EventType{"EXPIRED", "a lifetime was over", "location, lifetime"},
    EventType{"AWAKE", "a client in queue mode was heard, with --queue-mode", "requestsHeld"},
    EventType{"SLEEPING", "it is taken to sleep from now on", "because, requestsHeld"},
    EventType{"REQUEST_HELD", "an operation waits for a client that sleeps or is busy",
              "operation, path, requestsHeld"},
    EventType{"REQUEST_GIVEN_UP", "it waited longer than 'hold' says",
              "operation, path, "
              "requestsHeld"},
    EventType{"REQUEST_SUSPENDED", "a datagram of a firmware update got no answer",
              "operation, path, arrivedBytes"},
    EventType{"REQUEST_RESUMED", "the client was heard, so it goes on", "operation, path"},
    EventType{"AWAITING_RESPONSE", "the empty ACK is there, the answer is not",
              "path, messageId, token"},
    EventType{"RESPONSE", "an operation ended", "operation, path, code or null, latencyMs, error"},
    EventType{"OBSERVATION_STARTED", "a client accepted an Observe", "path, token"},
    EventType{"OBSERVATION_ENDED", "an observation is over",
              "path, by: request, reset, refused or registration"},
    EventType{"NOTIFICATION", "a value of an observation",
              "path, code, payload, contentFormat, format, confirmable, observe"},
    EventType{"SEND", "a client sent values of its own accord (/dp)",
              "path, payload, contentFormat, format"},
    EventType{"BOOTSTRAP_REQUESTED", "a client asked this bootstrap server",
              "address, byHand, preferredFormat"},
    EventType{"BOOTSTRAP_STARTED", "its plan begins", "address"},
    EventType{"BOOTSTRAP_STEP", "an operation of the plan was answered",
              "operation, path, code or null, payload, error"},
    EventType{"BOOTSTRAP_FINISHED", "the client accepted Bootstrap-Finish", "address"},
    EventType{"BOOTSTRAP_FAILED", "a step was refused or not answered",
              "operation, path, code or null, payload, error"},
    EventType{"FILE_REQUESTED", "a client was given the first block of a file",
              "name, bytesAll, address"},
    EventType{"FILE_SENT", "it was given the last one", "name, bytesAll, address"},
    EventType{"FIRMWARE_STATE", "a firmware update enters a phase, or the client another State",
              "phase, method, bytes, bytesAll, file, uri, state, stateName, result, resultName, "
              "failure"},
    EventType{"FIRMWARE_PROGRESS", "another block of the package is over there",
              "bytes, bytesAll, percent, method"},
};

std::string markdown_row(const EventType& type) {
    return "| `" + std::string(type.name) + "` | " + std::string(type.meaning) + " | " +
           std::string(type.fields) + " |\n";
}

}  // namespace

std::span<const EventType> event_types() { return types; }

bool is_event_type(std::string_view name) {
    return std::any_of(types.begin(), types.end(),
                       [name](const EventType& type) { return type.name == name; });
}

std::string event_type_names() {
    std::string names;
    for (const EventType& type : types) {
        names += (names.empty() ? "" : ", ") + std::string(type.name);
    }
    return names;
}

std::string event_types_as_markdown() {
    std::string text = "| type | when | fields |\n| --- | --- | --- |\n";
    for (const EventType& type : types) text += markdown_row(type);
    return text;
}

nlohmann::json event_types_as_json() {
    nlohmann::json all = nlohmann::json::array();
    for (const EventType& type : types) {
        all.push_back({{"type", type.name}, {"when", type.meaning}, {"fields", type.fields}});
    }
    return all;
}

}  // namespace scef::lwm2m_server_simulator
