#pragma once

#include <string>
#include <vector>

#include "lwm2m-core/client/client_settings.h"
#include "lwm2m-core/vocabulary/result.h"

namespace CLI {
class App;
}

namespace scef::modem_simulator {

/// The options of the devices' LwM2M clients, as typed.
struct ClientOptions {
    std::string lifetime = "300s", send_interval = "0s", ack_timeout = "15s", notify = "non";
    std::string queue_awake = "0s";
    std::string objects;
    std::vector<std::string> values;
    bool bootstrap = false, bootstrap_account = false;
    std::string bootstrap_hold_off = "0s", bootstrap_account_timeout = "0s";
};

/// Makes them known to the command line; `options` and `settings` must outlive it.
void add_client_options(CLI::App& app, ClientOptions& options, client::ClientSettings& settings);

/// Reads what was typed; one sentence for the user on a mistake. `settings.servers` is known by
/// now.
Status resolve_client_options(const ClientOptions& options, bool is_fleet,
                              client::ClientSettings& settings);

}  // namespace scef::modem_simulator
