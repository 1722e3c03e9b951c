#include "lwm2m-core/client/registration.h"

#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

using namespace std::chrono_literals;
namespace codes = coap::codes;
namespace options = coap::options;

TEST(Registration, when_started_it_registers_over_the_non_ip_binding) {
    Bench bench;
    bench.dut.start(bench.turn);
    const coap::Message request = bench.only_frame();
    EXPECT_EQ(request.type, coap::Type::confirmable);
    EXPECT_EQ(request.code, codes::post);
    EXPECT_EQ(request.path_text(), "/rd");
    EXPECT_EQ(request.query("ep"), "meter-17");
    EXPECT_EQ(request.query("lt"), "300");
    EXPECT_EQ(request.query("lwm2m"), "1.1");
    EXPECT_EQ(request.query("b"), "N");
    EXPECT_FALSE(request.query("Q"));
    EXPECT_EQ(request.uint_option(options::content_format), 40U);
    EXPECT_EQ(payload_of(request),
              "</>;rt=\"oma.lwm2m\";ct=\"110 11542\",</1>;ver=1.1,</1/0>,</3>;ver=1.1,</3/0>,"
              "</3303/0>,</3303/1>");
}

TEST(Registration, with_queue_mode_it_says_so) {
    ClientSettings settings = Bench::default_settings();
    settings.queue_mode = true;
    Bench bench(settings);
    bench.dut.start(bench.turn);
    EXPECT_EQ(bench.only_frame().query("Q"), "");
}

TEST(Registration, when_accepted_it_updates_at_four_fifths_of_the_lifetime) {
    Bench bench;
    bench.registered();
    bench.advance(239s);
    EXPECT_TRUE(bench.take().empty());
    bench.advance(1s);
    const coap::Message update = bench.only_frame();
    EXPECT_EQ(update.code, codes::post);
    EXPECT_EQ(update.path_text(), "/rd/7");
    EXPECT_TRUE(update.payload.empty());
    EXPECT_FALSE(update.query("lt"));
    bench.give(coap::make_response(update, codes::changed));
    EXPECT_EQ(bench.dut.session(0).registration().state(), RegistrationState::registered);
    EXPECT_EQ(bench.counters().updates, 1U);
}

TEST(Registration, when_silent_it_repeats_after_the_ack_timeout_and_then_tries_later) {
    Bench bench;
    bench.dut.start(bench.turn);
    const coap::Message first = bench.only_frame();
    bench.advance(14s);
    EXPECT_TRUE(bench.take().empty());
    bench.advance(9s);
    EXPECT_EQ(bench.only_frame(), first);
    bench.advance(1000s);
    const auto later = bench.take();
    ASSERT_GE(later.size(), 4U);
    EXPECT_EQ(later[2], first);
    EXPECT_NE(later.back().message_id, first.message_id);
    EXPECT_EQ(bench.counters().failures, 1U);
}

TEST(Registration, when_the_server_forgot_it_an_update_leads_to_a_new_register) {
    Bench bench;
    bench.registered();
    bench.dut.update_now(bench.turn);
    bench.give(coap::make_response(bench.only_frame(), codes::not_found));
    EXPECT_EQ(bench.only_frame().path_text(), "/rd");
}

TEST(Registration, when_an_update_meets_overload_it_stays_registered_and_tries_again) {
    Bench bench;
    bench.registered();
    bench.dut.update_now(bench.turn);
    bench.give(coap::make_response(bench.only_frame(), codes::service_unavailable));
    EXPECT_TRUE(bench.dut.is_registered());
    bench.advance(40s);
    EXPECT_EQ(bench.only_frame().path_text(), "/rd/7");
}

TEST(Registration, a_written_lifetime_is_announced_by_an_update) {
    Bench bench;
    bench.registered();
    bench.give([&] {
        coap::Message message = bench.request(codes::put, "/1/0/1");
        message.payload = to_bytes("600");
        return message;
    }());
    const auto messages = bench.take();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0].code, codes::changed);
    EXPECT_EQ(messages[1].query("lt"), "600");
}

TEST(Registration, deregister_deletes_the_location_and_ends_it) {
    Bench bench;
    bench.registered();
    ASSERT_TRUE(bench.dut.deregister_now(bench.turn));
    const coap::Message request = bench.only_frame();
    EXPECT_EQ(request.code, codes::del);
    EXPECT_EQ(request.path_text(), "/rd/7");
    bench.give(coap::make_response(request, codes::deleted));
    EXPECT_EQ(bench.dut.due(), never);
    EXPECT_EQ(bench.dut.deregister_now(bench.turn).error().code, Errc::conflict);
}

TEST(Registration, a_separate_answer_is_taken_and_acknowledged_even_twice) {
    Bench bench;
    bench.dut.start(bench.turn);
    const coap::Message request = bench.only_frame();
    bench.give(coap::make_ack(request.message_id));
    bench.advance(60s);
    EXPECT_TRUE(bench.take().empty());
    coap::Message created = coap::make_response(request, codes::created);
    created.type = coap::Type::confirmable;
    created.message_id = 77;
    bench.give(created);
    EXPECT_EQ(bench.only_frame(), coap::make_ack(77));
    bench.give(created);
    EXPECT_EQ(bench.only_frame(), coap::make_ack(77));
    EXPECT_EQ(bench.counters().registrations, 1U);
}

TEST(Registration, an_unknown_separate_answer_is_reset) {
    Bench bench;
    bench.registered();
    coap::Message stray;
    stray.code = codes::content;
    stray.message_id = 5;
    stray.token = {9, 9};
    bench.give(stray);
    EXPECT_EQ(bench.only_frame(), coap::make_reset(5));
}

}  // namespace
}  // namespace scef::client
