#include "lwm2m-core/client/client.h"

#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

using namespace std::chrono_literals;
namespace codes = coap::codes;
namespace options = coap::options;

TEST(Client, a_repeated_request_gets_the_same_answer_and_runs_once) {
    Bench bench;
    bench.registered();
    const coap::Message reboot = bench.request(codes::post, "/3/0/4");
    const coap::Message first = bench.ask(reboot);
    bench.advance(1s);
    EXPECT_EQ(bench.ask(reboot), first);
    EXPECT_EQ(bench.counters().executed.at("/3/0/4"), 1U);
    EXPECT_EQ(bench.dut.session(0).messages().duplicates_suppressed(), 1U);
    EXPECT_EQ(bench.counters().requests_handled, 1U);
}

TEST(Client, after_the_exchange_lifetime_a_message_id_is_new_again) {
    Bench bench;
    const coap::Message trigger = bench.request(codes::post, "/3/0/12");
    bench.ask(trigger);
    bench.advance(246s);
    bench.ask(trigger);
    EXPECT_EQ(bench.counters().executed.at("/3/0/12"), 1U);
    bench.advance(1s);
    bench.ask(trigger);
    EXPECT_EQ(bench.counters().executed.at("/3/0/12"), 2U);
}

TEST(Client, a_non_confirmable_request_is_answered_once_and_non_confirmable) {
    Bench bench;
    coap::Message request = bench.request(codes::get, "/3/0/1");
    request.type = coap::Type::non_confirmable;
    EXPECT_EQ(bench.ask(request).type, coap::Type::non_confirmable);
    bench.give(request);
    EXPECT_TRUE(bench.take().empty());
}

TEST(Client, a_ping_is_reset_and_foreign_octets_are_ignored) {
    Bench bench;
    coap::Message ping;
    ping.message_id = 9;
    EXPECT_EQ(bench.ask(ping), coap::make_reset(9));
    bench.dut.on_frame(0, from_hex("16fefd0000"), bench.turn);
    bench.dut.on_frame(0, {}, bench.turn);
    EXPECT_TRUE(bench.take().empty());
}

TEST(Client, only_one_confirmable_of_its_own_is_outstanding) {
    Bench bench;
    bench.registered();
    bench.dut.update_now(bench.turn);
    ASSERT_TRUE(bench.dut.send_now(default_send_content(), bench.turn));
    const coap::Message update = bench.only_frame();
    EXPECT_EQ(update.path_text(), "/rd/7");
    bench.give(coap::make_response(update, codes::changed));
    const coap::Message send = bench.only_frame();
    EXPECT_EQ(send.path_text(), "/dp");
    bench.give(coap::make_response(send, codes::changed));
    EXPECT_EQ(bench.counters().sends, 1U);
}

TEST(Client, a_send_carries_values_with_the_time) {
    Bench bench;
    bench.registered();
    ASSERT_TRUE(bench.dut.send_now(default_send_content(), bench.turn));
    const coap::Message send = bench.only_frame();
    EXPECT_EQ(send.uint_option(options::content_format), 110U);
    EXPECT_EQ(payload_of(send),
              R"([{"bt":1795000000,"n":"/3303/0/5700","v":21.5},{"n":"/3303/1/5700","v":7.25},)"
              R"({"n":"/3/0/9","v":92}])");
}

TEST(Client, sends_by_itself_at_the_configured_interval) {
    ClientSettings settings = Bench::default_settings();
    settings.send_interval = 30s;
    Bench bench(settings);
    bench.registered();
    bench.advance(29s);
    EXPECT_TRUE(bench.take().empty());
    bench.advance(1s);
    EXPECT_EQ(bench.only_frame().path_text(), "/dp");
}

TEST(Client, sends_do_not_pile_up_while_the_server_is_silent) {
    Bench bench;
    bench.registered();
    for (int i = 0; i < 9; ++i) EXPECT_TRUE(bench.dut.send_now(default_send_content(), bench.turn));
    EXPECT_EQ(bench.dut.send_now(default_send_content(), bench.turn).error().code,
              Errc::queue_full);
}

TEST(Client, without_a_registration_it_does_not_send) {
    Bench bench;
    EXPECT_EQ(bench.dut.send_now(default_send_content(), bench.turn).error().code, Errc::conflict);
}

TEST(Client, a_measured_value_moves_the_extremes) {
    Bench bench;
    bench.measure(30.5);
    bench.measure(-2);
    EXPECT_EQ(payload_of(bench.get("/3303/0/5602")), "30.5");
    EXPECT_EQ(payload_of(bench.get("/3303/0/5601")), "-2");
    bench.ask(bench.request(codes::post, "/3303/0/5605"));
    EXPECT_EQ(payload_of(bench.get("/3303/0/5602")), "-2");
}

TEST(Client, a_value_of_the_wrong_type_or_place_is_refused) {
    Bench bench;
    EXPECT_EQ(bench.dut.set_value(Path(3303, 0, 5700), std::string("hot"), bench.turn).error().code,
              Errc::invalid_argument);
    EXPECT_EQ(bench.dut.set_value(Path(3303, 5, 5700), 1.0, bench.turn).error().code,
              Errc::not_found);
}

TEST(Client, a_written_clock_goes_on_from_there) {
    Bench bench;
    bench.write(codes::put, "/3/0/13", 0, to_bytes("1000"));
    bench.advance(5s);
    EXPECT_EQ(payload_of(bench.get("/3/0/13")), "1005");
}

TEST(Client, a_large_write_may_come_in_blocks) {
    Bench bench;
    coap::Message first = bench.request(codes::put, "/3303/0/5750");
    first.payload = Bytes(16, 'a');
    first.add_uint(options::block1, coap::Block{0, true, 0}.value());
    EXPECT_EQ(bench.ask(first).code, codes::continue_);
    coap::Message second = bench.request(codes::put, "/3303/0/5750");
    second.payload = to_bytes("bcd");
    second.add_uint(options::block1, coap::Block{1, false, 0}.value());
    EXPECT_EQ(bench.ask(second).code, codes::changed);
    EXPECT_EQ(payload_of(bench.get("/3303/0/5750")), std::string(16, 'a') + "bcd");
    second.message_id = 4321;
    EXPECT_EQ(bench.ask(second).code, codes::request_entity_incomplete);
}

TEST(Client, a_read_may_be_taken_in_blocks) {
    Bench bench;
    const std::string whole = payload_of(bench.get("/3/0", 40));
    std::string joined;
    bool more = true;
    for (std::uint32_t number = 0; more; ++number) {
        coap::Message request = bench.request(codes::get, "/3/0");
        request.add_uint(options::accept, 40);
        request.add_uint(options::block2, coap::Block{number, false, 2}.value());
        const coap::Message answer = bench.ask(request);
        const auto block = coap::Block::from(answer, options::block2);
        ASSERT_TRUE(block);
        more = block->more;
        joined += payload_of(answer);
    }
    EXPECT_EQ(joined, whole);
}

}  // namespace
}  // namespace scef::client
