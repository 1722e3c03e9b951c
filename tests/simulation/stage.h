#pragma once

#include <functional>
#include <string>
#include <utility>

#include "lwm2m-core/vocabulary/turn.h"
#include "scef-adapter/engine/events.h"
#include "tests/simulation/agenda.h"
#include "tests/simulation/coverage.h"
#include "tests/simulation/history.h"

namespace scef::simulation {

using namespace std::chrono_literals;

/// How bad things are just now, each in so many of 1000.
struct Weather {
    unsigned udp_lost = 0, udp_doubled = 0, udp_late = 0;
    unsigned radio_lost = 0, radio_doubled = 0;
    unsigned delivery_answers = 0;  ///< POSTs of deliveries that get an unusual answer
    unsigned side_answers = 0;      ///< the other T8 calls
    unsigned statuses = 0;          ///< delivery statuses that go wrong
    unsigned devices = 0;           ///< requests that a device does not simply answer
    unsigned servers = 0;           ///< what a server does not simply answer
    unsigned crashes = 0;           ///< of so many turns
    bool slow_commits = false;      ///< several turns wait for the disk
};

/// What every model shares: time, chance, what happened so far. One history, one thread.
struct Stage {
    Stage(std::uint64_t seed, Coverage& counts) : random(seed), coverage(counts) {}

    WallTime wall() const { return wall_base + (now - Instant{}); }
    bool chance(unsigned per_mille) { return per_mille > 0 && random.below(1000) < per_mille; }
    Duration between(Duration least, Duration most) {
        return least + Duration(static_cast<Duration::rep>(
                           random.below(static_cast<std::uint64_t>((most - least).count()))));
    }
    void after(Duration delay, std::function<void()> what) {
        agenda.plan(now + delay, std::move(what));
    }
    bool fault(Fault fault, unsigned per_mille) {
        if (!chance(per_mille)) return false;
        coverage.count(fault);
        return true;
    }

    Instant now{Duration(std::chrono::hours(1))};
    WallTime wall_base{std::chrono::seconds(1'790'000'000)};
    SeededRandom random;
    Weather weather;
    Agenda agenda;
    History history;
    Coverage& coverage;
    std::uint32_t next_serial = 1;  ///< names each question and each piece of data
};

/// The way into the adapter.
class Entrance {
public:
    virtual ~Entrance() = default;
    /// False while the adapter is down.
    virtual bool take(adapter::Event event) = 0;
};

}  // namespace scef::simulation
