#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "simulators/scef-simulator/simulated_operator.h"

namespace scef::scef_simulator {

using namespace std::chrono_literals;

/// NIDD with triggers and monitoring on virtual time, and one UE.
class OperatorFixture : public testing::Test {
protected:
    static constexpr const char* ue = "meter-1@iot.example";

    explicit OperatorFixture(const Settings& settings = {}) : dut(settings) {}

    Turn turn() { return {Instant(elapsed_), WallTime(1'000'000s) + elapsed_, random_}; }

    /// Timer by timer, as the host does it.
    void run(Duration by) {
        const Duration end = elapsed_ + by;
        for (Instant next = dut.deadline(turn()); next <= Instant(end);
             next = dut.deadline(turn())) {
            elapsed_ = std::max(elapsed_, next - Instant{});
            dut.advance(turn());
            take();
        }
        elapsed_ = end;
        dut.advance(turn());
        take();
    }

    void attach(const std::string& state) {
        dut.on_frame({modem_link::Kind::attach, ue, 0, state, "", {}}, turn());
        take();
    }

    void enter(UeState state, std::optional<UeState> sleep_mode = std::nullopt) {
        EXPECT_TRUE(dut.scef().set_state(ue, state, sleep_mode, turn()));
        take();
    }

    /// The frames of a kind so far, repetitions included.
    std::vector<modem_link::Frame> frames_of(modem_link::Kind kind) const {
        std::vector<modem_link::Frame> found;
        for (const modem_link::Frame& frame : frames) {
            if (frame.kind == kind) found.push_back(frame);
        }
        return found;
    }

    void acknowledge(std::uint32_t sequence) {
        dut.on_frame({modem_link::Kind::ack, ue, sequence, "", "", {}}, turn());
        take();
    }

    std::vector<nlohmann::json> told(Notification::Kind kind) const {
        std::vector<nlohmann::json> bodies;
        for (const Notification& notification : notifications) {
            if (notification.kind == kind) {
                bodies.push_back(nlohmann::json::parse(notification.body));
            }
        }
        return bodies;
    }

    void take() {
        for (Effect& effect : dut.take_effects(turn())) {
            if (auto* frame = std::get_if<ToModem>(&effect)) frames.push_back(frame->frame);
            if (auto* told = std::get_if<Notification>(&effect)) notifications.push_back(*told);
            if (auto* answer = std::get_if<DeliveryAnswer>(&effect)) answers.push_back(*answer);
        }
    }

    SeededRandom random_{7};
    SimulatedOperator dut;
    std::vector<modem_link::Frame> frames;
    std::vector<Notification> notifications;
    std::vector<DeliveryAnswer> answers;

private:
    Duration elapsed_{1h};
};

}  // namespace scef::scef_simulator
