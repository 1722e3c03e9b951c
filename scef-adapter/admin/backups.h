#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "queueing/store/store.h"
#include "scef-adapter/config/live_config.h"

namespace scef::adapter {

/// Backups of the running store, each a folder in `store.backup_path` that is named by its time.
/// Nobody but the configuration says where. Made one at a time, on a thread of its own; the oldest
/// go once there are more than `store.backups_kept`. Thread-safe; the destructor waits for the one
/// that is being made.
class Backups {
public:
    /// The store must outlive this.
    Backups(queueing::Store& store, LiveConfig config)
        : store_(store), config_(std::move(config)) {}
    ~Backups() { pool_.join(); }
    Backups(const Backups&) = delete;
    Backups& operator=(const Backups&) = delete;

    /// The folder's path. `conflict` while another one is made or if there is no folder for them.
    using Done = std::function<void(Result<std::string>)>;
    /// Called with the path that a backup will have, before it is begun; it is begun when that
    /// calls `begin`, once, on any thread.
    using Announce = std::function<void(const std::string& path, std::function<void()> begin)>;
    /// `done` is called once, on any thread.
    void make(WallTime now, const Announce& announce, Done done);
    /// The paths of those that are there, oldest first.
    Result<std::vector<std::string>> list() const;

private:
    Result<std::string> make_now(const std::string& path);

    queueing::Store& store_;
    LiveConfig config_;
    std::atomic<bool> busy_{false};
    boost::asio::thread_pool pool_{1};
};

}  // namespace scef::adapter
