#include "tests/unit/simulators/lwm2m-server-simulator/fixture.h"

namespace scef::lwm2m_server_simulator::testing {

using nlohmann::json;

class BootstrapServer : public ServerTest {
protected:
    void SetUp() override { start_with("{}"); }

    void start_with(const char* entry) {
        const BootstrapDefaults defaults{"coap://127.0.0.1:5683", std::chrono::seconds(90)};
        ServerSettings settings;
        settings.bootstrap =
            BootstrapConfig::parse({{"default", json::parse(entry)}}, defaults).value();
        settings.bootstrap_defaults = defaults;
        start(settings);
    }

    /// Bootstrap-Request of `x`, with its 2.04.
    void ask(const RawClient& device, const std::string& more = "") const {
        device.send_hex("40020001 b26273 4465703d78" + more);
        EXPECT_EQ(to_hex(device.receive()), "60440001");
    }

    /// The next operation, answered with success: its code and what follows header and token.
    std::pair<int, std::string> take(const RawClient& device) const {
        const Bytes request = device.receive();
        if (request.size() < 12) return {};
        device.send(answer_octets(request, 2, request[1] == 4 ? 0x42 : 0x44, ""));
        return {request[1], to_hex(ByteView(request).subspan(12))};
    }
};

TEST_F(BootstrapServer, a_bootstrap_writes_security_and_server_and_finishes) {
    const RawClient device = client();
    ask(device);

    EXPECT_EQ(take(device), std::pair(4, std::string()));
    EXPECT_EQ(take(device),
              std::pair(3, "b1300131122d16ffc80015" + to_hex(as_bytes("coap://127.0.0.1:5683")) +
                               "c10100c10203c10a01"));
    EXPECT_EQ(take(device), std::pair(3, std::string("b1310131122d16ffc10001c1015ac10601c10755")));
    EXPECT_EQ(take(device), std::pair(2, std::string("b26273")));
    EXPECT_EQ(event("BOOTSTRAP_FINISHED")["endpoint"], "x");
    EXPECT_EQ(get("/clients/x").body["state"], "FINISHED");
}

TEST_F(BootstrapServer, the_preferred_format_of_the_client_is_used) {
    start_with(R"({"delete": []})");
    const RawClient device = client();
    ask(device, "07" + to_hex(as_bytes("pct=112")));

    const std::string security = take(device).second;
    EXPECT_TRUE(security.starts_with("b13001311170ff84a2")) << security;  // Content-Format 112
    EXPECT_EQ(event("BOOTSTRAP_REQUESTED")["preferredFormat"], "senml-cbor");
}

TEST_F(BootstrapServer, a_refused_write_fails_the_bootstrap) {
    const RawClient device = client();
    ask(device);

    device.send(answer_octets(device.receive(), 2, 0x80, ""));

    EXPECT_EQ(event("BOOTSTRAP_FAILED")["code"], "4.00");
    EXPECT_EQ(get("/clients/x").body["state"], "FAILED");
}

TEST_F(BootstrapServer, a_request_without_name_or_by_another_method_is_refused) {
    const RawClient device = client();
    device.send_hex("40020001 b26273");
    EXPECT_EQ(device.receive()[1], 0x80);
    device.send_hex("40010002 b26273 4465703d78");
    EXPECT_EQ(device.receive()[1], 0x85);
    device.send_hex("40010003 b66273" + to_hex(as_bytes("pack")) + "4465703d78");  // of 1.2
    EXPECT_EQ(device.receive()[1], 0x84);
}

TEST_F(BootstrapServer, it_takes_no_registrations_and_no_operations_of_the_other_kind) {
    const RawClient device = client();
    device.send(register_octets("dev1"));
    EXPECT_EQ(device.receive()[1], 0x84);
    EXPECT_EQ(post("/clients/x/read", R"({"path": "/3"})").status, 404);
}

TEST_F(BootstrapServer, by_hand_nothing_is_sent_but_what_is_called_for) {
    start_with(R"({"byHand": true})");
    const RawClient device = client();
    ask(device);
    EXPECT_EQ(get("/clients/x").body["state"], "REQUESTED");

    auto discover = post_later("/clients/x/bootstrap-discover", R"({"path": "/"})");
    const Bytes asked = device.receive();
    EXPECT_EQ(to_hex(ByteView(asked).subspan(12)), "d10428");  // GET on the root, Accept 40
    device.send(answer_octets(asked, 2, 0x45, "c128ff" + to_hex(as_bytes("</0/0>"))));
    EXPECT_EQ(discover.get().body["payload"], "</0/0>");

    auto write = post_later("/clients/x/bootstrap-write", R"({"path": "/1/1/1", "value": 60})");
    EXPECT_EQ(take(device), std::pair(3, std::string("b13101310131 10ff3630").erase(12, 1)));
    EXPECT_EQ(write.get().body["code"], "2.04");

    auto finish = post_later("/clients/x/bootstrap-finish", "");
    EXPECT_EQ(take(device), std::pair(2, std::string("b26273")));
    EXPECT_EQ(finish.get().status, 200);
    EXPECT_EQ(event("BOOTSTRAP_FINISHED")["endpoint"], "x");
}

TEST_F(BootstrapServer, a_plan_may_come_with_a_call) {
    start_with(R"({"byHand": true})");
    const RawClient device = client();
    ask(device);
    EXPECT_EQ(post("/clients/nobody/bootstrap", "{}").status, 404);
    EXPECT_EQ(post("/clients/x/bootstrap", R"({"nonsense": 1})").status, 400);

    const HttpAnswer started =
        post("/clients/x/bootstrap", R"({"delete": ["/0/5"], "servers": []})");

    EXPECT_EQ(started.status, 202);
    EXPECT_EQ(take(device), std::pair(4, std::string("b1300135")));
    EXPECT_EQ(take(device), std::pair(2, std::string("b26273")));
    EXPECT_EQ(event("BOOTSTRAP_FINISHED")["endpoint"], "x");
}

}  // namespace scef::lwm2m_server_simulator::testing
