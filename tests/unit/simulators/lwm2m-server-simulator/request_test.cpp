#include <list>
#include <map>

#include "tests/unit/simulators/lwm2m-server-simulator/fixture.h"

namespace scef::lwm2m_server_simulator::testing {

using nlohmann::json;

class Requests : public ServerTest {
protected:
    void SetUp() override {
        ServerTest::SetUp();
        device_.emplace(client());
        register_client(*device_, "dev1");
    }
    std::future<HttpAnswer> read_later(const std::string& more = "") const {
        return post_later("/clients/dev1/read", R"({"path": "/3/0/0")" + more + "}");
    }
    std::optional<RawClient> device_;
};

TEST_F(Requests, a_read_carries_the_path_and_its_answer_comes_back) {
    auto answer = read_later();

    const Bytes request = device_->receive();
    EXPECT_EQ(request[0], 0x48);  // CON, token of 8
    EXPECT_EQ(request[1], 0x01);
    EXPECT_EQ(to_hex(ByteView(request).subspan(12)), "b13301300130");
    device_->send(answer_octets(request, 2, 0x45, "c0ff" + to_hex(as_bytes("Example"))));

    const HttpAnswer got = answer.get();
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body["code"], "2.05");
    EXPECT_EQ(got.body["payload"], "Example");
    EXPECT_EQ(got.body["separate"], false);
    EXPECT_EQ(got.body["retransmissions"], 0);
}

TEST_F(Requests, a_separate_answer_after_an_empty_ack_is_matched_by_token_and_acknowledged) {
    auto answer = read_later();
    const Bytes request = device_->receive();

    device_->send(Bytes{0x60, 0x00, request[2], request[3]});
    EXPECT_EQ(event("AWAITING_RESPONSE")["path"], "/3/0/0");
    device_->send(answer_octets(request, 0, 0x45, "c0ff41", 0x4711));

    EXPECT_EQ(to_hex(device_->receive()), "60004711");
    EXPECT_EQ(answer.get().body["separate"], true);
    EXPECT_EQ(server_->counters().separate_responses, 1u);
}

TEST_F(Requests, a_repeated_separate_answer_is_acknowledged_again) {
    auto answer = read_later();
    const Bytes request = device_->receive();
    const Bytes response = answer_octets(request, 0, 0x45, "c0ff41", 0x4711);
    device_->send(response);
    EXPECT_EQ(to_hex(device_->receive()), "60004711");
    answer.get();

    device_->send(response);

    EXPECT_EQ(to_hex(device_->receive()), "60004711");
}

TEST_F(Requests, a_silent_device_is_a_timeout) {
    const HttpAnswer got = post("/clients/dev1/read", R"({"path": "/3/0/0", "timeout": "100ms"})");

    EXPECT_EQ(got.status, 504);
    EXPECT_EQ(got.body["code"], nullptr);
    EXPECT_EQ(got.body["error"], "timeout");
    EXPECT_GE(got.body["latencyMs"], 100.0);
}

TEST_F(Requests, a_reset_is_told_as_such) {
    auto answer = read_later();
    const Bytes request = device_->receive();

    device_->send(Bytes{0x70, 0x00, request[2], request[3]});

    const HttpAnswer got = answer.get();
    EXPECT_EQ(got.status, 502);
    EXPECT_EQ(got.body["error"], "reset");
}

TEST_F(Requests, an_error_of_the_device_is_an_answer) {
    auto answer = read_later();

    device_->send(answer_octets(device_->receive(), 2, 0x84, ""));

    const HttpAnswer got = answer.get();
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body["code"], "4.04");
    EXPECT_EQ(got.body["payload"], nullptr);
}

TEST_F(Requests, an_observation_gives_its_first_value_and_then_events) {
    auto answer = post_later("/clients/dev1/observe", R"({"path": "/3303/0/5700"})");
    const Bytes request = device_->receive();
    EXPECT_EQ(request[12], 0x60);  // Observe 0
    device_->send(answer_octets(request, 2, 0x45, "610160ff" + to_hex(as_bytes("20.5"))));
    EXPECT_EQ(answer.get().body["payload"], 20.5);

    device_->send(answer_octets(request, 0, 0x45, "610260ff" + to_hex(as_bytes("21.5")), 7));

    EXPECT_EQ(to_hex(device_->receive()), "60000007");
    const json notification = event("NOTIFICATION");
    EXPECT_EQ(notification["path"], "/3303/0/5700");
    EXPECT_EQ(notification["payload"], 21.5);
    EXPECT_EQ(notification["observe"], 2);
}

TEST_F(Requests, a_cancel_uses_the_token_of_the_observation_and_ends_it) {
    auto observed = post_later("/clients/dev1/observe", R"({"path": "/3/0/9"})");
    const Bytes request = device_->receive();
    device_->send(answer_octets(request, 2, 0x45, "6060ff39"));
    observed.get();

    auto canceled = post_later("/clients/dev1/cancel", R"({"path": "/3/0/9"})");
    const Bytes cancel = device_->receive();
    device_->send(answer_octets(cancel, 2, 0x45, "c0ff39"));

    EXPECT_EQ(Bytes(cancel.begin() + 4, cancel.begin() + 12),
              Bytes(request.begin() + 4, request.begin() + 12));
    EXPECT_EQ(to_hex(ByteView(cancel).subspan(12, 2)), "6101");  // Observe 1
    EXPECT_EQ(canceled.get().body["code"], "2.05");
    device_->send(answer_octets(request, 0, 0x45, "610360ff39", 8));
    EXPECT_EQ(to_hex(device_->receive()), "70000008");
    EXPECT_EQ(post("/clients/dev1/cancel", R"({"path": "/3/0/9"})").status, 409);
}

TEST_F(Requests, a_notification_of_an_unknown_token_is_reset) {
    device_->send_hex("44454711deadbeef6101ff41");

    EXPECT_EQ(to_hex(device_->receive()), "70004711");
    EXPECT_EQ(server_->counters().unknown_responses, 1u);
}

TEST_F(Requests, extra_copies_of_the_datagram_are_identical_and_counted) {
    auto answer = read_later(R"(, "repeatDatagram": 2)");

    const Bytes request = device_->receive();
    EXPECT_EQ(device_->receive(), request);
    EXPECT_EQ(device_->receive(), request);
    device_->send(answer_octets(request, 2, 0x45, "c0ff41"));

    EXPECT_EQ(answer.get().body["retransmissions"], 2);
    EXPECT_EQ(server_->counters().retransmissions, 2u);
    EXPECT_EQ(server_->counters().requests, 1u);
}

TEST_F(Requests, without_ack_the_request_is_retransmitted) {
    ServerSettings settings;
    settings.ack_timeout = std::chrono::seconds(1);
    start(settings);
    device_.emplace(client());
    register_client(*device_, "dev1");
    auto answer = read_later();

    const Bytes request = device_->receive();
    EXPECT_EQ(device_->receive(), request);
    device_->send(answer_octets(request, 2, 0x45, "c0ff41"));

    EXPECT_GE(answer.get().body["retransmissions"], 1);
}

TEST_F(Requests, several_are_in_flight_to_one_device_at_once) {
    std::vector<std::future<HttpAnswer>> answers;
    for (int i = 0; i < 8; ++i) answers.push_back(read_later());

    std::vector<Bytes> requests;
    for (int i = 0; i < 8; ++i) requests.push_back(device_->receive());
    for (const Bytes& request : requests) {
        device_->send(answer_octets(request, 2, 0x45, "c0ff41"));
    }

    for (auto& answer : answers) EXPECT_EQ(answer.get().body["payload"], "A");
}

TEST_F(Requests, an_answer_in_blocks_is_fetched_to_its_end) {
    auto answer = read_later();

    const Bytes first = device_->receive();
    device_->send(answer_octets(first, 2, 0x45, "c0b108ff" + to_hex(as_bytes("0123456789abcdef"))));
    const Bytes second = device_->receive();
    EXPECT_EQ(to_hex(ByteView(second).subspan(12)), "b13301300130c110");
    device_->send(answer_octets(second, 2, 0x45, "c0b110ff" + to_hex(as_bytes("xyz"))));

    EXPECT_EQ(answer.get().body["payload"], "0123456789abcdefxyz");
}

TEST_F(Requests, twenty_clients_on_loopback_addresses_are_served_at_once) {
    std::list<RawClient> devices;
    std::list<std::future<HttpAnswer>> answers;
    for (int i = 1; i <= 20; ++i) {
        devices.push_back(client("127.64.3." + std::to_string(i)));
        register_client(devices.back(), "fleet" + std::to_string(i));
        answers.push_back(
            post_later("/clients/fleet" + std::to_string(i) + "/read", R"({"path": "/3/0/0"})"));
    }

    int number = 0;
    for (const RawClient& device : devices) {
        const std::string text = "device " + std::to_string(++number);
        device.send(answer_octets(device.receive(), 2, 0x45, "c0ff" + to_hex(as_bytes(text))));
    }

    number = 0;
    for (auto& answer : answers) {
        EXPECT_EQ(answer.get().body["payload"], "device " + std::to_string(++number));
    }
}

TEST_F(Requests, a_stop_ends_what_waits) {
    auto answer = read_later();
    device_->receive();

    server_->stop();

    EXPECT_EQ(answer.get().status, 503);
}

}  // namespace scef::lwm2m_server_simulator::testing
