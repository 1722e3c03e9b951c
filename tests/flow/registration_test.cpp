#include <gtest/gtest.h>

#include "tests/flow/sleep_worlds.h"

namespace scef::flow {
namespace {

using queueing::MessageState;
using queueing::Reason;

struct Registered : World {
    explicit Registered(adapter::Config config = flow_config()) : World(std::move(config)) {
        device.register_();
        advance(1min);  // its window is closed by now
    }
    void update(std::vector<std::string> queries = {}) {
        auto message = device.make_request(coap::codes::post, "rd", std::move(queries));
        message.remove(coap::options::uri_path);
        message.add_text(coap::options::uri_path, "rd");
        message.add_text(coap::options::uri_path, "5a");
        device.send(message);
        settle();
    }
};

TEST(Registration, D21_a_new_register_purges_what_its_server_asked_before) {
    Registered w;
    const auto request = w.server.get("/3/0/0");
    w.advance(5s);
    w.device.register_();
    w.advance(1min);
    EXPECT_EQ(w.executed(), 0u);
    EXPECT_EQ(w.only_message().reason, Reason::deregistered);
    EXPECT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_TRUE(w.known().is_registered());
}

TEST(Registration, D21_the_first_register_and_messages_of_the_api_are_no_reason_to_purge) {
    World w;
    w.server.get("/3/0/0");
    w.device.register_();
    w.settle();
    EXPECT_EQ(w.executed(), 1u);
    w.advance(1min);
    coap::Message read;
    read.code = coap::codes::get;
    read.add_text(coap::options::uri_path, "3");
    w.enqueue(coap::serialize(read));
    w.device.register_();
    w.settle();
    EXPECT_EQ(w.executed(), 2u);
}

TEST(Registration, D21_the_end_of_the_lifetime_purges_and_ends_observations) {
    Registered w;
    w.server.observe("/3303/0/5700");
    w.device_wakes_and_sends("x");
    w.advance(1min);
    EXPECT_EQ(w.known().observations.size(), 1u);
    w.server.get("/3/0/0");
    w.advance(300s + 93s);
    EXPECT_FALSE(w.known().is_registered());
    EXPECT_TRUE(w.known().observations.empty());
    EXPECT_EQ(w.messages().back().reason, Reason::deregistered);
}

TEST(Registration, D21_an_update_prolongs_the_lifetime_also_across_a_restart) {
    Registered w;
    w.advance(200s);
    w.update({"lt=1000"});
    w.crash_and_restart();
    w.advance(900s);
    EXPECT_TRUE(w.known().is_registered());
    w.advance(200s);
    EXPECT_FALSE(w.known().is_registered());
}

TEST(Registration, D21_a_server_may_keep_registrations_at_any_path) {
    World w;
    w.server.location = {"reg", "1", ""};
    w.device.register_();
    w.settle();
    const auto at_location = [&](coap::Code code, std::vector<std::string> queries) {
        auto message = w.device.make_request(code, "reg", std::move(queries));
        message.add_text(coap::options::uri_path, "1");
        message.add_text(coap::options::uri_path, "");
        w.device.send(message);
        w.settle();
    };
    w.advance(200s);
    at_location(coap::codes::post, {"lt=1000"});
    w.advance(900s);
    EXPECT_TRUE(w.known().is_registered());
    w.server.get("/3/0/0");
    at_location(coap::codes::del, {});
    EXPECT_FALSE(w.known().is_registered());
    EXPECT_EQ(w.only_message().reason, Reason::deregistered);
}

TEST(Registration, D22_a_device_that_leaves_nidd_is_parked_until_its_next_uplink) {
    Registered w;
    w.update({"b=U"});
    w.server.get("/3/0/0");
    w.advance(1s);
    EXPECT_EQ(w.executed(), 0u);
    EXPECT_EQ(w.only_message().reason, Reason::left_binding);
    w.crash_and_restart();
    w.advance(10s);
    EXPECT_EQ(w.executed(), 0u);
    w.device_wakes_and_sends("back");
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Registration, D22_the_ttl_of_a_parked_message_runs) {
    Registered w;
    w.update({"b=U"});
    w.server.request(coap::codes::get, "/3/0/0",
                     [](auto& m) { m.add_uint(coap::options::ttl_seconds, 5); });
    w.advance(6s);
    EXPECT_EQ(w.only_message().state, MessageState::expired);
}

TEST(Registration, D22_a_device_that_never_spoke_of_nidd_is_not_parked) {
    World w;
    w.device.register_({"ep=dev1", "lwm2m=1.0", "b=U"});
    w.settle();
    w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.executed(), 1u);
}

struct Bootstrapping : Registered {
    Bootstrapping() {
        server.get("/3/0/0");
        advance(2s);
        device.send(device.make_request(coap::codes::post, "bs", {"ep=dev1"}));
        settle();
    }
};

TEST(Registration, U13_an_accepted_bootstrap_request_freezes_the_other_servers) {
    Bootstrapping w;
    EXPECT_EQ(w.executed(), 0u);
    EXPECT_EQ(w.only_message().reason, Reason::bootstrap);
    w.bootstrap.request(coap::codes::put, "/0/0");
    w.settle();
    EXPECT_EQ(w.executed(), 1u);
    w.bootstrap.request(coap::codes::post, "/bs");
    w.advance(1s);
    EXPECT_EQ(w.executed(), 3u);
    EXPECT_EQ(w.device.requests.back().code, coap::codes::get);
}

TEST(Registration, U13_a_bootstrap_that_does_not_finish_freezes_for_five_minutes) {
    Bootstrapping w;
    w.crash_and_restart();
    w.advance(4min);
    w.device_wakes_and_sends("x");
    EXPECT_EQ(w.executed(), 0u);
    w.advance(1min);
    w.device_wakes_and_sends("x");
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Registration, U13_a_clock_that_is_set_back_freezes_nothing_longer) {
    Bootstrapping w;
    w.set_wall(-1h);
    w.device_wakes_and_sends("x");
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Registration, U4_a_server_that_is_down_may_be_told_of_by_5_03) {
    auto config = flow_config();
    config.lwm2m_servers[0].unreachable = adapter::Unreachable::service_unavailable;
    World w(config);
    w.server.is_down = true;
    w.device.register_();
    w.advance(2min);
    ASSERT_EQ(w.device.replies.size(), 1u);
    EXPECT_EQ(w.device.replies[0].code, coap::codes::service_unavailable);
}

TEST(Registration, U1_a_copy_after_a_restart_gets_the_same_frame_again) {
    World w;
    const auto request = w.device.register_();
    w.advance(5s);
    w.crash_and_restart();
    w.device.send(request);
    w.settle();
    ASSERT_EQ(w.device.frames.size(), 2u);
    EXPECT_EQ(w.device.frames[0], w.device.frames[1]);
    EXPECT_EQ(w.server.from_device().size(), 1u);
}

}  // namespace
}  // namespace scef::flow
