#include <gtest/gtest.h>

#include "scef-adapter/engine/effective_quota.h"
#include "tests/flow/sleep_worlds.h"

/// What a device tells of the network's rate control, and what is made of it (docs/quotas.md).
namespace scef::flow {
namespace {

using adapter::RateControlReport;
using queueing::Reason;
using TimeUnit = RateControlReport::TimeUnit;

adapter::Config always_there() {
    auto config = flow_config();
    config.profiles["nb-iot"].reachability.kind = adapter::ReachabilityConfig::Kind::always;
    config.quotas["default"].downlink = {};
    config.quotas["default"].emergency_reserve = 0;
    return config;
}

struct RateControl : Learning {
    explicit RateControl(adapter::Config config = always_there()) : Learning(std::move(config)) {}
    void read_plmn_rate(int rate) { read("/11/0/26", to_bytes(std::to_string(rate)), 0); }
    void device_tells(std::string_view senml_json) {
        coap::Message send = device.make_request(coap::codes::post, "dp");
        send.add_uint(coap::options::content_format, 110);
        send.payload = to_bytes(senml_json);
        device.send(send);
        settle();
    }
    /// After which nothing is left of half of 10 in 6 minutes.
    void use_up() {
        for (int i = 0; i < 5; ++i) server.get("/3/0/" + std::to_string(i));
        settle();
    }
    std::uint64_t uplinks_over() const { return engine().counters().uplink_over_quota; }
};

constexpr std::string_view all_of_it =
    R"([{"bn":"/11/1/","n":"25","v":100},{"n":"26","v":20},{"n":"27","v":2},)"
    R"({"n":"28","v":5},{"n":"29","v":3}])";
constexpr RateControlReport all_of_it_learned{1, 100, TimeUnit::hour, 5, TimeUnit::day, 20};

TEST(RateControl, is_learned_from_a_read_in_every_format) {
    RateControl w;
    w.read("/11", to_bytes(all_of_it), 110);
    EXPECT_EQ(w.known().rate_control, all_of_it_learned);
    w.read("/11/0/26", to_bytes("30"), 0);
    EXPECT_EQ(w.known().rate_control, (RateControlReport{.plmn_rate = 30}));
    w.read("/11/0", from_hex("c11902c11a28c11b03"), 11542);
    EXPECT_EQ(w.known().rate_control,
              (RateControlReport{.apn_rate = 2, .apn_unit = TimeUnit::day, .plmn_rate = 40}));
    w.read("/11/0", from_hex("81a200682f31312f302f323602182d"), 112);
    EXPECT_EQ(w.known().rate_control.plmn_rate, 45);
}

TEST(RateControl, is_learned_from_a_send_together_with_timers) {
    RateControl w;
    w.device_tells(R"([{"n":"/11/0/26","v":20},{"n":"/10/0/5","v":45},)"
                   R"({"n":"/3303/0/5700","v":21.5}])");
    EXPECT_EQ(w.known().rate_control.plmn_rate, 20);
    EXPECT_EQ(w.known().power.active_timer, 45s);
}

TEST(RateControl, is_learned_from_a_notification) {
    RateControl w;
    w.device.answer_payload = to_bytes("20");
    w.server.observe("/11/0/26");
    w.settle();
    EXPECT_EQ(w.known().rate_control.plmn_rate, 20);
    w.device.notify(w.device.requests.at(0).token, 2, "30");
    w.settle();
    EXPECT_EQ(w.known().rate_control.plmn_rate, 30);
}

TEST(RateControl, refusals_and_other_objects_tell_nothing) {
    RateControl w;
    w.device.answer_code = coap::codes::not_found;
    w.read_plmn_rate(20);
    w.device.answer_code.reset();
    w.read("/110/0/26", to_bytes("20"), 0);
    w.read_plmn_rate(9);
    EXPECT_FALSE(w.known().rate_control.is_told());
    EXPECT_EQ(w.known().learned_quota, nullptr);
}

TEST(RateControl, a_downlink_beyond_the_serving_plmn_rate_waits_to_the_exact_time) {
    RateControl w;
    w.read_plmn_rate(10);
    w.advance(6min);
    const auto before = w.executed();
    w.use_up();
    w.server.get("/3/0/9");
    w.advance(60s - 1ns);
    EXPECT_EQ(w.executed(), before + 5);
    const auto held = w.messages().back();
    EXPECT_EQ(held.reason, Reason::quota);
    EXPECT_TRUE(tells(w.timeline(held.id),
                      "device: serving PLMN rate, says the device: 10 messages per decihour"));
    w.advance(1ns);
    EXPECT_EQ(w.executed(), before + 6);
}

TEST(RateControl, may_reject_as_the_devices_own_quota_does) {
    auto config = always_there();
    config.quotas["default"].on_exhausted = adapter::QuotaConfig::OnExhausted::reject;
    RateControl w(config);
    w.read_plmn_rate(10);
    w.use_up();
    const auto request = w.server.get("/3/0/9");
    w.settle();
    const auto responses = w.server.responses_to(request);
    ASSERT_EQ(responses.size(), 1u);
    EXPECT_EQ(responses[0].code, coap::codes::too_many_requests);
    EXPECT_EQ(responses[0].uint_option(coap::options::max_age), 60u);
}

TEST(RateControl, answers_to_the_device_are_not_held_but_waited_out_later) {
    RateControl w;
    w.read_plmn_rate(10);
    w.advance(6min);
    for (int i = 0; i < 7; ++i) w.device.data("x");
    w.settle();
    EXPECT_EQ(w.device.replies.size(), 8u) << "and one before";
    const auto before = w.executed();
    w.server.get("/3/0/9");
    w.advance(3min - 1ns);
    EXPECT_EQ(w.executed(), before);
    w.advance(1ns);
    EXPECT_EQ(w.executed(), before + 1);
}

TEST(RateControl, uplinks_beyond_a_rate_are_counted_and_forwarded) {
    RateControl w;
    w.read("/11/0", from_hex("c11902c11b03"), 11542);  // 2 a day
    const auto before = w.server.received.size();
    for (int i = 0; i < 3; ++i) w.device.data("x");
    w.settle();
    EXPECT_EQ(w.uplinks_over(), 1u);
    EXPECT_EQ(w.server.received.size(), before + 3);
}

TEST(RateControl, what_was_told_and_used_survives_a_restart) {
    RateControl w;
    w.read_plmn_rate(10);
    w.advance(6min);
    w.use_up();
    const auto before = w.executed();
    w.crash_and_restart();
    EXPECT_EQ(w.known().rate_control.plmn_rate, 10);
    w.server.get("/3/0/9");
    w.advance(59s);
    EXPECT_EQ(w.executed(), before);
    w.advance(1s);
    EXPECT_EQ(w.executed(), before + 1);
}

TEST(RateControl, what_was_used_survives_another_quota_of_its_own) {
    auto config = always_there();
    config.quotas["other"] = config.quotas["default"];
    RateControl w(config);
    w.read_plmn_rate(10);
    w.use_up();
    adapter::DeviceSpec spec = w.known().spec;
    spec.quota = "other";
    EXPECT_TRUE(w.command(adapter::ProvisionDevice{0, spec, true}).result);
    w.server.get("/3/0/9");
    w.settle();
    EXPECT_EQ(w.messages().back().reason, Reason::quota);
}

TEST(RateControl, a_new_rate_takes_the_place_of_the_old_one_and_what_was_used_stays_used) {
    RateControl w;
    w.read_plmn_rate(10);
    w.use_up();
    w.device_tells(R"([{"n":"/11/0/26","v":12}])");  // six at once, one of which was the answer
    EXPECT_EQ(w.known().rate_control.plmn_rate, 12);
    w.server.get("/3/0/9");
    w.settle();
    EXPECT_EQ(w.messages().back().reason, Reason::quota);
    w.advance(2min);
    EXPECT_EQ(w.messages().back().reason, Reason::answered);
}

TEST(RateControl, unrestricted_ends_all_waiting) {
    RateControl w;
    w.read_plmn_rate(10);
    w.use_up();
    w.server.get("/3/0/9");
    w.settle();
    EXPECT_EQ(w.messages().back().reason, Reason::quota);
    w.device_tells(R"([{"bn":"/11/0/","n":"26","v":65535},{"n":"25","v":1},{"n":"27","v":0}])");
    EXPECT_EQ(w.messages().back().reason, Reason::answered);
    for (int i = 0; i < 100; ++i) w.device.data("x");
    w.settle();
    EXPECT_EQ(w.uplinks_over(), 0u);
}

}  // namespace
}  // namespace scef::flow
