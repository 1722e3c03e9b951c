#include "scef-adapter/ctl/device_commands.h"

#include <ostream>

#include "scef-adapter/ctl/device_import.h"
#include "scef-adapter/ctl/message_view.h"
#include "scef-adapter/ctl/table.h"
#include "scef-adapter/ctl/text_file.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

constexpr std::size_t import_connections = 16;
constexpr std::size_t last_messages = 5;
constexpr const char* devices_path = "/api/v1/devices";

std::string path_of(const std::string& external_id) {
    return std::string(devices_path) + '/' + path_segment(external_id);
}

std::string reachability_text(const json& device) {
    const json reachability = device.value("reachability", json::object());
    return reachability.value("reachable", false) ? "reachable" : "asleep";
}

std::string registration_text(const json& registration) {
    if (registration.is_null()) return "none";
    return cell(registration, "endpoint") + " at " + cell(registration, "location") +
           ", lifetime " + cell(registration, "lifetime") + " s, since " +
           cell(registration, "updatedAt");
}

/// Each server with the ports by which the device knows it.
std::string seen_by(const json& endpoint) {
    std::string text = cell(endpoint, "server") + " as " + cell(endpoint, "address");
    const json rds = endpoint.value("rds", json());
    if (!rds.is_null()) {
        text += " by RDS ports " + cell(rds, "portUE") + " (device), " + cell(rds, "portSCEF") +
                " (SCEF)";
    }
    return text;
}

void print_device(const Session& session, const json& device) {
    const auto line = [&](const std::string& name, const std::string& value) {
        session.out << "  " << name << std::string(16 - std::min<std::size_t>(name.size(), 15), ' ')
                    << value << '\n';
    };
    session.out << cell(device, "externalId") << '\n';
    for (const char* name :
         {"profile", "quota", "servers", "endpoint", "mode", "groups", "paused"}) {
        line(name, cell(device, name));
    }
    for (const json& endpoint : device.value("endpoints", json::array())) {
        line("seen by", seen_by(endpoint));
    }
    const json nidd = device.value("niddConfiguration", json::object());
    line("NIDD",
         cell(nidd, "status") +
             (nidd.value("cause", json()).is_null() ? "" : " (" + cell(nidd, "cause") + ")"));
    line("", cell(nidd, "self"));
    if (!nidd.value("features", json::array()).empty()) line("", "with " + cell(nidd, "features"));
    line("registration", registration_text(device.value("registration", json())));
    for (const json& endpoint : device.value("endpoints", json::array())) {
        const json registration = endpoint.value("registration", json());
        const bool is_first = cell(endpoint, "server") == cell(device, "server");
        if (is_first || registration.is_null()) continue;
        line("", "at " + cell(endpoint, "server") + ": " + registration_text(registration));
    }
    const json reachability = device.value("reachability", json::object());
    line("reachability", cell(reachability, "kind") + ", " + reachability_text(device) +
                             ", last uplink " + cell(reachability, "lastUplink"));
    const json wake_up = device.value("wakeUp", json());
    if (wake_up.is_object()) {
        line("wake-up", cell(wake_up, "result") + ", " + cell(wake_up, "trigger") + " at " +
                            cell(wake_up, "at"));
    }
    const json queue = device.value("queue", json::object());
    line("queue", cell(queue, "messages") + " messages, " + cell(queue, "bytes") + " octets");
}

}  // namespace

int devices_import(const Session& session, const std::string& file) {
    const auto text = read_all(file);
    if (!text) return session.complain(text.error().message);
    const DeviceFile devices = read_devices(*text);
    if (!devices.mistakes.empty()) {
        if (session.json) session.print({{"mistakes", mistakes_json(devices.mistakes)}});
        if (!session.json) report(session, file, devices.mistakes);
        return session.complain("nothing was imported: " + std::to_string(devices.mistakes.size()) +
                                " line(s) with a mistake");
    }
    const auto summary = import_devices(session.address, devices.devices, import_connections,
                                        progress_on(session, devices.devices.size()));
    if (!summary) return session.complain(summary.error().message);
    if (session.json) {
        session.print({{"created", summary->created},
                       {"unchanged", summary->unchanged},
                       {"failed", summary->failed.size()},
                       {"failures", mistakes_json(summary->failed)}});
    } else {
        report(session, file, summary->failed);
        session.out << "created " << summary->created << " / unchanged " << summary->unchanged
                    << " / failed " << summary->failed.size() << '\n';
    }
    return summary->failed.empty() ? 0 : 1;
}

int devices_list(const Session& session, std::size_t limit) {
    auto client = ApiClient::open(session.address);
    if (!client) return session.complain(client.error().message);
    const auto items = session.fetch_all(**client, devices_path, "", limit);
    if (!items) return session.complain(items.error().message);
    if (session.json) {
        session.print(*items);
        return 0;
    }
    Table table({"EXTERNAL ID", "PROFILE", "SERVER", "NIDD", "REGISTERED", "REACHABLE", "QUEUE"});
    for (const json& device : *items) {
        const json queue = device.value("queue", json::object());
        table.add({cell(device, "externalId"), cell(device, "profile"), cell(device, "server"),
                   cell(device.value("niddConfiguration", json::object()), "status"),
                   device.value("registration", json()).is_null() ? "no" : "yes",
                   device.value("paused", false) ? "paused" : reachability_text(device),
                   cell(queue, "messages")});
    }
    session.out << table.text();
    return 0;
}

/// The device, and below it its last messages: somebody who asks for one often looks for the other.
int devices_show(const Session& session, const std::string& external_id) {
    json messages;
    return session.run(
        [&](ApiClient& client) {
            auto answer = client.get(path_of(external_id));
            if (session.json || !answer || !answer->is_success()) return answer;
            const auto listed = client.get(path_of(external_id) +
                                           "/messages?limit=" + std::to_string(last_messages));
            if (listed && listed->is_success()) messages = listed->body.value("items", json());
            return answer;
        },
        [&](const json& device) {
            print_device(session, device);
            if (!messages.is_array() || messages.empty()) return;
            session.out << "\nIts last messages; 'messages list " << external_id
                        << "' has all, 'messages timeline ID' what happened to one:\n\n"
                        << messages_text(messages, wall_now());
        });
}

int devices_add(const Session& session, const DeviceOptions& options) {
    json body{{"externalId", options.external_id}};
    const auto set = [&](const char* name, const std::string& value) {
        if (!value.empty()) body[name] = value;
    };
    set("profile", options.profile);
    set("quota", options.quota);
    set("endpoint", options.endpoint);
    set("mode", options.mode);
    if (options.servers.size() == 1) body["server"] = options.servers.front();
    if (options.servers.size() > 1) body["servers"] = options.servers;
    if (!options.groups.empty()) body["groups"] = options.groups;
    return session.run([&](ApiClient& client) { return client.post(devices_path, body); },
                       [&](const json& device) { print_device(session, device); });
}

int devices_remove(const Session& session, const std::string& external_id) {
    return session.run([&](ApiClient& client) { return client.del(path_of(external_id)); },
                       [&](const json&) { session.out << "removed " << external_id << '\n'; });
}

int devices_pause(const Session& session, const std::string& external_id, bool paused) {
    return session.run(
        [&](ApiClient& client) {
            return client.post(path_of(external_id) + (paused ? ":pause" : ":resume"));
        },
        [&](const json&) {
            session.out << (paused ? "paused " : "resumed ") << external_id << '\n';
        });
}

int devices_wake(const Session& session, const std::string& external_id, bool bootstrap) {
    return session.run(
        [&](ApiClient& client) {
            return client.post(path_of(external_id) + ":wake" +
                               (bootstrap ? "?trigger=bootstrap" : ""));
        },
        [&](const json&) {
            session.out << "trigger sent for " << external_id
                        << "; 'devices show' tells what became of it\n";
        });
}

int devices_trace(const Session& session, const std::string& external_id,
                  const std::string& duration) {
    return session.run(
        [&](ApiClient& client) {
            return client.post(path_of(external_id) + ":trace", {{"duration", duration}});
        },
        [&](const json& answer) {
            if (duration == "0s") {
                session.out << external_id << " is traced no longer\n";
            } else {
                session.out << "the adapter's log tells all about " << external_id << " for "
                            << cell(answer, "duration") << "; search it for DEVICE_TRACE\n";
            }
        });
}

}  // namespace scef::ctl
