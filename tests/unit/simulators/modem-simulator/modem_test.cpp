#include "simulators/modem-simulator/modem.h"

#include <gtest/gtest.h>

namespace scef::modem_simulator {
namespace {

using namespace std::chrono_literals;
using modem_link::Frame;
using modem_link::Kind;

/// A modem on virtual time with a network that the test plays by hand.
class ModemBench {
public:
    explicit ModemBench(const std::string& state = "connected")
        : dut(*ExternalId::parse("meter@example.com"), state, turn.now) {}

    ModemBench& attached(const std::string& state = "connected") {
        step();
        give(Kind::attached, 0, state);
        return *this;
    }
    ModemOutput give(Kind kind, std::uint32_t sequence = 0, const std::string& state = "",
                     const std::string& reason = "", Bytes data = {}) {
        ModemOutput out;
        dut.on_frame({kind, "meter@example.com", sequence, state, reason, std::move(data)}, turn,
                     out);
        return out;
    }
    ModemOutput send(Bytes data) {
        ModemOutput out;
        dut.send(std::move(data), turn, out);
        return out;
    }
    ModemOutput step(Duration passed = 0s) {
        turn.now += passed;
        ModemOutput out;
        dut.on_time(turn, out);
        return out;
    }

    SeededRandom random{1};
    Turn turn{Instant(1h), WallTime(1'795'000'000s), random};
    Modem dut;
};

TEST(Modem, attaches_until_it_is_let_in) {
    ModemBench bench("psm");
    const ModemOutput first = bench.step();
    ASSERT_EQ(first.to_network.size(), 1U);
    EXPECT_EQ(first.to_network[0].kind, Kind::attach);
    EXPECT_EQ(first.to_network[0].state, "psm");
    EXPECT_TRUE(bench.step(999ms).to_network.empty());
    EXPECT_EQ(bench.step(1ms).to_network.size(), 1U);
    EXPECT_TRUE(bench.give(Kind::attached, 0, "psm").attached_now);
    EXPECT_TRUE(bench.dut.is_attached());
    EXPECT_EQ(bench.dut.due(), never);
}

TEST(Modem, an_uplink_is_repeated_until_the_hop_acknowledges_it) {
    ModemBench bench;
    bench.attached();
    const ModemOutput sent = bench.send({1, 2});
    ASSERT_EQ(sent.to_network.size(), 1U);
    EXPECT_EQ(sent.to_network[0].data, (Bytes{1, 2}));
    const ModemOutput again = bench.step(500ms);
    ASSERT_EQ(again.to_network.size(), 1U);
    EXPECT_EQ(again.to_network[0].sequence, sent.to_network[0].sequence);
    bench.give(Kind::ack, sent.to_network[0].sequence);
    EXPECT_EQ(bench.dut.due(), never);
    EXPECT_EQ(bench.dut.counters().up, 1U);
}

TEST(Modem, an_uplink_that_is_never_acknowledged_is_lost_after_five_repetitions) {
    ModemBench bench;
    bench.attached().send({1});
    std::size_t repeated = 0;
    while (bench.dut.due() != never) repeated += bench.step(500ms).to_network.size();
    EXPECT_EQ(repeated, 5U);
    EXPECT_EQ(bench.dut.counters().lost, 1U);
}

TEST(Modem, every_uplink_has_a_sequence_of_its_own) {
    ModemBench bench;
    bench.attached();
    const auto first = bench.send({1}).to_network[0].sequence;
    EXPECT_EQ(bench.send({1}).to_network[0].sequence, first + 1);
}

TEST(Modem, a_repeated_downlink_is_acknowledged_and_dropped) {
    ModemBench bench;
    bench.attached();
    EXPECT_EQ(bench.give(Kind::downlink, 7, "", "", {9}).received.size(), 1U);
    const ModemOutput repeated = bench.give(Kind::downlink, 7, "", "", {9});
    EXPECT_TRUE(repeated.received.empty());
    ASSERT_EQ(repeated.to_network.size(), 1U);
    EXPECT_EQ(repeated.to_network[0].kind, Kind::ack);
    EXPECT_EQ(repeated.to_network[0].sequence, 7U);
    EXPECT_EQ(bench.dut.counters().repeated, 1U);
}

TEST(Modem, a_device_trigger_is_acknowledged_noted_and_handed_on_once) {
    ModemBench bench("psm");
    bench.attached("psm");
    const ModemOutput first = bench.give(Kind::trigger, 7, "", "", {9});
    ASSERT_EQ(first.to_network.size(), 1U);
    EXPECT_EQ(first.to_network[0].kind, Kind::ack);
    EXPECT_EQ(first.triggers, std::vector<Bytes>{Bytes{9}});
    EXPECT_EQ(first.notes.size(), 1U);
    EXPECT_TRUE(first.received.empty());
    EXPECT_TRUE(bench.give(Kind::trigger, 7, "", "", {9}).triggers.empty());
}

TEST(Modem, what_is_sent_before_the_attach_waits_and_is_not_doubled) {
    ModemBench bench;
    EXPECT_TRUE(bench.send({1}).to_network.empty());
    bench.send({1});
    bench.send({2});
    const ModemOutput out = bench.give(Kind::attached, 0, "connected");
    ASSERT_EQ(out.to_network.size(), 2U);
    EXPECT_EQ(out.to_network[1].data, Bytes{2});
}

TEST(Modem, an_uplink_wakes_it_from_psm) {
    ModemBench bench("psm");
    bench.attached("psm");
    EXPECT_TRUE(bench.dut.is_asleep());
    bench.send({1});
    EXPECT_EQ(bench.dut.state(), "connected");
    bench.give(Kind::state, 0, "psm");
    EXPECT_TRUE(bench.dut.is_asleep());
}

TEST(Modem, a_refused_uplink_is_told_and_not_repeated) {
    ModemBench bench;
    bench.attached();
    const auto sequence = bench.send({1}).to_network[0].sequence;
    const ModemOutput out = bench.give(Kind::refused, sequence, "", "no-configuration");
    ASSERT_EQ(out.notes.size(), 1U);
    EXPECT_EQ(out.notes[0], "uplink refused: no-configuration");
    EXPECT_EQ(bench.dut.due(), never);
    EXPECT_EQ(bench.dut.counters().refused, 1U);
}

TEST(Modem, when_the_network_does_not_know_it_it_attaches_again) {
    ModemBench bench;
    bench.attached();
    const auto sequence = bench.send({1}).to_network[0].sequence;
    bench.give(Kind::refused, sequence, "", "unknown-ue");
    const ModemOutput out = bench.step();
    ASSERT_EQ(out.to_network.size(), 1U);
    EXPECT_EQ(out.to_network[0].kind, Kind::attach);
}

TEST(Modem, while_detached_it_neither_sends_nor_hears) {
    ModemBench bench;
    bench.attached();
    bench.give(Kind::state, 0, "detached");
    EXPECT_TRUE(bench.send({1}).to_network.empty());
    EXPECT_TRUE(bench.give(Kind::downlink, 3, "", "", {1}).to_network.empty());
    bench.give(Kind::state, 0, "connected");
    EXPECT_EQ(bench.send({1}).to_network.size(), 1U);
}

TEST(Modem, without_a_pdn_connection_a_trigger_has_it_attach_again) {
    ModemBench bench("psm");
    bench.attached("psm").give(Kind::state, 0, "no-pdn");
    const ModemOutput told = bench.give(Kind::trigger, 7);
    ASSERT_EQ(told.to_network.size(), 1U);
    EXPECT_EQ(told.to_network[0].kind, Kind::ack);
    EXPECT_TRUE(told.triggers.empty());
    const ModemOutput asked = bench.step();
    ASSERT_EQ(asked.to_network.size(), 1U);
    EXPECT_EQ(asked.to_network[0].kind, Kind::attach);
    EXPECT_EQ(asked.to_network[0].state, "idle");
    bench.give(Kind::attached, 0, "idle");
    EXPECT_TRUE(bench.dut.has_pdn_connection());
    EXPECT_EQ(bench.dut.due(), never);
    EXPECT_TRUE(bench.give(Kind::trigger, 7, "", "", {9}).triggers.empty());
}

TEST(Modem, an_uplink_without_a_pdn_connection_waits_for_a_new_one) {
    ModemBench bench;
    bench.attached().give(Kind::state, 0, "no-pdn");
    EXPECT_TRUE(bench.send({1}).to_network.empty());
    EXPECT_EQ(bench.step().to_network.at(0).kind, Kind::attach);
    EXPECT_TRUE(bench.step(999ms).to_network.empty());
    EXPECT_EQ(bench.step(1ms).to_network.at(0).kind, Kind::attach);
    const ModemOutput out = bench.give(Kind::attached, 0, "idle");
    ASSERT_EQ(out.to_network.size(), 1U);
    EXPECT_EQ(out.to_network[0].data, Bytes{1});
}

TEST(Modem, when_the_connection_comes_back_by_itself_it_does_not_attach) {
    ModemBench bench;
    bench.attached().give(Kind::state, 0, "no-pdn");
    bench.give(Kind::trigger, 7);
    bench.give(Kind::state, 0, "connected");
    EXPECT_EQ(bench.dut.due(), never);
}

TEST(Modem, a_frame_longer_than_the_network_takes_is_dropped_with_the_reason) {
    ModemBench bench;
    bench.attached();
    Frame told{Kind::state, "meter@example.com", 0, "connected", "", {}};
    told.terms = modem_link::NetworkTerms{{"connected", {}, {}, {}, {}}, "normal", "", false, 4};
    ModemOutput out;
    bench.dut.on_frame(told, bench.turn, out);
    EXPECT_EQ(bench.send({1, 2, 3, 4}).to_network.size(), 1U);
    const ModemOutput dropped = bench.send({1, 2, 3, 4, 5});
    EXPECT_TRUE(dropped.to_network.empty());
    ASSERT_EQ(dropped.notes.size(), 1U);
    EXPECT_EQ(dropped.notes[0].substr(0, 51),
              "uplink dropped: 5 octets, but the network takes 4 (");
}

TEST(Modem, asks_how_to_save_power_until_the_network_answers_and_at_every_attach) {
    ModemBench bench;
    bench.attached();
    bench.dut.save_power({"psm", 20s, 24h, {}, {}}, bench.turn.now);
    EXPECT_EQ(bench.step().to_network.at(0).kind, Kind::update);
    EXPECT_EQ(bench.step(5s).to_network.at(0).power_saving->active_time, 20s);
    Frame granted{Kind::state, "meter@example.com", 0, "connected", "", {}};
    granted.terms = modem_link::NetworkTerms{{"psm", 20s, 24h, {}, {}}, "normal", "", false, 0};
    ModemOutput out;
    bench.dut.on_frame(granted, bench.turn, out);
    EXPECT_EQ(bench.dut.due(), never);
    bench.give(Kind::refused, 0, "", "unknown-ue");
    EXPECT_EQ(bench.step().to_network.at(0).power_saving->mode, "psm");
}

TEST(Modem, gives_up_its_pdn_connection_though_the_network_speaks_meanwhile) {
    ModemBench bench;
    bench.attached();
    bench.dut.release_pdn_connection(bench.turn);
    EXPECT_EQ(bench.step().to_network.at(0).state, "no-pdn");
    bench.give(Kind::state, 0, "idle");
    EXPECT_EQ(bench.step(1s).to_network.at(0).state, "no-pdn");
    bench.give(Kind::attached, 0, "no-pdn");
    EXPECT_FALSE(bench.dut.has_pdn_connection());
    EXPECT_TRUE(bench.dut.is_attached());
    EXPECT_EQ(bench.dut.due(), never);
}

TEST(Modem, switched_off_hears_no_late_answer_and_attaches_when_switched_on) {
    ModemBench bench("psm");
    bench.attached("psm");
    ModemOutput out;
    bench.dut.detach(out);
    bench.give(Kind::attached, 0, "psm");
    EXPECT_FALSE(bench.dut.is_attached());
    bench.dut.switch_on(bench.turn);
    EXPECT_EQ(bench.step().to_network.at(0).state, "psm");
}

}  // namespace
}  // namespace scef::modem_simulator
