#pragma once

#include <cstdio>
#include <deque>
#include <string>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::simulation {

/// What happened, in words. Costs nothing unless someone reads it.
class History {
public:
    enum class Mode { off, keep_last, print };
    void set_mode(Mode mode) { mode_ = mode; }
    bool is_on() const { return mode_ != Mode::off; }

    /// `what` makes the text, and only if it is wanted.
    template <typename What>
    void note(Instant now, What what) {
        if (mode_ == Mode::off) return;
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - Instant{});
        char time[32];
        std::snprintf(time, sizeof time, "%11.3f  ", static_cast<double>(ms.count()) / 1000);
        std::string line = time + what();
        if (mode_ == Mode::print) {
            std::puts(line.c_str());
            return;
        }
        if (lines_.size() >= lines_max) lines_.pop_front();
        lines_.push_back(std::move(line));
    }
    const std::deque<std::string>& last_lines() const { return lines_; }

private:
    static constexpr std::size_t lines_max = 40;
    Mode mode_ = Mode::off;
    std::deque<std::string> lines_;
};

}  // namespace scef::simulation
