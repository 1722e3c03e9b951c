#include "simulators/modem-simulator/client_options.h"

#include <algorithm>
#include <sstream>

#include <CLI/CLI.hpp>

#include "lwm2m-core/client/objects/initial_values.h"
#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::modem_simulator {
namespace {

using std::chrono::seconds;

/// Reads durations one after the other; the first mistake is kept.
class Durations {
public:
    Duration read(const std::string& text, std::string_view option) {
        const auto duration = parse_duration(text);
        if (duration) return *duration;
        if (status_) {
            status_ =
                fail(Errc::invalid_argument, std::string(option) + ": " + duration.error().message);
        }
        return {};
    }
    seconds read_seconds(const std::string& text, std::string_view option) {
        return std::chrono::duration_cast<seconds>(read(text, option));
    }
    const Status& status() const { return status_; }

private:
    Status status_;
};

void add_bootstrap_options(CLI::App& app, ClientOptions& options) {
    app.add_flag("--bootstrap", options.bootstrap, "Ask a bootstrap server first");
    app.add_flag("--bootstrap-account", options.bootstrap_account,
                 "Register first, and ask a bootstrap server when told (/1/x/9) or when a "
                 "registration fails for good");
    app.add_option("--bootstrap-hold-off", options.bootstrap_hold_off,
                   "Wait this long for the bootstrap server to begin before asking it (/0/x/11)")
        ->capture_default_str();
    app.add_option("--bootstrap-account-timeout", options.bootstrap_account_timeout,
                   "Forget the bootstrap server this long after it has finished (/0/x/12); 0s: "
                   "never")
        ->capture_default_str();
}

void add_object_options(CLI::App& app, ClientOptions& options) {
    app.add_option("--objects", options.objects,
                   "Objects of the devices besides accounts and object 3: all, basic (3303) or ids "
                   "as in 4,5,3303; by default all, and basic with --fleet")
        ->type_name("all|basic|ID,…");
    app.add_option("--set", options.values,
                   "A resource of every device begins with this value (repeatable), as in "
                   "/11/0/26=30 or /1/0/13=1")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
}

Result<std::vector<std::uint16_t>> objects_of(const std::string& text, bool is_fleet) {
    const auto& all = client::object_sets::all();
    if (text == "basic" || (text.empty() && is_fleet)) return client::object_sets::basic();
    if (text == "all" || text.empty()) return all;
    std::vector<std::uint16_t> objects;
    std::istringstream list(text);
    for (std::string entry; std::getline(list, entry, ',');) {
        const auto path = client::Path::parse(entry);
        const bool is_known =
            path && path->depth() == 1 && std::ranges::find(all, path->object()) != all.end();
        if (!is_known) return fail(Errc::not_found, "--objects: there is no object " + entry);
        objects.push_back(path->object());
    }
    return objects;
}

/// Checked against the objects of a device.
Status resolve_values(const ClientOptions& options, client::ClientSettings& settings) {
    client::ObjectModel model;
    client::add_initial_objects(model, settings);
    for (const std::string& text : options.values) {
        const std::size_t equals = std::min(text.find('='), text.size());
        const auto path = client::Path::parse(text.substr(0, equals));
        if (!path || path->depth() < 3 || equals == text.size()) {
            return fail(Errc::invalid_argument,
                        "--set: expected /OBJECT/INSTANCE/RESOURCE=VALUE, as in /11/0/26=30");
        }
        const std::string value = text.substr(equals + 1);
        if (const Status set = client::set_initial(model, *path, value); !set) {
            return fail(set.error().code, "--set: " + set.error().message);
        }
        settings.initial_values.emplace_back(*path, value);
    }
    return {};
}

Status resolve_bootstrap(const ClientOptions& options, client::ClientSettings& settings) {
    using client::BootstrapUse;
    if (options.bootstrap && options.bootstrap_account) {
        return fail(Errc::invalid_argument, "--bootstrap and --bootstrap-account: choose one");
    }
    if (options.bootstrap) settings.bootstrap = BootstrapUse::at_start;
    if (options.bootstrap_account) settings.bootstrap = BootstrapUse::account;
    return {};
}

}  // namespace

void add_client_options(CLI::App& app, ClientOptions& options, client::ClientSettings& settings) {
    app.add_option("--lifetime", options.lifetime, "Registration lifetime")->capture_default_str();
    app.add_option("--send-interval", options.send_interval, "LwM2M Send this often; 0s: never")
        ->capture_default_str();
    app.add_option("--notify", options.notify, "Type of notifications: con or non")
        ->check(CLI::IsMember({"con", "non"}))
        ->capture_default_str();
    app.add_flag("--queue-mode", settings.queue_mode, "Register with Q (queue mode)");
    app.add_option("--queue-awake", options.queue_awake,
                   "In queue mode, be deaf this long after the last frame; 0s: never, for the "
                   "modem's sleep decides")
        ->capture_default_str();
    app.add_option("--ack-timeout", options.ack_timeout, "CoAP ACK_TIMEOUT of the devices")
        ->capture_default_str();
    add_object_options(app, options);
    add_bootstrap_options(app, options);
}

Status resolve_client_options(const ClientOptions& options, bool is_fleet,
                              client::ClientSettings& settings) {
    Durations durations;
    settings.lifetime = durations.read_seconds(options.lifetime, "--lifetime");
    settings.send_interval = durations.read(options.send_interval, "--send-interval");
    settings.queue_awake = durations.read(options.queue_awake, "--queue-awake");
    settings.transmission.ack_timeout = durations.read(options.ack_timeout, "--ack-timeout");
    settings.bootstrap_hold_off =
        durations.read_seconds(options.bootstrap_hold_off, "--bootstrap-hold-off");
    settings.bootstrap_account_timeout =
        durations.read_seconds(options.bootstrap_account_timeout, "--bootstrap-account-timeout");
    if (!durations.status()) return durations.status();
    if (settings.lifetime.count() < 1) {
        return fail(Errc::invalid_argument, "--lifetime: at least 1s");
    }
    if (settings.transmission.ack_timeout < std::chrono::milliseconds(100)) {
        return fail(Errc::invalid_argument, "--ack-timeout: at least 100ms");
    }
    settings.confirmable_notifications = options.notify == "con";
    if (Status status = resolve_bootstrap(options, settings); !status) return status;
    auto objects = objects_of(options.objects, is_fleet);
    if (!objects) return tl::unexpected(objects.error());
    settings.objects = std::move(*objects);
    return resolve_values(options, settings);
}

}  // namespace scef::modem_simulator
