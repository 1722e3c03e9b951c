#include "lwm2m-core/client/notifier.h"

#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

using namespace std::chrono_literals;
namespace codes = coap::codes;
namespace options = coap::options;

TEST(Notifier, a_change_is_notified_with_the_observations_token_and_a_growing_number) {
    Bench bench;
    const coap::Message answer = bench.observe("/3303/0/5700");
    const auto first = answer.uint_option(options::observe);
    ASSERT_TRUE(first);
    bench.measure(22.25);
    const coap::Message notification = bench.only_frame();
    EXPECT_EQ(notification.type, coap::Type::non_confirmable);
    EXPECT_EQ(notification.token, (coap::Token{0x0b, 0x01}));
    EXPECT_GT(notification.uint_option(options::observe), first);
    EXPECT_EQ(payload_of(notification), "22.25");
}

TEST(Notifier, the_same_value_again_is_no_news) {
    Bench bench;
    bench.observe("/3303/0/5700");
    bench.measure(21.5);
    EXPECT_TRUE(bench.take().empty());
}

TEST(Notifier, pmin_delays_and_joins_changes) {
    Bench bench;
    bench.write_attributes("/3303/0/5700", {"pmin=10"});
    bench.observe("/3303/0/5700");
    bench.measure(23);
    bench.measure(24);
    EXPECT_TRUE(bench.take().empty());
    bench.advance(10s);
    EXPECT_EQ(payload_of(bench.only_frame()), "24");
}

TEST(Notifier, pmax_repeats_an_unchanged_value) {
    Bench bench;
    bench.write_attributes("/3303", {"pmax=60"});
    bench.observe("/3303/0/5700");
    bench.advance(59s);
    EXPECT_TRUE(bench.take().empty());
    bench.advance(1s);
    EXPECT_EQ(payload_of(bench.only_frame()), "21.5");
    bench.advance(60s);
    EXPECT_EQ(bench.take().size(), 1U);
}

TEST(Notifier, a_threshold_lets_only_crossings_through) {
    Bench bench;
    bench.write_attributes("/3303/0/5700", {"gt=25"});
    bench.observe("/3303/0/5700");
    bench.measure(24);
    EXPECT_TRUE(bench.take().empty());
    bench.measure(26);
    EXPECT_EQ(payload_of(bench.only_frame()), "26");
    bench.measure(27);
    EXPECT_TRUE(bench.take().empty());
}

TEST(Notifier, bad_attributes_are_refused) {
    Bench bench;
    EXPECT_EQ(bench.write_attributes("/3303/0/5700", {"pmin=x"}), codes::bad_request);
    EXPECT_EQ(bench.write_attributes("/3303/0/5700", {"colour=1"}), codes::bad_request);
    EXPECT_EQ(bench.write_attributes("/3303/0", {"gt=1"}), codes::bad_request);
    EXPECT_EQ(bench.write_attributes("/3303/7/5700", {"pmin=1"}), codes::not_found);
}

TEST(Notifier, a_cancelled_observation_is_silent) {
    Bench bench;
    bench.observe("/3303/0/5700");
    coap::Message cancel = bench.request(codes::get, "/3303/0/5700", {0x0b, 0x01});
    cancel.add_uint(options::observe, 1);
    const coap::Message answer = bench.ask(cancel);
    EXPECT_EQ(answer.code, codes::content);
    EXPECT_EQ(answer.find(options::observe), nullptr);
    bench.measure(30);
    EXPECT_TRUE(bench.take().empty());
}

TEST(Notifier, a_reset_ends_the_observation) {
    Bench bench;
    bench.observe("/3303/0/5700");
    bench.measure(30);
    bench.give(coap::make_reset(bench.only_frame().message_id));
    bench.measure(31);
    EXPECT_TRUE(bench.take().empty());
    EXPECT_EQ(bench.observations(), 0U);
}

TEST(Notifier, a_confirmable_notification_waits_for_its_ack_and_the_newest_replaces_older_ones) {
    ClientSettings settings = Bench::default_settings();
    settings.confirmable_notifications = true;
    Bench bench(settings);
    bench.observe("/3303/0/5700");
    bench.measure(30);
    const coap::Message first = bench.only_frame();
    EXPECT_EQ(first.type, coap::Type::confirmable);
    bench.measure(31);
    bench.measure(32);
    EXPECT_TRUE(bench.take().empty());
    bench.give(coap::make_ack(first.message_id));
    EXPECT_EQ(payload_of(bench.only_frame()), "32");
}

TEST(Notifier, a_confirmable_notification_that_is_never_acknowledged_ends_the_observation) {
    ClientSettings settings = Bench::default_settings();
    settings.confirmable_notifications = true;
    Bench bench(settings);
    bench.observe("/3303/0/5700");
    bench.measure(30);
    bench.advance(1000s);
    EXPECT_EQ(bench.take().size(), 5U);
    EXPECT_EQ(bench.observations(), 0U);
}

TEST(Notifier, while_asleep_changes_wait_and_the_last_value_is_told_on_waking) {
    Bench bench;
    bench.observe("/3303/0/5700");
    bench.dut.set_asleep(true);
    bench.measure(30);
    bench.measure(31);
    EXPECT_TRUE(bench.take().empty());
    bench.dut.set_asleep(false);
    bench.dut.on_time(bench.turn);
    EXPECT_EQ(payload_of(bench.only_frame()), "31");
}

TEST(Notifier, an_observed_instance_that_is_deleted_ends_with_not_found) {
    Bench bench;
    bench.observe("/3303/1");
    bench.give(bench.request(codes::del, "/3303/1"));
    const auto messages = bench.take();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[1].code, codes::not_found);
    EXPECT_EQ(bench.observations(), 0U);
}

TEST(Notifier, a_new_registration_starts_without_observations) {
    Bench bench;
    bench.registered();
    bench.observe("/3303/0/5700");
    bench.dut.register_now(bench.turn);
    EXPECT_EQ(bench.observations(), 0U);
}

TEST(Notifier, a_composite_observation_tells_all_its_paths) {
    Bench bench;
    coap::Message request = bench.request(codes::fetch, "", {0x0c});
    request.add_uint(options::observe, 0);
    request.add_uint(options::content_format, 110);
    request.payload = to_bytes(R"([{"n":"/3303/0/5700"},{"n":"/3/0/9"}])");
    EXPECT_TRUE(bench.ask(request).find(options::observe) != nullptr);
    bench.measure(40);
    EXPECT_EQ(payload_of(bench.only_frame()),
              R"([{"n":"/3303/0/5700","v":40},{"n":"/3/0/9","v":92}])");
}

TEST(Notifier, pmin_counts_from_the_last_notification_not_from_the_change) {
    Bench bench;
    bench.write_attributes("/3303/0/5700", {"pmin=10"});
    bench.observe("/3303/0/5700");
    bench.advance(30s);
    bench.measure(23);
    EXPECT_EQ(payload_of(bench.only_frame()), "23");  // pmin was over long ago
    bench.measure(24);
    bench.advance(9s);
    EXPECT_TRUE(bench.take().empty());
    bench.advance(1s);
    EXPECT_EQ(payload_of(bench.only_frame()), "24");
}

TEST(Notifier, a_value_that_is_back_when_pmin_is_over_is_no_news) {
    Bench bench;
    bench.write_attributes("/3303/0/5700", {"pmin=10"});
    bench.observe("/3303/0/5700");
    bench.measure(23);
    bench.measure(21.5);
    bench.advance(60s);
    EXPECT_TRUE(bench.take().empty());
}

TEST(Notifier, a_pmax_below_pmin_is_ignored) {
    Bench bench;
    bench.write_attributes("/3303/0/5700", {"pmin=60", "pmax=30"});
    bench.observe("/3303/0/5700");
    bench.advance(600s);
    EXPECT_TRUE(bench.take().empty());
}

TEST(Notifier, a_step_counts_from_the_last_notified_value) {
    Bench bench;
    bench.write_attributes("/3303/0/5700", {"st=2"});
    bench.observe("/3303/0/5700");
    for (const double value : {22.5, 23.25, 20.0}) bench.measure(value);
    EXPECT_TRUE(bench.take().empty());
    bench.measure(23.5);
    EXPECT_EQ(payload_of(bench.only_frame()), "23.5");
    bench.measure(22);
    EXPECT_TRUE(bench.take().empty());
    bench.measure(21.5);
    EXPECT_EQ(payload_of(bench.only_frame()), "21.5");
}

TEST(Notifier, both_thresholds_count_in_both_directions) {
    Bench bench;
    bench.write_attributes("/3303/0/5700", {"gt=30", "lt=10"});
    bench.observe("/3303/0/5700");
    std::vector<std::string> told;
    for (const double value : {29.0, 31.0, 35.0, 29.0, 11.0, 9.0, 5.0, 12.0, 40.0}) {
        bench.measure(value);
        for (const auto& message : bench.take()) told.push_back(payload_of(message));
    }
    EXPECT_EQ(told, (std::vector<std::string>{"31", "29", "9", "12", "40"}));
}

TEST(Notifier, epmin_holds_the_evaluation_back_and_sees_only_the_value_of_then) {
    Bench bench;
    bench.write_attributes("/3303/0/5700", {"gt=25", "epmin=10", "epmax=20"});
    bench.observe("/3303/0/5700");
    bench.measure(30);
    bench.measure(20);
    bench.advance(10s);
    EXPECT_TRUE(bench.take().empty());  // the peak fell between two evaluations
    bench.measure(30);
    EXPECT_TRUE(bench.take().empty());
    bench.advance(10s);
    EXPECT_EQ(payload_of(bench.only_frame()), "30");
}

TEST(Notifier, con_decides_for_its_path_whatever_the_device_does_else) {
    Bench bench;
    bench.write_attributes("/3303/0/5700", {"con=1"});
    bench.observe("/3303/0/5700", {1});
    bench.observe("/3303/1/5700", {2});
    bench.measure(30);
    EXPECT_EQ(bench.only_frame().type, coap::Type::confirmable);
    EXPECT_TRUE(bench.dut.set_value(Path(3303, 1, 5700), 3.0, bench.turn));
    EXPECT_EQ(bench.only_frame().type, coap::Type::non_confirmable);
}

TEST(Notifier, a_confirmable_is_sent_once_in_24_hours_at_least) {
    Bench bench;
    bench.write_attributes("/3303/0/5700", {"pmax=3600"});
    bench.observe("/3303/0/5700");
    bench.advance(23h);
    for (const auto& message : bench.take()) {
        EXPECT_EQ(message.type, coap::Type::non_confirmable);
    }
    bench.advance(1h);
    EXPECT_EQ(bench.only_frame().type, coap::Type::confirmable);
}

TEST(Notifier, the_default_periods_of_the_account_hold_where_nothing_is_written) {
    Bench bench;
    bench.registered();
    EXPECT_EQ(bench.write(codes::put, "/1/0/2", 0, to_bytes("5")).code, codes::changed);
    EXPECT_EQ(bench.write(codes::put, "/1/0/3", 0, to_bytes("50")).code, codes::changed);
    bench.observe("/3303/0/5700");
    bench.measure(30);
    EXPECT_TRUE(bench.take().empty());
    bench.advance(5s);
    EXPECT_EQ(payload_of(bench.only_frame()), "30");
    bench.advance(50s);
    EXPECT_EQ(payload_of(bench.only_frame()), "30");
}

TEST(Notifier, a_composite_observation_follows_the_attributes_of_each_path) {
    Bench bench;
    bench.write_attributes("/3303/0/5700", {"gt=25"});
    coap::Message request = bench.request(codes::fetch, "", {0x0c});
    request.add_uint(options::observe, 0);
    request.add_uint(options::content_format, 112);
    request.payload = from_hex("82a1006c2f333330332f302f35373030a100662f332f302f39");
    EXPECT_EQ(bench.ask(request).code, codes::content);
    bench.measure(24);
    EXPECT_TRUE(bench.take().empty());
    EXPECT_TRUE(bench.dut.set_value(Path(3, 0, 9), std::int64_t{91}, bench.turn));
    const coap::Message told = bench.only_frame();
    EXPECT_EQ(told.uint_option(options::content_format), 112U);  // as it was asked
    EXPECT_NE(to_hex(told.payload).find("185b"), std::string::npos) << to_hex(told.payload);
    bench.measure(26);
    EXPECT_EQ(bench.take().size(), 1U);
}

TEST(Notifier, an_instance_is_told_when_any_of_its_resources_changes) {
    Bench bench;
    bench.observe("/3303/0");
    bench.measure(30);  // moves the extreme, too
    EXPECT_EQ(bench.take().size(), 1U);
    EXPECT_EQ(bench.write(codes::put, "/3303/1/5750", 0, to_bytes("x")).code, codes::changed);
    EXPECT_TRUE(bench.take().empty());
}

}  // namespace
}  // namespace scef::client
