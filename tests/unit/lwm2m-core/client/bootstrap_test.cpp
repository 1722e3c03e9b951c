#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

using namespace std::chrono_literals;
namespace codes = coap::codes;

ClientSettings bootstrapped() {
    ClientSettings settings = Bench::default_settings();
    settings.bootstrap = BootstrapUse::at_start;
    return settings;
}

Bench& asked(Bench& bench) {
    bench.dut.start(bench.turn);
    const coap::Message request = bench.only_frame();
    EXPECT_EQ(request.path_text(), "/bs");
    EXPECT_EQ(request.query("ep"), "meter-17");
    bench.give(coap::make_response(request, codes::changed));
    return bench;
}

TEST(Bootstrap, the_server_writes_both_objects_and_the_client_registers_after_finish) {
    Bench bench(bootstrapped());
    asked(bench);
    EXPECT_EQ(bench.ask(bench.request(codes::del, "")).code, codes::deleted);
    // /0/1: URI "coap+nidd://", not the bootstrap server, NoSec, short id 101
    Bytes tlv = from_hex("c8000c636f61702b6e6964643a2f2fc10100c10203c10a65");
    EXPECT_EQ(bench.write(codes::put, "/0/1", 11542, tlv).code, codes::changed);
    // /1/0: short id 101, lifetime 120, storing true, binding N
    tlv = from_hex("c10065c10178c10601c1074e");
    EXPECT_EQ(bench.write(codes::put, "/1/0", 11542, tlv).code, codes::changed);
    bench.give(bench.request(codes::post, "/bs"));
    const auto messages = bench.take();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0].code, codes::changed);
    EXPECT_EQ(messages[1].path_text(), "/rd");
    EXPECT_EQ(messages[1].query("lt"), "120");
}

TEST(Bootstrap, the_security_object_is_never_read) {
    Bench bench(bootstrapped());
    asked(bench);
    EXPECT_EQ(bench.get("/0/0/0").code, codes::method_not_allowed);
    Bench managed;
    managed.registered();
    EXPECT_EQ(managed.get("/0/1/0").code, codes::unauthorized);
    EXPECT_EQ(managed.get("/0", 40).code, codes::unauthorized);
}

TEST(Bootstrap, when_the_server_never_finishes_the_client_asks_again) {
    Bench bench(bootstrapped());
    asked(bench);
    bench.advance(246s);
    EXPECT_TRUE(bench.take().empty());
    bench.advance(1s);
    EXPECT_EQ(bench.only_frame().path_text(), "/bs");
}

TEST(Bootstrap, a_normal_server_may_not_finish_a_bootstrap) {
    Bench bench;
    bench.registered();
    EXPECT_EQ(bench.ask(bench.request(codes::post, "/bs")).code, codes::method_not_allowed);
}

/// Account 101 in /0/1 and /1/0, as TLV.
const Bytes security_account = from_hex("c8000c636f61702b6e6964643a2f2fc10100c10203c10a65");
const Bytes server_account_101 = from_hex("c10065c10178c10601c1074e");

void write_accounts(Bench& bench) {
    EXPECT_EQ(bench.write(codes::put, "/0/1", 11542, security_account).code, codes::changed);
    EXPECT_EQ(bench.write(codes::put, "/1/0", 11542, server_account_101).code, codes::changed);
}

/// Bootstraps from the request on; gives the Register that follows.
coap::Message bootstrap(Bench& bench) {
    asked(bench);
    write_accounts(bench);
    bench.give(bench.request(codes::post, "/bs"));
    const auto messages = bench.take();
    EXPECT_EQ(messages.size(), 2U);
    return messages.empty() ? coap::Message{} : messages.back();
}

TEST(Bootstrap, accounts_that_do_not_fit_together_are_not_acceptable) {
    Bench bench(bootstrapped());
    asked(bench);
    EXPECT_EQ(bench.post("/bs").code, codes::not_acceptable);  // no account at all
    EXPECT_EQ(bench.write(codes::put, "/1/0", 11542, server_account_101).code, codes::changed);
    EXPECT_EQ(bench.post("/bs").code, codes::not_acceptable);  // no security for it
    EXPECT_EQ(bench.write(codes::put, "/0/1", 11542, security_account).code, codes::changed);
    EXPECT_EQ(bench.write(codes::put, "/1/1", 11542, from_hex("c10066")).code, codes::changed);
    EXPECT_EQ(bench.post("/bs").code, codes::not_acceptable);  // half an account
    EXPECT_EQ(bench.ask(bench.request(codes::del, "/1/1")).code, codes::deleted);
    bench.give(bench.request(codes::post, "/bs"));
    EXPECT_EQ(bench.take().front().code, codes::changed);
}

TEST(Bootstrap, discover_shows_accounts_with_short_ids_and_uris) {
    Bench bench(bootstrapped());
    asked(bench);
    write_accounts(bench);
    EXPECT_EQ(payload_of(bench.get("/0", 40)),
              "</>;lwm2m=1.1,</0>;ver=1.1,</0/0>;uri=\"coap+nidd://\","
              "</0/1>;ssid=101;uri=\"coap+nidd://\"");
    const std::string all = payload_of(bench.get("/", 40));
    EXPECT_TRUE(all.starts_with("</>;lwm2m=1.1,</0>;ver=1.1,</0/0>;uri=")) << all;
    EXPECT_NE(all.find("</1>;ver=1.1,</1/0>;ssid=101,</3>;ver=1.1,</3/0>"), std::string::npos)
        << all;
    EXPECT_EQ(bench.get("/4711", 40).code, codes::not_found);
    EXPECT_EQ(bench.get("/1/0", 40).code, codes::bad_request);
}

TEST(Bootstrap, read_is_for_accounts_and_access_control_alone) {
    ClientSettings settings = bootstrapped();
    settings.objects = object_sets::all();
    Bench bench(settings);
    asked(bench);
    write_accounts(bench);
    EXPECT_EQ(payload_of(bench.get("/1", 110)),
              R"([{"bn":"/1/","n":"0/0","v":101},{"n":"0/1","v":120},{"n":"0/6","vb":true},)"
              R"({"n":"0/7","vs":"N"}])");
    EXPECT_EQ(bench.get("/1/0").code, codes::content);
    EXPECT_EQ(bench.get("/2").code, codes::content);
    for (const std::string_view path : {"/1/0/0", "/3", "/3/0", "/", "/0"}) {
        EXPECT_EQ(bench.get(path).code, codes::method_not_allowed) << path;
    }
}

TEST(Bootstrap, what_servers_may_not_change_is_written_and_nothing_else_is_operated) {
    Bench bench(bootstrapped());
    asked(bench);
    write_accounts(bench);
    EXPECT_EQ(bench.write(codes::put, "/1/0/13", 0, to_bytes("4")).code, codes::changed);
    EXPECT_EQ(integer_at(bench.dut.model(), Path(1, 0, 13)), 4);
    EXPECT_EQ(bench
                  .write(codes::put, "/1", 110,
                         to_bytes(R"([{"bn":"/1/5/","n":"0","v":7},{"n":"1","v":60}])"))
                  .code,
              codes::changed);
    EXPECT_EQ(integer_at(bench.dut.model(), Path(1, 5, 1)), 60);
    EXPECT_EQ(bench.post("/3/0/4").code, codes::method_not_allowed);
    EXPECT_EQ(bench.post("/3303").code, codes::method_not_allowed);
    EXPECT_EQ(bench.write_attributes("/3", {"pmin=1"}), codes::method_not_allowed);
    EXPECT_EQ(bench.write(codes::fetch, "", 110, {}).code, codes::method_not_allowed);
    EXPECT_EQ(bench.write(codes::put, "/99/0", 11542, {}).code, codes::not_found);
}

TEST(Bootstrap, a_delete_of_the_root_spares_the_bootstrap_account_and_the_device) {
    ClientSettings settings = bootstrapped();
    settings.objects = object_sets::all();
    Bench bench(settings);
    asked(bench);
    write_accounts(bench);
    EXPECT_EQ(bench.ask(bench.request(codes::del, "")).code, codes::deleted);
    const ObjectModel& model = bench.dut.model();
    EXPECT_EQ(model.object(0)->instances.size(), 1U);
    EXPECT_TRUE(boolean_at(model, Path(0, 0, 1)));
    EXPECT_TRUE(model.object(1)->instances.empty());
    EXPECT_TRUE(model.object(11)->instances.empty());
    EXPECT_TRUE(model.exists(Path(3, 0)));
    EXPECT_TRUE(model.exists(Path(3303, 1)));
    EXPECT_EQ(bench.ask(bench.request(codes::del, "/3/0")).code, codes::method_not_allowed);
}

TEST(Bootstrap, the_request_waits_for_the_hold_off_time) {
    ClientSettings settings = bootstrapped();
    settings.bootstrap_hold_off = 20s;
    Bench bench(settings);
    bench.dut.start(bench.turn);
    bench.advance(19s);
    EXPECT_TRUE(bench.take().empty());
    bench.advance(1s);
    EXPECT_EQ(bench.only_frame().path_text(), "/bs");
}

TEST(Bootstrap, during_the_hold_off_the_server_may_begin_by_itself) {
    ClientSettings settings = bootstrapped();
    settings.bootstrap_hold_off = 20s;
    Bench bench(settings);
    bench.dut.start(bench.turn);
    write_accounts(bench);
    bench.give(bench.request(codes::post, "/bs"));
    EXPECT_EQ(bench.take().back().path_text(), "/rd");
}

TEST(Bootstrap, afterwards_the_account_says_when_and_the_bootstrap_account_is_purged) {
    ClientSettings settings = bootstrapped();
    settings.bootstrap_account_timeout = 600s;
    Bench bench(settings);
    const coap::Message request = bootstrap(bench);
    EXPECT_EQ(integer_at(bench.dut.model(), Path(1, 0, 12)), 1'795'000'000);
    bench.give(Bench::created(request));
    bench.advance(599s);
    EXPECT_TRUE(bench.dut.bootstrap().has_account());
    bench.advance(1s);
    EXPECT_FALSE(bench.dut.bootstrap().has_account());
    EXPECT_EQ(bench.dut.bootstrap_now(bench.turn).error().code, Errc::conflict);
    bench.take();
    EXPECT_EQ(bench.post("/1/0/9").code, codes::method_not_allowed);
}

TEST(Bootstrap, a_server_triggers_it_by_execute) {
    ClientSettings settings = Bench::default_settings();
    settings.bootstrap = BootstrapUse::account;
    Bench bench(settings);
    bench.registered();
    bench.give(bench.request(codes::post, "/1/0/9"));
    const auto messages = bench.take();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0].code, codes::changed);
    EXPECT_EQ(messages[1].path_text(), "/bs");
    bench.give(coap::make_response(messages[1], codes::changed));
    EXPECT_EQ(bench.ask(bench.request(codes::del, "/1")).code, codes::deleted);
    write_accounts(bench);
    bench.give(bench.request(codes::post, "/bs"));
    const coap::Message again = bench.take().back();
    EXPECT_EQ(again.query("lt"), "120");
    bench.give(Bench::created(again));
    EXPECT_TRUE(bench.dut.is_registered());
    EXPECT_EQ(bench.dut.session(0).account().short_server_id, 101);
}

TEST(Bootstrap, a_registration_that_fails_for_good_leads_to_it_unless_forbidden) {
    ClientSettings settings = Bench::default_settings();
    settings.bootstrap = BootstrapUse::account;
    settings.retry = {1, 10s, 100s, 1};
    for (const bool allowed : {true, false}) {
        Bench bench(settings);
        EXPECT_TRUE(bench.dut.set_value(Path(1, 0, 16), allowed, bench.turn));
        bench.dut.start(bench.turn);
        bench.give(coap::make_response(bench.only_frame(), codes::forbidden));
        const auto next = bench.take();
        EXPECT_EQ(next.size(), allowed ? 1U : 0U);
        EXPECT_TRUE(next.empty() || next.front().path_text() == "/bs");
        bench.advance(100s);
        EXPECT_TRUE(allowed || bench.only_frame().path_text() == "/rd");
    }
}

TEST(Bootstrap, a_refused_request_is_repeated_with_growing_pauses) {
    Bench bench(bootstrapped());
    bench.dut.start(bench.turn);
    Instant before = bench.turn.now;
    std::vector<std::int64_t> pauses;
    bench.give(coap::make_response(bench.only_frame(), codes::bad_request));
    while (pauses.size() < 6) {
        bench.advance(1s);
        for (const coap::Message& message : bench.take()) {
            pauses.push_back((bench.turn.now - before) / 1s);
            before = bench.turn.now;
            bench.give(coap::make_response(message, codes::bad_request));
        }
    }
    for (std::size_t i = 0; i < pauses.size(); ++i) {
        const std::int64_t least = std::min<std::int64_t>(600, 30LL << i);
        EXPECT_GE(pauses[i], least);
        EXPECT_LE(pauses[i], least * 5 / 4 + 1);
    }
}

TEST(Bootstrap, each_command_gives_the_server_its_time_anew) {
    Bench bench(bootstrapped());
    asked(bench);
    bench.advance(200s);
    write_accounts(bench);
    bench.advance(246s);
    EXPECT_TRUE(bench.take().empty());
    bench.advance(1s);
    EXPECT_EQ(bench.only_frame().path_text(), "/bs");
}

TEST(Bootstrap, while_a_bootstrap_server_cannot_be_reached_the_registration_is_kept_up) {
    ClientSettings settings = Bench::default_settings();
    settings.bootstrap = BootstrapUse::account;
    Bench bench(settings);
    bench.registered();
    bench.observe("/3303/0/5700");
    EXPECT_TRUE(bench.dut.bootstrap_now(bench.turn));
    bench.measure(30);
    const coap::Message asked = bench.only_frame();
    EXPECT_EQ(asked.path_text(), "/bs");
    bench.give(coap::make_response(asked, codes::not_found));
    EXPECT_EQ(payload_of(bench.only_frame()), "30");  // it waited for the answer
    std::size_t updates = 0, requests = 0;
    for (int i = 0; i < 600; ++i) {
        bench.advance(1s);
        for (const coap::Message& message : bench.take()) {
            const bool is_update = message.path_text() == "/rd/7";
            ++(is_update ? updates : requests);
            bench.give(coap::make_response(message, is_update ? codes::changed : codes::not_found));
        }
    }
    EXPECT_EQ(updates, 2U);
    EXPECT_GE(requests, 3U);
    EXPECT_TRUE(bench.dut.is_registered());
}

TEST(Bootstrap, a_reboot_in_between_begins_anew) {
    Bench bench(bootstrapped());
    const coap::Message request = bootstrap(bench);
    bench.give(Bench::created(request));
    bench.give(bench.request(codes::post, "/3/0/5"));  // Factory Reset
    bench.take();
    bench.advance(2s);
    EXPECT_EQ(bench.only_frame().path_text(), "/bs");
    EXPECT_TRUE(bench.dut.model().object(1)->instances.empty());
}

}  // namespace
}  // namespace scef::client
