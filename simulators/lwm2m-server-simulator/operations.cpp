#include "simulators/lwm2m-server-simulator/operations.h"

#include <algorithm>
#include <array>

#include "simulators/lwm2m-server-simulator/operation_builders.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;
using Effect = DeviceRequest::Effect;
constexpr auto management = ServerRole::management;
constexpr auto bootstrap = ServerRole::bootstrap;

constexpr Member path{"path",
                      "object, instance, resource or resource instance: /3, /3/0, /3/0/7, "
                      "/3/0/7/1"};
constexpr Member paths{"paths", "array of paths"};
constexpr Member accept{"accept", "content format of the answer, by name or number"};
constexpr Member format{"contentFormat", "content format of what is sent, by name or number"};
constexpr Member value{"value", "one value"};
constexpr Member values{"values",
                        "object of values by id; nested for an object or a multiple "
                        "resource"};

constexpr std::array read_members{path, accept};
constexpr std::array discover_members{path, Member{"depth", "levels below the path, 0 to 3"}};
constexpr std::array write_members{
    path, value, values, format,
    Member{"update", "true: change what is given (POST) instead of replacing all (PUT)"}};
constexpr std::array attribute_members{
    path, Member{"attributes",
                 "pmin, pmax, gt, lt, st, epmin, epmax, con by name; null or \"\" takes "
                 "one away"}};
constexpr std::array execute_members{path, Member{"arguments", "text like 0='x',1"}};
constexpr std::array create_members{
    path, values, Member{"instance", "id of the new instance; without it the client chooses"},
    format};
constexpr std::array only_path{path};
constexpr std::array composite_members{paths, accept, format};
constexpr std::array write_composite_members{
    Member{"values", "object of values by path, or SenML records"}, format};
constexpr std::array cancel_members{
    path, paths, accept, format,
    Member{"by",
           "\"request\" (the default) or \"reset\": forget it now, reset the next notification"}};
constexpr std::array bootstrap_write_members{path, value, values, format};

constexpr std::array table{
    Operation{"read", management, "GET", read_members,
              R"({"path": "/3/0", "accept": "senml-json"})", Effect::none, build::read},
    Operation{"discover", management, "GET, Accept 40", discover_members, R"({"path": "/3"})",
              Effect::none, build::discover},
    Operation{"write", management, "PUT, or POST to update", write_members,
              R"({"path": "/1/0", "values": {"1": 60}, "update": true})", Effect::none,
              build::write},
    Operation{"write-attributes", management, "PUT with Uri-Query", attribute_members,
              R"({"path": "/3303/0/5700", "attributes": {"pmin": 10, "gt": 30, "lt": null}})",
              Effect::none, build::write_attributes},
    Operation{"execute", management, "POST", execute_members, R"({"path": "/3/0/4"})", Effect::none,
              build::execute},
    Operation{"create", management, "POST", create_members,
              R"({"path": "/19", "instance": 1, "values": {"0": {"0": "AAE="}}})", Effect::none,
              build::create},
    Operation{"delete", management, "DELETE", only_path, R"({"path": "/19/1"})", Effect::none,
              build::remove},
    Operation{"observe", management, "GET, Observe 0", read_members, R"({"path": "/3303/0/5700"})",
              Effect::observe, build::read},
    Operation{"cancel", management, "GET or FETCH, Observe 1; or a Reset", cancel_members,
              R"({"path": "/3303/0/5700", "by": "reset"})", Effect::cancel, build::cancel},
    Operation{"read-composite", management, "FETCH", composite_members,
              R"({"paths": ["/3/0/0", "/1/0/1"], "accept": "senml-cbor"})", Effect::none,
              build::read_composite},
    Operation{"write-composite", management, "iPATCH", write_composite_members,
              R"({"values": {"/1/0/1": 60, "/3/0/14": "+02:00"}})", Effect::none,
              build::write_composite},
    Operation{"observe-composite", management, "FETCH, Observe 0", composite_members,
              R"({"paths": ["/3/0/9", "/3303/0/5700"]})", Effect::observe, build::read_composite},
    Operation{"bootstrap-discover", bootstrap, "GET, Accept 40", only_path, R"({"path": "/"})",
              Effect::none, build::discover},
    Operation{"bootstrap-read", bootstrap, "GET", read_members, R"({"path": "/1"})", Effect::none,
              build::read},
    Operation{"bootstrap-write", bootstrap, "PUT", bootstrap_write_members,
              R"({"path": "/1/1", "values": {"0": 1, "1": 300, "6": true, "7": "U"}})",
              Effect::none, build::bootstrap_write},
    Operation{"bootstrap-delete", bootstrap, "DELETE", only_path, R"({"path": "/0"})", Effect::none,
              build::remove},
    Operation{
        "bootstrap-finish", bootstrap, "POST /bs", {}, "{}", Effect::none, build::bootstrap_finish},
};

constexpr std::array common{
    Member{"timeout", "how long an answer may take, in seconds or as \"30s\""},
    Member{"hold", "how long to wait for a sleeping client, with --queue-mode"},
    Member{"repeatDatagram", "identical copies of the first datagram to send at once, up to 16"},
    Member{"ttl", "CoAP option 65020, seconds or as \"1h\""},
};

std::string text_line(const Operation& operation) {
    std::string name(operation.name);
    name.resize(std::max<std::size_t>(name.size(), 19), ' ');
    return "  " + name + std::string(operation.example) + "\n";
}

std::string markdown_row(const Operation& operation) {
    return "| `" + std::string(operation.name) + "` | " + std::string(operation.coap) + " | " +
           member_names(operation) + " | `" + std::string(operation.example) + "` |\n";
}

}  // namespace

std::span<const Operation> operations() { return table; }

std::span<const Member> common_members() { return common; }

const Operation* find_operation(std::string_view name, ServerRole role) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Operation& operation) {
        return operation.name == name && operation.role == role;
    });
    return found == table.end() ? nullptr : &*found;
}

std::string operation_names(ServerRole role) {
    std::string names;
    for (const Operation& operation : table) {
        if (operation.role != role) continue;
        names += (names.empty() ? "" : ", ") + std::string(operation.name);
    }
    return names;
}

std::string member_names(const Operation& operation) {
    std::string names;
    for (const Member& member : operation.members) {
        names += (names.empty() ? "" : ", ") + std::string(member.name);
    }
    return names;
}

std::string operations_as_text() {
    std::string text = "Operations: POST /clients/{endpoint}/OPERATION with a JSON body\n";
    for (const Operation& operation : table) {
        if (operation.name == "bootstrap-discover") text += "  and with --bootstrap:\n";
        text += text_line(operation);
    }
    return text;
}

std::string operations_as_markdown() {
    std::string text =
        "| operation | CoAP | members of the body | example |\n| --- | --- | --- | --- |\n";
    for (const Operation& operation : table) text += markdown_row(operation);
    return text;
}

json operations_as_json() {
    const auto told = [](std::span<const Member> members) {
        json object = json::object();
        for (const Member& member : members) object[std::string(member.name)] = member.meaning;
        return object;
    };
    json all = json::array();
    for (const Operation& operation : table) {
        all.push_back({{"operation", operation.name},
                       {"server", operation.role == bootstrap ? "bootstrap" : "management"},
                       {"coap", operation.coap},
                       {"members", told(operation.members)},
                       {"example", json::parse(operation.example)}});
    }
    return {{"operations", std::move(all)}, {"everyOperationTakes", told(common)}};
}

}  // namespace scef::lwm2m_server_simulator
