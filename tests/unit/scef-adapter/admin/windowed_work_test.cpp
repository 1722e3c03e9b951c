#include "scef-adapter/admin/windowed_work.h"

#include <atomic>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

TEST(WindowedWork, no_more_than_the_window_is_open_and_all_begin_in_order) {
    std::vector<std::size_t> begun;
    std::vector<std::function<void()>> open;
    bool ended = false;
    do_windowed(
        work_window + 10,
        [&](std::size_t piece, std::function<void()> done) {
            begun.push_back(piece);
            open.push_back(std::move(done));
        },
        [&] { ended = true; });
    EXPECT_EQ(begun.size(), work_window);
    for (std::size_t i = 0; i < work_window + 10; ++i) {
        EXPECT_FALSE(ended);
        ASSERT_LT(i, open.size());
        const auto done = open[i];  // `open` grows meanwhile
        done();
    }
    EXPECT_TRUE(ended);
    for (std::size_t i = 0; i < begun.size(); ++i) EXPECT_EQ(begun[i], i);
}

TEST(WindowedWork, what_ends_at_once_needs_no_stack) {
    std::size_t pieces = 0;
    bool ended = false;
    do_windowed(
        200'000,
        [&](std::size_t, const std::function<void()>& done) {
            ++pieces;
            done();
        },
        [&] { ended = true; });
    EXPECT_EQ(pieces, 200'000U);
    EXPECT_TRUE(ended);
    do_windowed(
        0, [](std::size_t, const std::function<void()>&) { FAIL(); }, [&] { ended = false; });
    EXPECT_FALSE(ended);
}

TEST(WindowedWork, pieces_that_end_on_other_threads_end_the_whole_once) {
    std::mutex mutex;
    std::vector<std::function<void()>> open;
    std::promise<void> ended;
    std::atomic<bool> is_over{false};
    const auto take = [&] {
        while (!is_over) {
            std::function<void()> done;
            {
                const std::lock_guard lock(mutex);
                if (open.empty()) continue;
                done = std::move(open.back());
                open.pop_back();
            }
            done();
        }
    };
    std::jthread first(take), second(take);
    do_windowed(
        5000,
        [&](std::size_t, std::function<void()> done) {
            const std::lock_guard lock(mutex);
            open.push_back(std::move(done));
        },
        [&] { ended.set_value(); });
    ended.get_future().get();
    is_over = true;
}

}  // namespace
}  // namespace scef::adapter
