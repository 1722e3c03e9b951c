#pragma once

#include <chrono>
#include <thread>

namespace scef::test {

/// Waits until the condition holds, which another thread brings about; false if it does not within
/// half a minute.
template <typename Condition>
bool eventually(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace scef::test
