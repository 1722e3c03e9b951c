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

}  // namespace
}  // namespace scef::client
