#include "tests/unit/simulators/lwm2m-server-simulator/fixture.h"

namespace scef::lwm2m_server_simulator::testing {

using namespace std::chrono_literals;
using nlohmann::json;

/// CON POST /rd?ep=dev1&lwm2m=1.0&b=UQ: a client of LwM2M 1.0 in queue mode.
Bytes register_in_queue_mode(std::uint16_t message_id) {
    Bytes octets{0x40, 0x02, static_cast<std::uint8_t>(message_id >> 8),
                 static_cast<std::uint8_t>(message_id)};
    const Bytes rest =
        from_hex("b27264 47" + to_hex(as_bytes("ep=dev1")) + "04" + to_hex(as_bytes("b=UQ")));
    octets.insert(octets.end(), rest.begin(), rest.end());
    return octets;
}

class SleepingClient : public ServerTest {
protected:
    void SetUp() override {
        ServerSettings settings;
        settings.queue_mode = {true, 50ms, 1h};
        start(settings);
    }

    /// The first event of that type after `since`, waited for up to 5 s; null if there is none.
    json next_event(const std::string& type, std::uint64_t since) const {
        const auto events = server_->events().read(since, {"", {type}}, 5s);
        return events.empty() ? json() : events.front().data;
    }
};

TEST_F(SleepingClient, an_operation_waits_until_the_client_speaks) {
    const RawClient device = client();
    device.send(register_in_queue_mode(1));
    const std::string location =
        "/rd/" + std::string(as_text(ByteView(device.receive()).subspan(8)));
    EXPECT_EQ(get("/clients/dev1").body["queueMode"], true);
    ASSERT_FALSE(next_event("SLEEPING", 0).is_null());
    EXPECT_EQ(get("/clients/dev1").body["presence"], "SLEEPING");

    auto answer = post_later("/clients/dev1/read", R"({"path": "/3/0/0"})");
    const json held = next_event("REQUEST_HELD", 0);
    EXPECT_EQ(held["path"], "/3/0/0");
    EXPECT_TRUE(device.is_silent());
    EXPECT_EQ(get("/clients/dev1").body["requestsHeld"], 1);

    device.send_hex("40020002 b27264 08" + to_hex(as_bytes(location.substr(4))));  // Update
    EXPECT_EQ(device.receive()[1], 0x44) << "first the answer, then what waited";
    device.send(answer_octets(device.receive(), 2, 0x45, "c0ff41"));
    EXPECT_EQ(answer.get().body["payload"], "A");
    EXPECT_FALSE(next_event("AWAKE", held["sequence"]).is_null());
}

TEST_F(SleepingClient, an_operation_is_given_up_after_its_hold_time) {
    const RawClient device = client();
    device.send(register_in_queue_mode(1));
    device.receive();
    ASSERT_FALSE(next_event("SLEEPING", 0).is_null());

    const HttpAnswer answer = post("/clients/dev1/read", R"({"path": "/3/0/0", "hold": "100ms"})");

    EXPECT_EQ(answer.status, 504);
    EXPECT_EQ(answer.body["code"], nullptr);
    EXPECT_TRUE(device.is_silent());
}

/// A push that lost its client in the middle goes on with the same block when the client is back.
TEST_F(SleepingClient, a_firmware_push_survives_sleep_between_blocks) {
    const RawClient device = client();
    device.send(register_octets("dev1"));  // without queue mode
    const std::string location = location_in(device.receive());
    const json body{{"package", "QUFB" + std::string(4096 - 4, 'Q')}, {"timeout", 0.2}};
    ASSERT_EQ(post("/clients/dev1/firmware", body.dump()).status, 202);
    device.send(answer_octets(device.receive(), 2, 0x45, "c0ff30"));      // State 0
    device.send(answer_octets(device.receive(), 2, 0x45, "60 60 ff30"));  // observed
    device.send(answer_octets(device.receive(), 2, 0x45, "60 60 ff30"));

    const Bytes first = device.receive();
    device.send(answer_octets(first, 2, 0x5f, "d10e0e"));  // 2.31, Block1 0/1/1024
    const Bytes lost = device.receive();
    const json suspended = next_event("REQUEST_SUSPENDED", 0);
    EXPECT_EQ(suspended["arrivedBytes"], 1024);

    device.send_hex("40020002 b27264 08" + to_hex(as_bytes(location)));  // Update: it is back
    Bytes again;
    do {
        again = device.receive();
        ASSERT_FALSE(again.empty());
        // Retransmissions of the lost datagram may come in between; the Update has its answer.
    } while (again[1] == 0x44 || ByteView(again).subspan(2, 2)[1] == lost[3]);
    EXPECT_EQ(again[1], 0x03);
    EXPECT_EQ(Bytes(again.begin() + 4, again.end()), Bytes(lost.begin() + 4, lost.end()))
        << "the same block with the same token";
    EXPECT_FALSE(next_event("REQUEST_RESUMED", suspended["sequence"]).is_null());
}

TEST_F(SleepingClient, an_observe_that_goes_on_after_sleep_is_an_observation) {
    const RawClient device = client();
    device.send(register_octets("dev1"));
    const std::string location = location_in(device.receive());
    ASSERT_EQ(post("/clients/dev1/firmware", R"({"package": "QUFB", "timeout": 0.2})").status, 202);
    device.send(answer_octets(device.receive(), 2, 0x45, "c0ff30"));  // State 0
    const Bytes lost = device.receive();                              // Observe of State
    device.send(answer_octets(device.receive(), 2, 0x45, "60 60 ff30"));
    ASSERT_FALSE(next_event("REQUEST_SUSPENDED", 0).is_null());

    device.send_hex("40020002 b27264 08" + to_hex(as_bytes(location)));  // Update
    Bytes again;
    do {
        again = device.receive();
        ASSERT_FALSE(again.empty());
    } while (Bytes(again.begin() + 4, again.end()) != Bytes(lost.begin() + 4, lost.end()) ||
             again[3] == lost[3]);
    device.send(answer_octets(again, 2, 0x45, "60 60 ff30"));

    EXPECT_EQ(
        next_event("OBSERVATION_STARTED", next_event("REQUEST_RESUMED", 0)["sequence"])["path"],
        "/5/0/3");
}

TEST_F(SleepingClient, a_client_may_keep_its_objects_below_a_path_of_its_own) {
    const RawClient device = client();
    device.send_hex("40020001 b27264 1128 37" + to_hex(as_bytes("ep=dev1")) + "ff" +
                    to_hex(as_bytes("</lw>;rt=\"oma.lwm2m\",</lw/3/0>;ver=1.1")));
    ASSERT_EQ(device.receive()[1], 0x41);
    EXPECT_EQ(get("/clients/dev1").body["objects"],
              json::parse(R"([{"object": 3, "version": "1.1", "instances": [0]}])"));

    auto answer = post_later("/clients/dev1/read", R"({"path": "/3/0"})");
    const Bytes request = device.receive();
    EXPECT_EQ(to_hex(ByteView(request).subspan(12)), "b26c7701330130");
    device.send(answer_octets(request, 2, 0x45, "c0ff41"));
    EXPECT_EQ(answer.get().body["payload"], "A");
}

}  // namespace scef::lwm2m_server_simulator::testing
