#include <csignal>
#include <functional>
#include <iostream>

#include <CLI/CLI.hpp>

#include "scef-adapter/ctl/capture_command.h"
#include "scef-adapter/ctl/device_commands.h"
#include "scef-adapter/ctl/doctor_command.h"
#include "scef-adapter/ctl/event_commands.h"
#include "scef-adapter/ctl/message_commands.h"
#include "scef-adapter/ctl/quota_commands.h"
#include "scef-adapter/ctl/quota_settings.h"
#include "scef-adapter/ctl/token_file.h"

namespace {

using namespace scef::ctl;

/// What the command line asked for.
struct Choice {
    std::string url = "http://127.0.0.1:9080";
    std::string token_file;
    bool json = false;
    std::function<int(const Session&)> command;

    std::string file;
    DeviceOptions device;
    CaptureOptions capture;
    bool bootstrap = false;
    SendOptions send;
    UsageOptions usage;
    QuotaOptions quota;
    DoctorOptions doctor;
    std::string message_id;
    std::string state;
    std::size_t limit = 0;
};

CLI::App* add(CLI::App& parent, const std::string& name, const std::string& what,
              const std::string& example, Choice& choice,
              const std::function<int(const Session&)>& command) {
    CLI::App* sub = parent.add_subcommand(name, what);
    sub->footer("Example:\n  scef-adapterctl " + example);
    sub->callback([&choice, command] { choice.command = command; });
    return sub;
}

void ask_for_device(CLI::App* app, std::string& external_id) {
    app->add_option("EXTID", external_id, "External Identifier, local-part@domain")->required();
}

void add_capture(CLI::App& devices, Choice& choice) {
    CLI::App* capture =
        add(devices, "capture",
            "Write what passes of a device, to its server and to the SCEF, to a pcapng file",
            "devices capture meter-1@iot.example --output meter-1.pcapng --for 10m\n"
            "  scef-adapterctl devices capture meter-1@iot.example --output - | wireshark -k -i -",
            choice, [&choice](const Session& s) { return devices_capture(s, choice.capture); });
    ask_for_device(capture, choice.capture.external_id);
    capture
        ->add_option("--output", choice.capture.output, "File to write; - is the standard output")
        ->required();
    capture->add_option("--for", choice.capture.duration,
                        "How long: 30s, 10m (default: until Ctrl-C)");
}

void add_devices(CLI::App& app, Choice& choice) {
    CLI::App& devices = *app.add_subcommand("devices", "Provision and look at devices");
    devices.require_subcommand(1);
    devices.footer("Example:\n  scef-adapterctl devices import fleet.csv");
    const auto on = [&](const char* name, const char* what, const char* example, auto command) {
        return add(devices, name, what, example, choice,
                   [&choice, command](const Session& session) { return command(session, choice); });
    };
    on("import", "Add the devices of a CSV file with a header, or of JSON lines",
       "devices import fleet.csv\n\nColumns or members: externalId, profile, quota, server, "
       "servers, endpoint, mode, groups;\nall but the first may be left out. CSV:\n  "
       "externalId,profile\n"
       "  meter-1@iot.example,nb-iot",
       [](const Session& s, const Choice& c) { return devices_import(s, c.file); })
        ->add_option("FILE", choice.file, "File to read; - is the standard input")
        ->required();
    on("list", "List the devices", "devices list --limit 20",
       [](const Session& s, const Choice& c) { return devices_list(s, c.limit); })
        ->add_option("--limit", choice.limit, "At most so many (default: all)");
    ask_for_device(
        on("show", "Show all about a device", "devices show meter-1@iot.example",
           [](const Session& s, const Choice& c) { return devices_show(s, c.device.external_id); }),
        choice.device.external_id);
    CLI::App* one =
        on("add", "Add a device", "devices add meter-1@iot.example --profile nb-iot --group meters",
           [](const Session& s, const Choice& c) { return devices_add(s, c.device); });
    ask_for_device(one, choice.device.external_id);
    one->add_option("--profile", choice.device.profile, "Profile (default: nb-iot)");
    one->add_option("--quota", choice.device.quota, "Quota (default: default)");
    one->add_option("--server", choice.device.servers,
                    "LwM2M server (default: the first); repeat it for several with RDS ports")
        ->allow_extra_args(false);
    one->add_option("--endpoint", choice.device.endpoint, "LwM2M endpoint name it must use");
    one->add_option("--mode", choice.device.mode, "coap or opaque (default: coap)");
    one->add_option("--group", choice.device.groups, "Group; may be repeated")
        ->allow_extra_args(false);
    ask_for_device(on("remove", "Remove a device and cancel its messages",
                      "devices remove meter-1@iot.example",
                      [](const Session& s, const Choice& c) {
                          return devices_remove(s, c.device.external_id);
                      }),
                   choice.device.external_id);
    ask_for_device(
        on("pause", "Keep a device's queue, but send nothing", "devices pause meter-1@iot.example",
           [](const Session& s, const Choice& c) {
               return devices_pause(s, c.device.external_id, true);
           }),
        choice.device.external_id);
    ask_for_device(on("resume", "Send again", "devices resume meter-1@iot.example",
                      [](const Session& s, const Choice& c) {
                          return devices_pause(s, c.device.external_id, false);
                      }),
                   choice.device.external_id);
    CLI::App* wake = on("wake", "Wake a device by SMS", "devices wake meter-1@iot.example",
                        [](const Session& s, const Choice& c) {
                            return devices_wake(s, c.device.external_id, c.bootstrap);
                        });
    ask_for_device(wake, choice.device.external_id);
    wake->add_flag("--bootstrap", choice.bootstrap,
                   "Ask for a bootstrap instead of a Registration Update");
    add_capture(devices, choice);
}

/// What a message is; shared by what sends it and what only asks.
void add_message(CLI::App* send, SendOptions& options) {
    ask_for_device(send, options.external_id);
    auto* coap = send->add_option("--coap", options.coap,
                                  "CoAP request as METHOD PATH [PAYLOAD]; OBSERVE is a method too");
    send->add_option("--payload-base64", options.payload_base64, "Octets to send, in base64")
        ->excludes(coap);
    send->add_flag("--opaque", options.opaque, "The payload is not CoAP and is not looked into")
        ->excludes(coap);
    send->add_option("--ttl", options.ttl, "How long it is worth delivering: 90s, 10m, 24h, 7d");
    send->add_option("--priority", options.priority, "low, normal, high or emergency");
    send->add_option("--not-before", options.not_before, "Earliest time, 2030-01-31T12:00:00Z");
    send->add_option("--max-attempts", options.attempts_max, "Attempts at most");
    send->add_option("--correlation-id", options.correlation_id, "Comes back with the message");
    send->add_option("--collapse-key", options.collapse_key,
                     "Take the place of what waits with the same key");
    send->add_flag("--now", options.now, "Hand it to the SCEF without waiting for a window");
}

void add_send(CLI::App* send, SendOptions& options) {
    add_message(send, options);
    send->add_option("--idempotency-key", options.idempotency_key,
                     "Sent again with the same key, it is not enqueued again");
    send->add_flag("--wait", options.wait,
                   "Wait until it has ended; exit 1 unless it was delivered");
    send->add_option("--wait-max", options.wait_max, "Longest wait")->capture_default_str();
}

void add_messages(CLI::App& app, Choice& choice) {
    CLI::App& messages =
        *app.add_subcommand("messages", "Send to devices and see what became of it");
    messages.require_subcommand(1);
    messages.footer(
        "Example:\n  scef-adapterctl messages send meter-1@iot.example --coap \"GET /3/0/0\" "
        "--wait");
    const auto on = [&](const char* name, const char* what, const char* example, auto command) {
        return add(messages, name, what, example, choice,
                   [&choice, command](const Session& session) { return command(session, choice); });
    };
    add_send(on("send", "Enqueue a message for a device",
                "messages send meter-1@iot.example --coap \"PUT /1/0/1 300\" --ttl 24h --wait",
                [](const Session& s, const Choice& c) { return messages_send(s, c.send); }),
             choice.send);
    add_send(on("replace", "Enqueue a message in the place of all that wait for the device",
                "messages replace meter-1@iot.example --coap \"PUT /1/0/1 300\" --ttl 24h",
                [](const Session& s, const Choice& c) {
                    SendOptions options = c.send;
                    options.replaces = true;
                    return messages_send(s, options);
                }),
             choice.send);
    add_message(on("dry-run", "Say what would become of a message, without sending it",
                   "messages dry-run meter-1@iot.example --coap \"GET /3/0/0\" --priority high\n\n"
                   "Exit status: 0 it would be taken, 1 it would be refused.",
                   [](const Session& s, const Choice& c) { return messages_dry_run(s, c.send); }),
                choice.send);
    CLI::App* list = on("list", "List a device's messages: open ones first, then ended ones",
                        "messages list meter-1@iot.example --state QUEUED",
                        [](const Session& s, const Choice& c) {
                            return messages_list(s, c.device.external_id, c.state, c.limit);
                        });
    ask_for_device(list, choice.device.external_id);
    list->add_option("--state", choice.state, "Only those in this state, such as QUEUED");
    list->add_option("--limit", choice.limit, "At most so many (default: all that are kept)");
    const auto ask_for_message = [&](CLI::App* sub) {
        sub->add_option("ID", choice.message_id, "Message id")->required();
    };
    constexpr const char* id = "019b8f3a-7c40-7000-8000-0123456789ab";
    ask_for_message(
        on("show", "Show a message and what happened to it",
           (std::string("messages show ") + id).c_str(),
           [](const Session& s, const Choice& c) { return messages_show(s, c.message_id); }));
    ask_for_message(
        on("cancel", "Cancel a message that has not left yet",
           (std::string("messages cancel ") + id).c_str(),
           [](const Session& s, const Choice& c) { return messages_cancel(s, c.message_id); }));
    ask_for_device(on("purge", "Cancel all messages of a device that have not left yet",
                      "messages purge meter-1@iot.example",
                      [](const Session& s, const Choice& c) {
                          return messages_purge(s, c.device.external_id);
                      }),
                   choice.device.external_id);
}

void add_quota(CLI::App& app, Choice& choice) {
    CLI::App& quota = *app.add_subcommand("quota", "See and set quotas");
    quota.require_subcommand(1);
    quota.footer("Example:\n  scef-adapterctl quota show device:meter-1@iot.example");
    const auto ask_for_scope = [](CLI::App* sub, std::string& scope) {
        sub->add_option("SCOPE", scope, "Whose: device:EXTID, group:NAME, scef:NAME or account")
            ->required();
    };
    ask_for_scope(add(quota, "show", "Show the limits of a scope and what is used of them",
                      "quota show scef:operator-a", choice,
                      [&choice](const Session& s) { return quota_show(s, choice.quota); }),
                  choice.quota.scope);
    CLI::App* set =
        add(quota, "set", "Give a scope another quota; what was used stays used",
            "quota set device:meter-1@iot.example --quota metered\n  scef-adapterctl quota set "
            "account --limits '{\"downlink\": {\"messages\": \"50/second\", \"burst\": 100}}'\n"
            "  scef-adapterctl quota set group:north --default",
            choice, [&choice](const Session& s) { return quota_set(s, choice.quota); });
    ask_for_scope(set, choice.quota.scope);
    auto* name = set->add_option("--quota", choice.quota.quota, "Name of one in the configuration");
    auto* limits = set->add_option("--limits", choice.quota.limits,
                                   "Limits as JSON, with the keys that quotas have there");
    set->add_flag("--default", choice.quota.is_default, "Back to what the configuration says")
        ->excludes(name)
        ->excludes(limits);
    name->excludes(limits);
    CLI::App* usage =
        add(quota, "usage", "Write what was charged in a period as CSV",
            "quota usage device:meter-1@iot.example --from 2026-04-01 --to 2026-05-01 > april.csv",
            choice, [&choice](const Session& s) { return quota_usage(s, choice.usage); });
    ask_for_scope(usage, choice.usage.scope);
    usage->add_option("--from", choice.usage.from,
                      "Date or date-time, UTC (default: start of the month)");
    usage->add_option("--to", choice.usage.to,
                      "Date or date-time before which the period ends (default: now)");
    usage->add_flag("--summary", choice.usage.summary,
                    "One row for each device and direction instead of one for each frame");
}

void add_doctor(CLI::App& app, Choice& choice) {
    CLI::App* doctor = add(
        app, "doctor", "Examine a SCEF: what of T8 works, deviates or is missing there",
        "doctor --scef operator-a --device probe-1@iot.example\n\nThe device must be known to the "
        "operator, and not be provisioned in the adapter.\nFrames that it ignores are sent to "
        "it; what is made at the SCEF is deleted again.\n\nExit status: 0 nothing fails, 1 a step "
        "fails, 2 there was no examination.",
        choice, [&choice](const Session& s) { return examine_scef(s, choice.doctor); });
    doctor->add_option("--scef", choice.doctor.scef, "Its name in the adapter's configuration")
        ->required();
    doctor
        ->add_option("--device", choice.doctor.external_id,
                     "External Identifier of a device to try it with")
        ->required();
}

/// Of the command that was asked for: `doctor` tells wrong use from a SCEF that fails.
int exit_status_of_mistake(const CLI::App& app) { return app.got_subcommand("doctor") ? 2 : 1; }

int run(int argc, char** argv) {
    Choice choice;
    CLI::App app("Operate a running scef-adapter through its admin API.", "scef-adapterctl");
    app.set_version_flag("--version", std::string("scef-adapterctl ") + SCEF_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--url", choice.url, "Where the admin API is")->capture_default_str();
    app.add_option("--token-file", choice.token_file,
                   "File with the token, alone or as ROLE:TOKEN lines");
    app.add_flag("--json", choice.json, "Write JSON for scripts instead of text for people");
    app.footer(
        "Examples:\n  scef-adapterctl devices import fleet.csv\n"
        "  scef-adapterctl messages send meter-1@iot.example --coap \"GET /3/0/0\" --wait\n"
        "  scef-adapterctl doctor --scef operator-a --device probe-1@iot.example\n"
        "  scef-adapterctl --json devices list\n\nExit status: 0 done, 1 not done.");
    add_devices(app, choice);
    add_messages(app, choice);
    add_quota(app, choice);
    add_doctor(app, choice);
    add_event_commands(app, choice.command);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : exit_status_of_mistake(app);
    }
    Session session{{choice.url, ""}, choice.json, std::cout, std::cerr};
    if (!choice.token_file.empty()) {
        auto token = read_token_file(choice.token_file);
        if (!token) return session.complain(token.error().message);
        session.address.token = std::move(*token);
    }
    return choice.command(session);
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    return run(argc, argv);
}
