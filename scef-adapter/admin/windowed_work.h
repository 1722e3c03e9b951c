#pragma once

#include <cstddef>
#include <functional>

namespace scef::adapter {

/// So many items of one request are on their way to the shards at a time; more wait here.
inline constexpr std::size_t work_window = 256;

/// Begins `count` pieces of work, in order, at most `work_window` of them at a time. `begin` gets
/// the number of a piece and what to call, once, on any thread, when that piece is done; `end` is
/// called once after the last. Never blocks; keeps itself alive.
void do_windowed(std::size_t count,
                 std::function<void(std::size_t piece, std::function<void()> done)> begin,
                 std::function<void()> end);

}  // namespace scef::adapter
