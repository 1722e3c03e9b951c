#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "nidd/client/replaceable_client.h"
#include "nidd/client/t8_client.h"
#include "scef-adapter/config/config.h"
#include "scef-adapter/engine/events.h"

namespace scef::adapter {

/// Fetches the whole list of a SCEF's NIDD configurations (TS 29.122 5.6.3.2.3.1) and takes it
/// apart by shard, on a thread of its own, for such a list may be tens of megabytes: once at start,
/// and when an engine asks, at most every 30 s. A SCEF that does not give its list is asked again
/// every 5 min, one that has none (404, 405, 501) never.
class ConfigurationAuditor {
public:
    /// Called on the auditor's thread, for each shard, also where nothing was found.
    using Deliver = std::function<void(ShardId, ConfigurationsListed)>;

    static Result<std::unique_ptr<ConfigurationAuditor>> make(std::shared_ptr<const Config> config,
                                                              Deliver deliver);
    ~ConfigurationAuditor();

    /// Asks all SCEFs now.
    void start();
    /// Any thread.
    void ask(std::size_t scef);
    void stop();
    /// A client of the auditor, for `replace_clients`. Any thread.
    Result<std::unique_ptr<nidd::T8Client>> make_client(const ScefConfig& scef);
    /// One for each SCEF, for the calls that begin from now on. Any thread.
    void replace_clients(std::vector<std::unique_ptr<nidd::T8Client>> clients);

private:
    struct Subject {
        std::unique_ptr<nidd::ReplaceableClient> client;
        std::unique_ptr<boost::asio::steady_timer> timer;
        std::chrono::steady_clock::time_point asked_at{};
        bool scheduled = false;  ///< a fetch waits for its time or for its answer
        bool has_none = false;
    };

    ConfigurationAuditor(std::shared_ptr<const Config> config, Deliver deliver)
        : config_(std::move(config)), deliver_(std::move(deliver)) {}
    void schedule(std::size_t scef, std::chrono::steady_clock::duration pause);
    void fetch(std::size_t scef);
    void on_answer(std::size_t scef, const nidd::T8Answer& answer);

    std::shared_ptr<const Config> config_;
    Deliver deliver_;
    boost::asio::io_context context_{1};
    std::vector<Subject> subjects_;
    std::thread thread_;
};

}  // namespace scef::adapter
