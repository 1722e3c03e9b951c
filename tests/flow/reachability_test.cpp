#include <gtest/gtest.h>

#include "tests/flow/sleep_worlds.h"

namespace scef::flow {
namespace {

using queueing::Reason;

TEST(Reachability, D8_a_window_is_open_for_the_active_timer_after_an_uplink) {
    Awake w;
    w.advance(19s);
    w.server.get("/3/0/0");
    w.advance(1s);
    EXPECT_EQ(w.executed(), 1u);
    w.advance(20s);  // its answer was an uplink, too
    w.server.get("/3/0/1");
    w.advance(1s);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.messages().back().reason, Reason::awaiting_window);
}

TEST(Reachability, D8_a_periodic_update_opens_a_window_by_the_profile) {
    auto config = flow_config();
    config.profiles["nb-iot"].reachability.period = 1h;
    World w(config);
    w.device_wakes_and_sends("x");
    w.advance(1min);
    w.server.get("/3/0/0");
    w.advance(58min);
    EXPECT_EQ(w.executed(), 0u);
    w.advance(1min);
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Reachability, D8_who_knows_better_opens_a_window) {
    World w;
    w.server.get("/3/0/0");
    w.advance(1min);
    EXPECT_EQ(w.executed(), 0u);
    EXPECT_TRUE(w.command(adapter::DeviceReachable{0, w.id(), 5s}).result);
    w.settle();
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Reachability, D8_with_release_assistance_an_uplink_opens_nothing_but_for_its_answer) {
    auto config = flow_config();
    config.profiles["nb-iot"].release_assistance = true;
    World w(config);
    w.server.get("/3/0/0");
    w.device.data("1");
    w.settle();
    EXPECT_EQ(w.executed(), 0u);
    EXPECT_EQ(w.device.replies.size(), 1u);
}

TEST(Reachability, the_devices_own_timers_take_the_place_of_the_profiles) {
    Learning w;
    w.read("/10/0/5", to_bytes("60"), 0);
    w.read("/10/0/4", to_bytes("7200"), 0);
    EXPECT_EQ(w.known().power.active_timer, 60s);
    EXPECT_EQ(w.known().power.period, 2h);
    w.device_wakes_and_sends("x");
    w.advance(50s);
    EXPECT_TRUE(w.engine().is_reachable(w.known(), w.now(), w.wall()));
    w.crash_and_restart();
    EXPECT_EQ(w.known().power.period, 2h);
}

TEST(Reachability, edrx_parameters_are_read_from_octets_and_from_a_tlv_of_the_object) {
    Learning w;
    w.read("/10/0/9", Bytes{0x12}, 42);
    EXPECT_EQ(w.known().power.cycle, 20480ms);
    EXPECT_EQ(w.known().power.window, 5120ms);
    w.read("/10/0",
           from_hex("c20404b0"
                    "c1051e"
                    "c10803"),
           11542);
    EXPECT_EQ(w.known().power.period, 1200s);
    EXPECT_EQ(w.known().power.active_timer, 30s);
    EXPECT_EQ(w.known().power.cycle, 40960ms);
}

TEST(Reachability, timers_are_learned_from_senml_of_the_object_and_of_a_composite) {
    Learning w;
    w.read("/10/0", to_bytes(R"([{"bn":"/10/0/","n":"4","v":7200},{"n":"5","v":60}])"), 110);
    EXPECT_EQ(w.known().power.period, 2h);
    EXPECT_EQ(w.known().power.active_timer, 60s);
    w.read("/10/0", from_hex("81a200672f31302f302f3402190e10"), 112);
    EXPECT_EQ(w.known().power.period, 1h);
}

TEST(Reachability, timers_are_learned_from_a_send) {
    World w;
    coap::Message send = w.device.make_request(coap::codes::post, "dp");
    send.add_uint(coap::options::content_format, 110);
    send.payload = to_bytes(R"([{"n":"/3303/0/5700","v":21.5},{"n":"/10/0/5","v":45}])");
    w.device.send(send);
    w.settle();
    EXPECT_EQ(w.known().power.active_timer, 45s);
    EXPECT_EQ(w.server.received.size(), 1u);
}

TEST(Reachability, nonsense_about_timers_is_not_believed) {
    Learning w;
    w.read("/10/0/5", to_bytes("soon"), 0);
    w.read("/10/0/5", to_bytes("-1"), 0);
    w.read("/10/0/5", to_bytes("99999999999999999999"), 0);
    w.read("/10/0", from_hex("c8ff"), 11542);
    w.read("/100/0/5", to_bytes("60"), 0);
    EXPECT_EQ(w.known().power, adapter::PowerReport{});
}

TEST(Reachability, an_edrx_device_has_a_cycle_more_to_answer) {
    auto config = flow_config();
    config.profiles["nb-iot"].reachability = {adapter::ReachabilityConfig::Kind::edrx, 20s, 24h,
                                              81920ms, 5s};
    World w(config);
    w.device.answers = false;
    w.server.get("/3/0/0");
    w.advance(100s);
    EXPECT_EQ(w.device.frames.size(), 1u);
    w.advance(5s);
    EXPECT_EQ(w.device.frames.size(), 2u);
}

}  // namespace
}  // namespace scef::flow
