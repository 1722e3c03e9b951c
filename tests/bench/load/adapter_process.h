#pragma once

#include <cstdint>
#include <string>

#include <sys/types.h>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "tests/bench/load/port_reservation.h"

namespace scef::bench {

/// How one adapter of a run is configured.
struct AdapterSettings {
    std::string program;  ///< path of `scef-adapter`
    std::string folder;   ///< for its configuration, log and store; must exist
    std::string store = "rocksdb";
    std::string api_root;
    std::string server_address;  ///< `127.0.0.1:port` of the LwM2M server
    std::size_t connections_max = 64;
    std::size_t queue_messages = 2'000'000;
    std::uint16_t shards = 256;  ///< at most 512
};

/// A running `scef-adapter`, a child of this process; killed with the object.
class AdapterProcess {
public:
    /// Chooses free ports and writes the configuration file.
    static Result<AdapterProcess> configure(AdapterSettings settings);
    AdapterProcess(AdapterProcess&& other) noexcept;
    AdapterProcess& operator=(AdapterProcess&&) = delete;
    ~AdapterProcess();

    /// Runs it until it is ready to work; the time that took. May be called again after `kill`.
    Result<Duration> start();
    /// SIGTERM, and the end of the process.
    void stop();
    /// SIGKILL.
    void kill();
    bool is_running();

    std::uint16_t admin_port() const { return admin_.first(); }
    std::uint16_t notification_port() const { return notifications_.first(); }
    std::string configuration_file() const { return settings_.folder + "/adapter.yaml"; }
    std::string store_folder() const { return settings_.folder + "/store"; }
    /// All of its threads, since its start.
    Duration processor_time() const;
    std::size_t resident_octets() const;

private:
    AdapterProcess(AdapterSettings settings, PortReservation admin, PortReservation notifications,
                   PortReservation endpoints)
        : settings_(std::move(settings)),
          admin_(std::move(admin)),
          notifications_(std::move(notifications)),
          endpoints_(std::move(endpoints)) {}
    Status write_configuration() const;
    void end_by(int signal);

    AdapterSettings settings_;
    PortReservation admin_;
    PortReservation notifications_;
    PortReservation endpoints_;
    pid_t pid_ = -1;
};

/// Takes the pages of a folder's files out of the page cache, so that the next reader waits for the
/// disk. Only what is written already can go: call it when their writer has ended.
void forget_pages(const std::string& folder);

}  // namespace scef::bench
