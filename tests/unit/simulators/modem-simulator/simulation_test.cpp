#include "simulators/modem-simulator/simulation.h"

#include <gtest/gtest.h>

#include "lwm2m-core/coap/codec.h"
#include "simulators/modem-simulator/settings.h"

namespace scef::modem_simulator {
namespace {

using namespace std::chrono_literals;
using modem_link::Frame;
using modem_link::Kind;

/// A simulation on virtual time; the test is the network.
class SimulationBench : public Outside {
public:
    void add(const std::string& id, Settings settings = {}) {
        ASSERT_TRUE(dut.add(device_settings(settings, *ExternalId::parse(id), turn.now)));
    }
    void add_tap(const std::string& id) {
        DeviceSettings settings = device_settings({}, *ExternalId::parse(id), turn.now);
        settings.client.reset();
        ASSERT_TRUE(dut.add(std::move(settings)));
    }
    void run(Duration passed = 0s) {
        turn.now += passed;
        turn.wall += passed;
        while (dut.due() <= turn.now) dut.run_due(turn);
    }
    void give(const Frame& frame) { dut.on_link_datagram(modem_link::serialize(frame), turn); }
    /// Lets every modem that asked in.
    void admit(const std::string& state = "connected") {
        for (const Frame& frame : std::exchange(sent, {})) {
            if (frame.kind == Kind::attach)
                give({Kind::attached, frame.external_id, 0, state, {}, {}});
        }
    }
    /// Answers the Register of every device among `sent`.
    void accept_registrations() {
        for (const Frame& frame : std::exchange(sent, {})) {
            if (frame.kind != Kind::uplink) continue;
            give({Kind::ack, frame.external_id, frame.sequence, {}, {}, {}});
            auto created = coap::make_response(*coap::parse(frame.data), coap::codes::created);
            created.add_text(coap::options::location_path, "rd");
            give({Kind::downlink, frame.external_id, 1, {}, {}, coap::serialize(created)});
        }
    }

    void to_network(const Frame& frame) override { sent.push_back(frame); }
    void to_tap(std::size_t, ByteView datagram) override {
        tapped.emplace_back(datagram.begin(), datagram.end());
    }
    void to_terminal(std::size_t, std::string_view text) override { terminal += text; }
    void trace(const Device&, const LogEntry& entry) override {
        traced += entry.frame.empty() ? 0 : 1;
    }

    SeededRandom random{7};
    Turn turn{Instant(1h), WallTime(1'795'000'000s), random};
    std::vector<Frame> sent;
    std::string terminal;
    std::vector<Bytes> tapped;
    std::size_t traced = 0;
    Simulation dut{*this};
};

TEST(Simulation, a_device_registers_once_it_is_attached) {
    SimulationBench bench;
    bench.add("meter@example.com");
    bench.run();
    bench.admit();
    ASSERT_EQ(bench.sent.size(), 1U);
    EXPECT_EQ(coap::parse(bench.sent[0].data)->query("ep"), "meter");
    bench.accept_registrations();
    EXPECT_EQ(bench.dut.totals().registered, 1U);
    EXPECT_EQ(bench.traced, 2U);
}

TEST(Simulation, a_device_registers_with_each_server_by_its_rds_ports) {
    SimulationBench bench;
    Settings settings;
    settings.rds = {{1, 2}, {3, 4}};
    bench.add("meter@example.com", settings);
    bench.run();
    bench.admit();
    ASSERT_EQ(bench.sent.size(), 2U);
    EXPECT_EQ(bench.sent[0].rds, (modem_link::RdsPort{1, 2}));
    EXPECT_EQ(bench.sent[1].rds, (modem_link::RdsPort{3, 4}));
    const Frame second = bench.sent[1];
    auto created = coap::make_response(*coap::parse(second.data), coap::codes::created);
    created.add_text(coap::options::location_path, "rd");
    Frame answer{Kind::downlink, second.external_id, 1, {}, {}, coap::serialize(created)};
    answer.rds = modem_link::RdsPort{7, 7};
    bench.give(answer);
    answer.sequence = 2;
    answer.rds = second.rds;
    bench.give(answer);
    const client::Client& client = *bench.dut.device(0).lwm2m_client();
    EXPECT_FALSE(client.session(0).registration().is_registered());
    EXPECT_TRUE(client.session(1).registration().is_registered());
    EXPECT_EQ(bench.dut.totals().registered, 0U);  // not with all of its servers
}

TEST(Simulation, a_registration_update_trigger_by_sms_makes_a_device_update) {
    SimulationBench bench;
    bench.add("meter@example.com");
    bench.run();
    bench.admit();
    bench.accept_registrations();
    bench.sent.clear();
    coap::Message execute;
    execute.type = coap::Type::non_confirmable;
    execute.code = coap::codes::post;
    for (const char* segment : {"1", "0", "8"}) execute.add_text(coap::options::uri_path, segment);
    bench.give({Kind::trigger, "meter@example.com", 8, {}, {}, {1, 2}});
    ASSERT_EQ(bench.sent.size(), 1U);  // the acknowledgement only
    bench.give({Kind::trigger, "meter@example.com", 9, {}, {}, coap::serialize(execute)});
    ASSERT_EQ(bench.sent.size(), 3U);
    EXPECT_EQ(coap::parse(bench.sent[2].data)->path_text(), "/rd");
}

TEST(Simulation, without_register_at_start_it_waits_to_be_told) {
    SimulationBench bench;
    Settings settings;
    settings.register_at_start = false;
    bench.add("meter@example.com", settings);
    bench.run();
    bench.admit();
    EXPECT_TRUE(bench.sent.empty());
    EXPECT_TRUE(
        bench.dut.act("meter@example.com", [&](Device& d) { return d.register_now(bench.turn); }));
    EXPECT_EQ(bench.sent.size(), 1U);
}

TEST(Simulation, in_psm_a_change_is_told_when_the_network_wakes_the_device) {
    SimulationBench bench;
    bench.add("meter@example.com");
    bench.run();
    bench.admit("psm");
    bench.accept_registrations();
    coap::Message observe;
    observe.code = coap::codes::get;
    observe.message_id = 5;
    observe.token = {1};
    for (const auto* segment : {"3303", "0", "5700"})
        observe.add_text(coap::options::uri_path, segment);
    observe.add_uint(coap::options::observe, 0);
    bench.give({Kind::downlink, "meter@example.com", 2, {}, {}, coap::serialize(observe)});
    bench.give({Kind::state, "meter@example.com", 0, "psm", {}, {}});
    bench.sent.clear();
    EXPECT_TRUE(bench.dut.act("meter@example.com", [&](Device& device) {
        return device.set_value(client::Path(3303, 0, 5700), 30.0, bench.turn);
    }));
    EXPECT_TRUE(bench.sent.empty());
    bench.give({Kind::state, "meter@example.com", 0, "connected", {}, {}});
    ASSERT_EQ(bench.sent.size(), 1U);
    EXPECT_EQ(as_text(coap::parse(bench.sent[0].data)->payload), "30");
}

TEST(Simulation, a_tap_carries_octets_both_ways_unread) {
    SimulationBench bench;
    bench.add_tap("tapped@example.com");
    bench.run();
    bench.admit();
    const Bytes record{0x16, 0xfe, 0xfd};
    bench.dut.on_tap_datagram(0, record, bench.turn);
    ASSERT_EQ(bench.sent.size(), 1U);
    EXPECT_EQ(bench.sent[0].data, record);
    bench.give({Kind::downlink, "tapped@example.com", 9, {}, {}, {1, 2, 3}});
    ASSERT_EQ(bench.tapped.size(), 1U);
    EXPECT_EQ(bench.tapped[0], (Bytes{1, 2, 3}));
}

TEST(Simulation, a_tap_has_no_client_to_command) {
    SimulationBench bench;
    bench.add_tap("tapped@example.com");
    const Status status =
        bench.dut.act("tapped@example.com", [&](Device& d) { return d.update_now(bench.turn); });
    EXPECT_EQ(status.error().code, Errc::conflict);
}

TEST(Simulation, thousands_of_devices_attach_and_register) {
    SimulationBench bench;
    constexpr std::size_t devices = 2'000;
    for (std::size_t i = 0; i < devices; ++i) bench.add("d" + std::to_string(i) + "@example.com");
    bench.run();
    bench.admit();
    bench.accept_registrations();
    EXPECT_EQ(bench.dut.totals().registered, devices);
    bench.sent.clear();
    bench.run(240s);
    EXPECT_EQ(bench.sent.size(), devices);  // one Update each
}

TEST(Simulation, frames_of_strangers_and_garbage_are_ignored) {
    SimulationBench bench;
    bench.add("meter@example.com");
    bench.give({Kind::downlink, "stranger@example.com", 1, {}, {}, {1}});
    bench.dut.on_link_datagram("{]", bench.turn);
    EXPECT_TRUE(bench.sent.empty());
}

TEST(Simulation, the_same_name_twice_is_refused) {
    SimulationBench bench;
    bench.add("meter@example.com");
    const auto again =
        bench.dut.add(device_settings({}, *ExternalId::parse("meter@EXAMPLE.com"), bench.turn.now));
    EXPECT_EQ(again.error().code, Errc::conflict);
}

TEST(FrameLog, keeps_the_last_entries_and_counts_on) {
    FrameLog log(2);
    for (int i = 0; i < 3; ++i) log.add({});
    ASSERT_EQ(log.entries().size(), 2U);
    EXPECT_EQ(log.entries().front().number, 2U);
}

TEST(TimerHeap, a_moved_deadline_comes_up_once_at_its_new_time) {
    TimerHeap timers;
    timers.set(0, Instant(5s));
    timers.set(1, Instant(3s));
    timers.set(0, Instant(1s));
    EXPECT_EQ(timers.take_due(Instant(1s)), 0U);
    EXPECT_EQ(timers.take_due(Instant(9s)), 1U);
    EXPECT_FALSE(timers.take_due(Instant(9s)));
    EXPECT_EQ(timers.next(), never);
}

}  // namespace
}  // namespace scef::modem_simulator
