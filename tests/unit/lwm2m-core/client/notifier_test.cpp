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

}  // namespace
}  // namespace scef::client
