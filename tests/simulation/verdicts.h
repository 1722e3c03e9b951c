#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::simulation {

/// The two times of a turn.
struct Moment {
    Instant now;
    WallTime wall;
};

/// Rules that were broken, in the order in which the oracle saw it.
class Verdicts {
public:
    struct Broken {
        std::string rule;
        std::string what;
    };
    void broken(std::string_view rule, std::string what) {
        if (broken_.size() < broken_max) broken_.push_back({std::string(rule), std::move(what)});
    }
    bool clean() const { return broken_.empty(); }
    const std::vector<Broken>& list() const { return broken_; }
    bool names(std::string_view rule) const {
        for (const Broken& entry : broken_) {
            if (entry.rule == rule) return true;
        }
        return false;
    }

private:
    static constexpr std::size_t broken_max = 16;
    std::vector<Broken> broken_;
};

}  // namespace scef::simulation
