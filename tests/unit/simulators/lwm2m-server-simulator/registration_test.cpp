#include "tests/unit/simulators/lwm2m-server-simulator/fixture.h"

namespace scef::lwm2m_server_simulator::testing {

using Registrations = ServerTest;

/// Octets of `/rd/{location}` as Uri-Path options, to follow a header without token.
std::string location_hex(const std::string& location) {
    return "b2" + to_hex(as_bytes("rd")) + "08" + to_hex(as_bytes(location));
}

TEST_F(Registrations, a_register_is_answered_with_two_location_path_options) {
    const RawClient device = client();

    device.send(register_octets("dev1"));

    const Bytes answer = device.receive();
    ASSERT_EQ(answer.size(), 17u) << to_hex(answer);
    EXPECT_EQ(to_hex(ByteView(answer).first(9)), "614112347782726408");
    const HttpAnswer shown = get("/clients/dev1");
    EXPECT_EQ(shown.status, 200);
    EXPECT_EQ(shown.body["address"], device.address());
    EXPECT_EQ(shown.body["location"], "/rd/" + location_in(answer));
    EXPECT_EQ(shown.body["lifetime"], 60);
    EXPECT_EQ(shown.body["lwm2mVersion"], "1.1");
    EXPECT_EQ(shown.body["objectLinks"][0]["url"], "/3/0");
}

TEST_F(Registrations, a_register_without_endpoint_name_is_bad) {
    const RawClient device = client();

    device.send_hex("40021234 b27264 456c743d3630");

    const Bytes answer = device.receive();
    EXPECT_EQ(to_hex(ByteView(answer).first(5)), "60801234ff");
    EXPECT_EQ(as_text(ByteView(answer).subspan(5)),
              "ep, the endpoint client name, is missing or no text");
}

TEST_F(Registrations, an_unknown_version_fails_the_precondition) {
    const RawClient device = client();

    device.send_hex("40021235 b27264 4465703d78 096c776d326d3d322e30");

    EXPECT_EQ(to_hex(ByteView(device.receive()).first(4)), "608c1235");
    device.send_hex("40021236 b27264 4465703d78 096c776d326d3d312e32");  // 1.2
    EXPECT_EQ(to_hex(ByteView(device.receive()).first(4)), "608c1236");
}

TEST_F(Registrations, an_update_is_2_04_and_to_an_unknown_location_4_04) {
    const RawClient device = client();
    const std::string location = register_client(device, "dev1");

    device.send_hex("40020001" + location_hex(location));
    EXPECT_EQ(to_hex(device.receive()), "60440001");
    device.send_hex("40020002" + location_hex("deadbeef"));
    EXPECT_EQ(to_hex(device.receive()), "60840002");
}

TEST_F(Registrations, an_update_from_elsewhere_moves_the_client) {
    const RawClient before = client("127.64.0.1");
    const std::string location = register_client(before, "dev1");
    const RawClient after = client("127.64.0.2");

    after.send_hex("40020001" + location_hex(location));
    after.receive();

    EXPECT_EQ(get("/clients/dev1").body["address"], after.address());
    auto answer = post_later("/clients/dev1/read", R"({"path": "/3/0/0"})");
    const Bytes request = after.receive();
    after.send(answer_octets(request, 2, 0x45, "c0ff41"));
    EXPECT_EQ(answer.get().body["payload"], "A");
}

TEST_F(Registrations, a_deregister_is_2_02_and_the_client_is_gone) {
    const RawClient device = client();
    const std::string location = register_client(device, "dev1");

    device.send_hex("40040001" + location_hex(location));
    EXPECT_EQ(to_hex(device.receive()), "60420001");

    EXPECT_EQ(get("/clients").body.size(), 0u);
    EXPECT_EQ(event("DEREGISTRATION")["endpoint"], "dev1");
    device.send_hex("40040002" + location_hex(location));
    EXPECT_EQ(to_hex(device.receive()), "60840002");
}

TEST_F(Registrations, a_second_register_of_the_same_name_replaces_the_first) {
    const RawClient first = client();
    const RawClient second = client();
    const std::string old_location = register_client(first, "dev1");

    register_client(second, "dev1");

    EXPECT_EQ(get("/clients").body.size(), 1u);
    EXPECT_EQ(get("/clients/dev1").body["address"], second.address());
    first.send_hex("40020001" + location_hex(old_location));
    EXPECT_EQ(to_hex(first.receive()), "60840001");
}

TEST_F(Registrations, a_repeated_register_gets_the_same_answer_and_is_done_once) {
    const RawClient device = client();
    device.send(register_octets("dev1"));
    const Bytes first = device.receive();

    device.send(register_octets("dev1"));

    EXPECT_EQ(device.receive(), first);
    EXPECT_EQ(server_->counters().registrations, 1u);
    EXPECT_EQ(server_->counters().duplicates, 1u);
}

TEST_F(Registrations, a_registration_ends_with_its_lifetime) {
    const RawClient device = client();

    device.send_hex("40021234 b27264 4465703d78 046c743d31");  // ep=x, lt=1

    EXPECT_EQ(device.receive()[1], 0x41);
    EXPECT_EQ(event("EXPIRED")["endpoint"], "x");
    EXPECT_EQ(get("/clients/x").status, 404);
}

TEST_F(Registrations, a_send_of_a_registered_client_becomes_an_event) {
    const RawClient device = client();
    register_client(device, "dev1");

    // POST /dp, Content-Format 110 (SenML JSON)
    device.send_hex("40020001 b26470 116e ff" +
                    to_hex(as_bytes(R"([{"n":"/3303/0/5700","v":21.5}])")));

    EXPECT_EQ(to_hex(device.receive()), "60440001");
    const nlohmann::json sent = event("SEND");
    EXPECT_EQ(sent["endpoint"], "dev1");
    EXPECT_EQ(sent["payload"][0]["v"], 21.5);
}

TEST_F(Registrations, a_send_from_an_unregistered_address_is_not_found) {
    const RawClient device = client();

    device.send_hex("40020001 b26470 ff41");

    EXPECT_EQ(device.receive()[1], 0x84);
    EXPECT_EQ(server_->counters().sends, 0u);
}

TEST_F(Registrations, a_register_in_blocks_is_put_together) {
    const RawClient device = client();

    // Block1 0/more/16 octets, then 1/last
    device.send_hex("40020001 b27264 4465703d78 c108 ff" + to_hex(as_bytes("</1/0>,</3/0>,</")));
    EXPECT_EQ(to_hex(device.receive()), "605f0001d10e08");
    device.send_hex("40020002 b27264 4465703d78 c110 ff" + to_hex(as_bytes("5/0>")));

    EXPECT_EQ(device.receive()[1], 0x41);
    EXPECT_EQ(get("/clients/x").body["objectLinks"].size(), 3u);
}

}  // namespace scef::lwm2m_server_simulator::testing
