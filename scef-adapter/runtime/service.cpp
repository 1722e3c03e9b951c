#include "scef-adapter/runtime/service.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <utility>

#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include "lwm2m-core/vocabulary/log_fields.h"
#include "scef-adapter/config/config_notes.h"

namespace scef::adapter {
namespace {

constexpr auto stop_grace = std::chrono::seconds(8);

/// The store failed: what is on disk is the truth, and only a new process reads it (an fsync is
/// never tried twice).
[[noreturn]] void die(const Error& error) {
    spdlog::critical("STORE_FAILED {}", LogFields().add("message", error.message).text());
    spdlog::shutdown();
    std::_Exit(EXIT_FAILURE);
}

void write_notes(const Config& config) {
    for (const std::string& note : config_notes(config)) {
        spdlog::warn("CONFIG_NOTE {}", LogFields().add("message", note).text());
    }
}

void notify_reloading() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    const std::string text = "RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds);
    sd_notify(0, text.c_str());
}

}  // namespace

Service::Service(std::string file)
    : file_(std::move(file)),
      end_(context_, SIGTERM, SIGINT),
      hangup_(context_, SIGHUP),
      watch_(context_) {}

int Service::run(Config config) {
    write_notes(config);
    const Config shown = config;
    auto daemon = Daemon::start(std::move(config), SCEF_VERSION, die);
    if (!daemon) {
        std::cerr << "scef-adapter: " << daemon.error().message << '\n';
        return EXIT_FAILURE;
    }
    daemon_ = std::move(*daemon);
    spdlog::info("READY version={} notifications={} admin={} virtual_endpoints={}:{}+{}",
                 SCEF_VERSION, shown.notifications.listen, shown.admin.listen,
                 shown.virtual_endpoints.prefix, shown.virtual_endpoints.port, shown.shards - 1);
    sd_notify(0, "READY=1");
    wait_for_end();
    wait_for_hangup();
    if (std::uint64_t limit = 0; sd_watchdog_enabled(0, &limit) > 0) {
        watch_pause_ = std::chrono::microseconds(limit) / 4;
        heartbeats_ = std::make_shared<Heartbeats>(daemon_->parts());
        on_watch();
    }
    context_.run();
    daemon_->stop(stop_grace);
    spdlog::info("STOPPED");
    return EXIT_SUCCESS;
}

void Service::wait_for_end() {
    end_.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error) return;
        spdlog::info("STOPPING signal={}", signal);
        sd_notify(0, "STOPPING=1");
        std::signal(SIGTERM, SIG_DFL);  // a second one ends it at once
        std::signal(SIGINT, SIG_DFL);
        context_.stop();
    });
}

void Service::wait_for_hangup() {
    hangup_.async_wait([this](const boost::system::error_code& error, int) {
        if (error) return;
        reload();
        wait_for_hangup();
    });
}

void Service::reload() {
    notify_reloading();
    auto config = load_config(file_);
    std::vector<std::string> mistakes;
    if (config) {
        mistakes = daemon_->reload(*config);
    } else {
        mistakes = std::move(config.error().sentences);
        daemon_->note_reload(false);
    }
    for (const std::string& mistake : mistakes) {
        spdlog::error("RELOAD_REFUSED {}", LogFields().add("reason", mistake).text());
    }
    if (mistakes.empty()) {
        spdlog::info("RELOADED {}", LogFields().add("file", file_).text());
        write_notes(*config);
    }
    sd_notify(0, "READY=1");
}

/// The service manager hears of it only if every part has moved since the last time.
void Service::on_watch() {
    if (const std::uint64_t round = heartbeats_->next_round()) {
        sd_notify(0, "WATCHDOG=1");
        is_late_ = false;
        daemon_->ask_parts(
            [beats = heartbeats_, round](std::size_t part) { beats->on_beat(part, round); });
    } else if (!std::exchange(is_late_, true)) {
        for (const std::string& part : heartbeats_->missing()) {
            spdlog::warn("WATCHDOG_LATE {}", LogFields().add("part", part).text());
        }
    }
    watch_.expires_after(watch_pause_);
    watch_.async_wait([this](const boost::system::error_code& error) {
        if (!error) on_watch();
    });
}

}  // namespace scef::adapter
