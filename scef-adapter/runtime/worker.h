#pragma once

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "nidd/client/replaceable_client.h"
#include "nidd/client/scef_gate.h"
#include "nidd/client/token_meter.h"
#include "scef-adapter/config/config.h"
#include "scef-adapter/runtime/system_random.h"

namespace scef::adapter {

/// One thread with its event loop, its T8 clients (one per SCEF, behind a gate) and its random
/// source. Everything that a shard does happens on the worker that owns it.
class Worker {
public:
    /// Makes the T8 clients; each gets its share of a SCEF's connections and
    /// of the configurations that may be created there in a second.
    static Result<std::unique_ptr<Worker>> make(const Config& config, unsigned workers);

    ~Worker();

    void start();
    /// Ends the loop after what it is doing, and the thread with it.
    void stop();

    boost::asio::io_context& context() { return context_; }
    /// A client of this worker to the SCEF of that index, for `replace_clients`. Any thread.
    Result<std::unique_ptr<nidd::T8Client>> make_client(const Config& config, std::size_t index,
                                                        unsigned workers);
    /// One for each SCEF, for the calls that begin from now on. Any thread.
    void replace_clients(std::vector<std::unique_ptr<nidd::T8Client>> clients);
    nidd::T8Client& scef(std::size_t index) { return *gates_[index]; }
    /// What this worker's gate to a SCEF counted. Any thread.
    nidd::GateCounters gate_counters(std::size_t index) const { return gates_[index]->counters(); }
    /// What its requests for access tokens came to. Any thread; nothing where none are needed.
    std::optional<nidd::TokenMeter::Counts> token_counts(std::size_t index) const;
    Random& random() { return random_; }

private:
    Worker() = default;

    boost::asio::io_context context_{1};
    SystemRandom random_;
    std::vector<nidd::ReplaceableClient*> clients_;  ///< behind the gates, which own them
    std::vector<std::unique_ptr<nidd::ScefGate>> gates_;
    std::vector<std::shared_ptr<nidd::TokenMeter>> token_meters_;  ///< null without OAuth 2.0
    std::thread thread_;
};

}  // namespace scef::adapter
