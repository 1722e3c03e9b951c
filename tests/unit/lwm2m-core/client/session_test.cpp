#include "lwm2m-core/client/session.h"

#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

using namespace std::chrono_literals;
namespace codes = coap::codes;
namespace options = coap::options;

/// Registered, with one observation; /1/0/6 is true at first.
class NotificationStoring : public ::testing::Test {
protected:
    void SetUp() override {
        bench.registered();
        bench.observe("/3303/0/5700");
    }
    void do_not_store() {
        EXPECT_EQ(bench.write(codes::put, "/1/0/6", 0, to_bytes("0")).code, codes::changed);
    }
    /// Executes Disable; the server lets the device go.
    void disable_for(std::string_view seconds) {
        EXPECT_EQ(bench.write(codes::put, "/1/0/5", 0, to_bytes(seconds)).code, codes::changed);
        bench.give(bench.request(codes::post, "/1/0/4"));
        const auto messages = bench.take();
        ASSERT_EQ(messages.size(), 2U);
        EXPECT_EQ(messages[0].code, codes::changed);
        EXPECT_EQ(messages[1].code, codes::del);
        bench.give(coap::make_response(messages[1], codes::deleted));
    }
    std::vector<std::string> told() {
        std::vector<std::string> values;
        for (const auto& message : bench.take()) values.push_back(payload_of(message));
        return values;
    }
    Bench bench;
};

TEST_F(NotificationStoring, when_offline_each_notification_is_kept_and_told_in_order) {
    bench.dut.set_offline(true, bench.turn);
    for (const double value : {30, 31, 32}) bench.measure(value);
    EXPECT_TRUE(bench.take().empty());
    bench.dut.set_offline(false, bench.turn);
    EXPECT_EQ(told(), (std::vector<std::string>{"30", "31", "32"}));
    EXPECT_EQ(bench.counters().notifications_stored, 3U);
    bench.measure(33);
    EXPECT_EQ(told(), std::vector<std::string>{"33"});
}

TEST_F(NotificationStoring, when_offline_without_storing_they_are_dropped) {
    do_not_store();
    bench.dut.set_offline(true, bench.turn);
    for (const double value : {30, 31}) bench.measure(value);
    bench.dut.set_offline(false, bench.turn);
    EXPECT_TRUE(bench.take().empty());
    EXPECT_EQ(bench.counters().notifications_discarded, 2U);
    bench.measure(33);
    EXPECT_EQ(told(), std::vector<std::string>{"33"});
}

TEST_F(NotificationStoring, periods_run_on_while_offline) {
    bench.write_attributes("/3303/0/5700", {"pmin=10", "pmax=60"});
    bench.dut.set_offline(true, bench.turn);
    bench.advance(130s);
    bench.dut.set_offline(false, bench.turn);
    EXPECT_EQ(told(), (std::vector<std::string>{"21.5", "21.5"}));
}

TEST_F(NotificationStoring, what_happened_while_disabled_follows_the_new_registration) {
    disable_for("120");
    EXPECT_EQ(bench.dut.session(0).registration().state(), RegistrationState::disabled);
    bench.measure(30);
    bench.advance(119s);
    EXPECT_TRUE(bench.take().empty());
    bench.advance(1s);
    const coap::Message request = bench.only_frame();
    EXPECT_EQ(request.path_text(), "/rd");
    bench.give(Bench::created(request));
    EXPECT_EQ(told(), std::vector<std::string>{"30"});
    bench.measure(31);
    EXPECT_TRUE(bench.take().empty());  // a registration starts without observations
}

TEST_F(NotificationStoring, without_storing_nothing_is_left_of_a_disabled_time) {
    do_not_store();
    disable_for("120");
    bench.measure(30);
    bench.advance(120s);
    bench.give(Bench::created(bench.only_frame()));
    EXPECT_TRUE(bench.take().empty());
}

TEST_F(NotificationStoring, the_oldest_leave_when_too_many_are_kept) {
    bench.dut.set_offline(true, bench.turn);
    for (int i = 0; i < 70; ++i) bench.measure(100 + i);
    bench.dut.set_offline(false, bench.turn);
    const auto values = told();
    ASSERT_EQ(values.size(), 64U);
    EXPECT_EQ(values.front(), "106");
    EXPECT_EQ(values.back(), "169");
}

TEST_F(NotificationStoring, a_server_that_forgot_the_observation_ends_it_with_a_reset) {
    bench.dut.set_offline(true, bench.turn);
    bench.measure(30);
    bench.dut.set_offline(false, bench.turn);
    bench.give(coap::make_reset(bench.only_frame().message_id));
    EXPECT_EQ(bench.observations(), 0U);
}

TEST(Session, while_offline_it_says_and_hears_nothing_and_then_catches_up) {
    Bench bench;
    bench.registered();
    bench.dut.set_offline(true, bench.turn);
    bench.give(bench.request(codes::get, "/3/0/0"));
    bench.advance(1000s);
    EXPECT_TRUE(bench.take().empty());
    bench.dut.set_offline(false, bench.turn);
    EXPECT_EQ(bench.only_frame().path_text(), "/rd/7");
}

}  // namespace
}  // namespace scef::client
