#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include <httplib.h>

namespace scef::scef_simulator {

/// One thread for each open connection, started on demand up to `threads_max`; more connections
/// wait until one closes. A delivery may hold its connection for seconds, so a small fixed pool
/// would make clients wait for each other.
class ElasticPool final : public httplib::TaskQueue {
public:
    explicit ElasticPool(std::size_t threads_max) : threads_max_(threads_max) {}

    void enqueue(std::function<void()> task) override {
        {
            const std::lock_guard lock(mutex_);
            tasks_.push_back(std::move(task));
            if (idle_ < tasks_.size() && threads_.size() < threads_max_) {
                threads_.emplace_back([this] { run(); });
            }
        }
        wake_.notify_one();
    }

    void shutdown() override {
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
        }
        wake_.notify_all();
        for (std::thread& thread : threads_) thread.join();
    }

private:
    void run() {
        std::unique_lock lock(mutex_);
        for (;;) {
            ++idle_;
            wake_.wait(lock, [this] { return stopped_ || !tasks_.empty(); });
            --idle_;
            if (tasks_.empty()) return;
            const std::function<void()> task = std::move(tasks_.front());
            tasks_.pop_front();
            lock.unlock();
            task();
            lock.lock();
        }
    }

    std::size_t threads_max_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> tasks_;
    std::vector<std::thread> threads_;
    std::size_t idle_ = 0;
    bool stopped_ = false;
};

}  // namespace scef::scef_simulator
