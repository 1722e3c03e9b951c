#include <csignal>
#include <iostream>

#include "scef-adapter/ctl/command_line.h"
#include "scef-adapter/ctl/event_commands.h"
#include "scef-adapter/ctl/refused_words.h"
#include "scef-adapter/ctl/scef_commands.h"
#include "scef-adapter/ctl/store_commands.h"
#include "scef-adapter/ctl/token_file.h"

namespace {

using namespace scef::ctl;

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

void add_trace(CLI::App& devices, Choice& choice) {
    CLI::App* trace = add(
        devices, "trace",
        "Let the adapter log every frame, T8 call and change of state of a device",
        "devices trace meter-1@iot.example --duration 1h\n"
        "  scef-adapterctl devices trace meter-1@iot.example --off",
        choice, [&choice](const Session& s) {
            return devices_trace(s, choice.device.external_id, choice.off ? "0s" : choice.duration);
        });
    ask_for_device(trace, choice.device.external_id);
    auto* duration = trace->add_option("--duration", choice.duration, "How long, at most 24h")
                         ->capture_default_str();
    trace->add_flag("--off", choice.off, "No longer")->excludes(duration);
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
    add_trace(devices, choice);
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
        "it; what is made at the SCEF is deleted again.\n\nExit status: 0 if nothing fails, 1 if a "
        "step fails, 2 if there was no examination (wrong use, no token, no answer, refused).",
        choice, [&choice](const Session& s) { return examine_scef(s, choice.doctor); });
    doctor->add_option("--scef", choice.doctor.scef, "Its name in the adapter's configuration")
        ->required();
    doctor
        ->add_option("--device", choice.doctor.external_id,
                     "External Identifier of a device to try it with")
        ->required();
}

void add_scefs(CLI::App& app, Choice& choice) {
    CLI::App& scefs = *app.add_subcommand("scefs", "See the SCEFs of the configuration");
    scefs.require_subcommand(1);
    scefs.footer("Example:\n  scef-adapterctl scefs list");
    add(scefs, "list", "List them by name, with their addresses and domains", "scefs list", choice,
        scefs_list);
}

void add_store(CLI::App& app, Choice& choice) {
    CLI::App& store = *app.add_subcommand("store", "Back up the store of a running adapter");
    store.require_subcommand(1);
    store.footer("Example:\n  scef-adapterctl store backup");
    add(store, "backup",
        "Make a backup in the folder 'store.backup_path' of the adapter; writes its path",
        "store backup\n\nTo restore it: scef-adapter --config FILE --restore BACKUP", choice,
        store_backup);
    add(store, "backups", "List the backups that are there, oldest first", "store backups", choice,
        store_backups);
}

/// Of the command that was asked for: of `doctor`, 1 says that the SCEF fails.
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
        "  scef-adapterctl --json devices list\n\nExit status: 0 done, 1 not done "
        "(wrong use, no answer, refused, not found, or of several things some);\n"
        "of doctor 1 if a step fails, 2 if there was no examination.\nTab completion: "
        "source <(scef-adapterctl completion bash)");
    add_devices(app, choice);
    add_messages(app, choice);
    add_dead_letters(app, choice);
    add_groups(app, choice);
    add_quota(app, choice);
    add_scefs(app, choice);
    add_doctor(app, choice);
    add_store(app, choice);
    add_event_commands(app, choice.command);
    add_completion(app, choice);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ExtrasError&) {
        std::cerr << refusal_of(app.remaining(true)) << "\nRun with --help for more information.\n";
        return exit_status_of_mistake(app);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : exit_status_of_mistake(app);
    }
    Session session{{choice.url, ""}, choice.json, std::cout, std::cerr};
    if (!choice.token_file.empty()) {
        auto token = read_token_file(choice.token_file);
        if (!token) {
            session.complain(token.error().message);
            return exit_status_of_mistake(app);
        }
        session.address.token = std::move(*token);
    }
    return choice.command(session);
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    return run(argc, argv);
}
