#include "lwm2m-core/client/registration.h"

#include "lwm2m-core/client/objects/definitions.h"
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
              "</>;rt=\"oma.lwm2m\";ct=110,</1>;ver=1.1,</1/0>,</3>;ver=1.1,</3/0>,"
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

/// When each Register of a server that refuses every one goes out, in seconds from the first.
std::vector<std::int64_t> refused_registers(Bench& bench, std::size_t count) {
    const Instant start = bench.turn.now;
    std::vector<std::int64_t> times;
    bench.dut.start(bench.turn);
    while (times.size() < count) {
        for (const coap::Message& message : bench.take()) {
            times.push_back((bench.turn.now - start) / 1s);
            bench.give(coap::make_response(message, codes::forbidden));
        }
        bench.advance(1s);
    }
    return times;
}

TEST(Registration, attempts_double_their_distance_and_sequences_follow_after_their_delay) {
    ClientSettings settings = Bench::default_settings();
    settings.retry = {4, 10s, 1000s, 2};
    Bench bench(settings);
    EXPECT_EQ(refused_registers(bench, 9),
              (std::vector<std::int64_t>{0, 10, 30, 70, 1070, 1080, 1100, 1140, 2140}));
    EXPECT_EQ(bench.counters().failures, 9U);
}

TEST(Registration, the_defaults_of_the_specification_hold_where_the_account_is_silent) {
    ObjectModel model;
    model.add(objects::server);
    model.add_instance(ids::server, 3);
    const ServerAccount account = *server_account(model, 3);
    EXPECT_EQ(account.retry.retry_count, 5);
    EXPECT_EQ(account.retry.retry_timer, 60s);
    EXPECT_EQ(account.retry.sequence_delay, 24h);
    EXPECT_EQ(account.retry.sequence_count, 1);
    EXPECT_EQ(account.disable_timeout, 24h);
    EXPECT_TRUE(account.bootstrap_on_failure);
    EXPECT_FALSE(account.failure_block);
    EXPECT_TRUE(account.mute_send);
    EXPECT_FALSE(server_account(model, 0));
}

TEST(Registration, numbers_out_of_reason_do_no_harm) {
    Bench bench;
    for (const auto resource : {1, 2, 3, 5, 14, 17, 18, 19, 20}) {
        for (const std::int64_t number : {std::int64_t{-1}, INT64_MIN, INT64_MAX}) {
            const Status set = bench.dut.set_value(Path(1, 0, resource), number, bench.turn);
            EXPECT_EQ(set.has_value(), number > 0 || resource <= 5) << resource;
            bench.dut.start(bench.turn);
            for (const coap::Message& message : bench.take()) {
                bench.give(coap::make_response(message, codes::forbidden));
            }
            bench.advance(10s);
            bench.take();
        }
    }
    EXPECT_GT(bench.dut.due(), bench.turn.now);
}

TEST(Registration, disable_deregisters_stays_away_and_registers_again) {
    Bench bench;
    bench.registered();
    bench.write(codes::put, "/1/0/5", 0, to_bytes("600"));
    bench.give(bench.request(codes::post, "/1/0/4"));
    const auto messages = bench.take();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[1].code, codes::del);
    bench.give(coap::make_response(messages[1], codes::deleted));
    bench.dut.update_now(bench.turn);
    bench.advance(599s);
    EXPECT_TRUE(bench.take().empty());
    bench.advance(1s);
    EXPECT_EQ(bench.only_frame().path_text(), "/rd");
}

TEST(Registration, a_disable_takes_effect_even_if_the_deregistration_is_lost) {
    Bench bench;
    bench.registered();
    bench.give(bench.request(codes::post, "/1/0/4"));
    bench.advance(1000s);
    bench.take();
    EXPECT_EQ(bench.dut.session(0).registration().state(), RegistrationState::disabled);
    bench.advance(24h);
    EXPECT_EQ(bench.take().front().path_text(), "/rd");
}

TEST(Registration, a_server_mutes_and_unmutes_sends) {
    ClientSettings settings = Bench::default_settings();
    settings.send_interval = 30s;
    Bench bench(settings);
    bench.registered();
    EXPECT_EQ(bench.write(codes::put, "/1/0/23", 0, to_bytes("1")).code, codes::changed);
    EXPECT_EQ(bench.dut.send_now(default_send_content(), bench.turn).error().code, Errc::conflict);
    bench.advance(100s);
    EXPECT_TRUE(bench.take().empty());
    EXPECT_EQ(bench.write(codes::put, "/1/0/23", 0, to_bytes("0")).code, codes::changed);
    bench.advance(30s);
    EXPECT_EQ(bench.only_frame().path_text(), "/dp");
}

TEST(Registration, a_send_carries_what_is_asked_in_cbor_too) {
    Bench bench;
    bench.registered();
    EXPECT_TRUE(bench.dut.send_now({{Path(3, 0, 9)}, 112}, bench.turn));
    const coap::Message send = bench.only_frame();
    EXPECT_EQ(send.uint_option(options::content_format), 112U);
    EXPECT_EQ(to_hex(send.payload), "81a3221a6afd86c000662f332f302f3902185c");
    EXPECT_EQ(bench.dut.send_now({{Path(77)}, 110}, bench.turn).error().code, Errc::not_found);
}

TEST(Registration, each_server_has_its_registration_and_its_account) {
    Bench bench(Bench::with_servers(2));
    bench.registered();
    bench.pipe = 1;
    coap::Message write = bench.request(codes::put, "/1/1/1");
    write.payload = to_bytes("600");
    bench.give(write);
    EXPECT_EQ(bench.dut.session(0).account().lifetime_seconds, 300);
    EXPECT_EQ(bench.dut.session(1).account().lifetime_seconds, 600);
    EXPECT_EQ(bench.dut.session(1).registration().state(), RegistrationState::updating);
    EXPECT_EQ(bench.dut.session(0).registration().state(), RegistrationState::registered);
}

TEST(Registration, in_queue_mode_a_silent_client_is_deaf_until_it_speaks) {
    ClientSettings settings = Bench::default_settings();
    settings.queue_mode = true;
    settings.queue_awake = 93s;
    Bench bench(settings);
    bench.registered();
    bench.advance(90s);
    EXPECT_EQ(bench.get("/3/0/0").code, codes::content);  // and stays awake for it
    bench.advance(92s);
    EXPECT_TRUE(bench.dut.is_listening(bench.turn.now));
    bench.advance(1s);
    bench.give(bench.request(codes::get, "/3/0/0"));
    EXPECT_TRUE(bench.take().empty());
    bench.advance(240s - 90s - 93s);
    const coap::Message update = bench.only_frame();
    EXPECT_EQ(update.path_text(), "/rd/7");
    bench.give(coap::make_response(update, codes::changed));
    EXPECT_EQ(bench.get("/3/0/0").code, codes::content);
}

}  // namespace
}  // namespace scef::client
