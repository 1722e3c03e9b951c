#include "simulators/lwm2m-server-simulator/growing_pool.h"

namespace scef::lwm2m_server_simulator {

void GrowingPool::enqueue(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    if (closing_) return;
    tasks_.push_back(std::move(task));
    if (tasks_.size() > idle_ && threads_.size() < threads_max_) {
        threads_.emplace_back([this] { work(); });
    }
    changed_.notify_one();
}

void GrowingPool::shutdown() {
    std::vector<std::thread> threads;
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        threads.swap(threads_);
    }
    changed_.notify_all();
    for (auto& thread : threads) thread.join();
}

void GrowingPool::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        ++idle_;
        changed_.wait(lock, [this] { return closing_ || !tasks_.empty(); });
        --idle_;
        if (tasks_.empty()) return;
        const std::function<void()> task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        task();
        lock.lock();
    }
}

}  // namespace scef::lwm2m_server_simulator
