#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include <httplib.h>

namespace scef::lwm2m_server_simulator {

/// The threads of the REST API. A connection holds its thread while a device is waited for, which
/// may be minutes, so the pool grows with the connections, up to `threads_max`; beyond that they
/// queue.
class GrowingPool final : public httplib::TaskQueue {
public:
    explicit GrowingPool(std::size_t threads_max) : threads_max_(threads_max) {}
    ~GrowingPool() override { shutdown(); }

    void enqueue(std::function<void()> task) override;
    /// Runs what is queued, then joins all threads.
    void shutdown() override;

private:
    void work();

    const std::size_t threads_max_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> tasks_;
    std::vector<std::thread> threads_;
    std::size_t idle_ = 0;
    bool closing_ = false;
};

}  // namespace scef::lwm2m_server_simulator
