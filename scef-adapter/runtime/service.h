#pragma once

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "scef-adapter/runtime/daemon.h"
#include "scef-adapter/runtime/heartbeats.h"

namespace scef::adapter {

/// The daemon as a service of the operating system: SIGTERM and SIGINT end it, SIGHUP lets it read
/// its configuration file again, and the service manager is told how it goes (sd_notify(3)).
/// Belongs to `main`, whose thread it takes.
class Service {
public:
    /// `file` is where the configuration came from.
    explicit Service(std::string file);

    /// Runs the adapter until a signal ends it; the exit status.
    int run(Config config);

private:
    void wait_for_end();
    void wait_for_hangup();
    void reload();
    void on_watch();

    const std::string file_;
    boost::asio::io_context context_{1};
    boost::asio::signal_set end_, hangup_;
    boost::asio::steady_timer watch_;
    std::chrono::microseconds watch_pause_{};
    bool is_late_ = false;
    std::unique_ptr<Daemon> daemon_;
    std::shared_ptr<Heartbeats> heartbeats_;  ///< parts answer late, too
};

}  // namespace scef::adapter
