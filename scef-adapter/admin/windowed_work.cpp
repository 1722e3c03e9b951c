#include "scef-adapter/admin/windowed_work.h"

#include <memory>
#include <mutex>
#include <utility>

namespace scef::adapter {
namespace {

class Work : public std::enable_shared_from_this<Work> {
public:
    using Begin = std::function<void(std::size_t, std::function<void()>)>;

    Work(std::size_t count, Begin begin, std::function<void()> end)
        : count_(count), begin_(std::move(begin)), end_(std::move(end)) {}

    /// One thread at a time begins pieces, so they begin in order; a piece may end at once.
    void run() {
        std::unique_lock lock(mutex_);
        if (is_running_) return;
        is_running_ = true;
        while (open_ < work_window && next_ < count_) {
            const std::size_t piece = next_++;
            ++open_;
            lock.unlock();
            begin_(piece, [self = shared_from_this()] { self->on_done(); });
            lock.lock();
        }
        is_running_ = false;
        const bool is_over = open_ == 0 && next_ == count_ && !std::exchange(has_ended_, true);
        lock.unlock();
        if (is_over) end_();
    }

private:
    void on_done() {
        {
            const std::lock_guard lock(mutex_);
            --open_;
        }
        run();
    }

    const std::size_t count_;
    const Begin begin_;
    const std::function<void()> end_;
    std::mutex mutex_;
    std::size_t next_ = 0, open_ = 0;
    bool is_running_ = false, has_ended_ = false;
};

}  // namespace

void do_windowed(std::size_t count,
                 std::function<void(std::size_t piece, std::function<void()> done)> begin,
                 std::function<void()> end) {
    std::make_shared<Work>(count, std::move(begin), std::move(end))->run();
}

}  // namespace scef::adapter
