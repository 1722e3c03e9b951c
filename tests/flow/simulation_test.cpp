#include <array>
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/flow/world.h"

namespace scef::flow {
namespace {

/// One run of random events. The oracle judges it; here only that nothing is stuck at the end.
class Simulation {
public:
    explicit Simulation(std::uint64_t seed) : chance_(seed), w_(config(), seed) {}

    void run() {
        for (int i = 0; i < 60; ++i) {
            event();
            if (chance_.below(4) > 0) w_.advance(Duration(chance_.below(20'000) * 1'000'000));
        }
        w_.server.is_down = false;
        w_.server.acknowledges = true;
        w_.scef.list_fails = w_.scef.delete_is_too_late = false;
        w_.device.answers = true;
        w_.crash_after_turns(0, World::LastBatch::kept);
        for (int i = 0; i < 5; ++i) {
            w_.device_wakes_and_sends("end");
            w_.advance(1min);
        }
        w_.advance(26h);
        EXPECT_EQ(w_.engine().gauges(w_.wall()).messages_open, 0u) << "a message is stuck";
        EXPECT_EQ(w_.engine().gauges(w_.wall()).uplinks_open, 0u) << "an uplink is stuck";
        EXPECT_EQ(w_.known().activity, nullptr);
    }

private:
    static adapter::Config config() {
        auto config = flow_config();
        config.quotas["default"].downlink = {quota::Rate{600, 1h}, 10, quota::Rate{100'000, 1h}};
        config.profiles["nb-iot"].hold_max = 2min;
        config.profiles["nb-iot"].ttl["default"] = 10min;
        return config;
    }

    void event() {
        switch (chance_.below(16)) {
            case 0:
            case 1:
            case 2:
                w_.server.get("/3/0/" + std::to_string(chance_.below(9)));
                break;
            case 3:
                w_.server.request(coap::codes::post, "/3/0/4");
                break;
            case 4:
                w_.server.observe("/3303/0/5700");
                break;
            case 5:
            case 6:
                w_.device_wakes_and_sends("data");
                break;
            case 7:
                w_.device_sleeps();
                break;
            case 8:
                w_.device.register_();
                break;
            case 9:
                trouble();
                break;
            case 10:
                fault();
                break;
            case 11:
                w_.crash_after_turns(
                    1 + static_cast<int>(chance_.below(4)),
                    chance_.below(2) > 0 ? World::LastBatch::kept : World::LastBatch::lost);
                break;
            case 12:
                w_.server.send_octets(from_hex("16fefd00" + std::to_string(10 + chance_.below(9))));
                break;
            case 13:
                w_.device.notify(coap::Token{1}, 5, "n");
                break;
            case 14:
                duplicate();
                break;
            default:
                command();
                break;
        }
        if (chance_.below(2) > 0) w_.settle();
    }

    void trouble() {
        switch (chance_.below(7)) {
            case 0:
                w_.server.is_down = !w_.server.is_down;
                break;
            case 1:
                w_.server.acknowledges = !w_.server.acknowledges;
                break;
            case 2:
                w_.scef.list_fails = !w_.scef.list_fails;
                break;
            case 3:
                w_.scef.delete_is_too_late = !w_.scef.delete_is_too_late;
                break;
            case 4:
                w_.device.answers = !w_.device.answers;
                break;
            case 5:
                w_.device.answers_after =
                    chance_.below(2) > 0 ? std::optional<Duration>(30s) : std::nullopt;
                break;
            default:
                w_.scef.forget_configurations();
                break;
        }
    }

    void fault() {
        using Transport = nidd::T8Answer::Transport;
        const std::array<ModelScef::Fault, 9> faults{{
            {.status = 503},
            {.status = 502, .takes_it = true},
            {.transport = Transport::ambiguous},
            {.transport = Transport::ambiguous, .takes_it = true},
            {.transport = Transport::not_sent},
            {.status = 500, .retransmit_in = 30s},
            {.takes_it = true, .delay = 3s},
            {.status = 400},
            {.status = 403, .cause = "QUOTA_EXCEEDED"},
        }};
        w_.scef.answers_next_delivery_with(faults[chance_.below(faults.size())]);
    }

    void duplicate() {
        if (w_.server.received.empty()) return;
        const auto& any = w_.server.received[chance_.below(w_.server.received.size())].message;
        w_.device.send(any);
        if (!w_.device.requests.empty()) w_.server.send(w_.device.requests.back());
    }

    void command() {
        switch (chance_.below(3)) {
            case 0:
                w_.command(adapter::PauseDevice{0, w_.id(), false});
                break;
            case 1:
                w_.command(adapter::PurgeMessages{0, w_.id()});
                break;
            default: {
                const auto open = w_.engine().messages_of(w_.known());
                if (!open.empty()) {
                    w_.command(adapter::CancelMessage{0, open[chance_.below(open.size())]->id});
                }
            }
        }
    }

    SeededRandom chance_;
    World w_;
};

TEST(Simulation, whatever_happens_every_message_ends_once_and_nothing_is_stuck) {
    const char* given = std::getenv("SCEF_SEEDS");
    const std::uint64_t seeds = given == nullptr ? 200 : std::strtoull(given, nullptr, 10);
    const bool one = std::getenv("SCEF_SEED") != nullptr;
    const std::uint64_t first = one ? seed_of_run() : 1;
    for (std::uint64_t seed = first; seed < first + (one ? 1 : seeds); ++seed) {
        Simulation(seed).run();
        ASSERT_FALSE(HasFailure()) << "seed " << seed;
    }
}

}  // namespace
}  // namespace scef::flow
