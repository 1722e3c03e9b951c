#include "simulators/modem-simulator/runtime.h"

#include <map>

#include <httplib.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include "lwm2m-core/coap/codec.h"
#include "simulators/modem-simulator/control_api.h"
#include "tests/unit/simulators/modem-simulator/fake_scef.h"

namespace scef::modem_simulator {
namespace {

using modem_link::Kind;
using nlohmann::json;

const SocketAddress any_port = SocketAddress::ipv4(0x7f000001, 0);

/// What a server answers to these octets until it closes the connection.
std::string exchange_over_tcp(const SocketAddress& server, std::string_view request) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port);
    address.sin_addr.s_addr = htonl(server.ipv4_address());
    const timeval patience{10, 0};
    (void)::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::string answer;
    std::array<char, 4096> buffer{};
    if (::connect(descriptor, static_cast<sockaddr*>(static_cast<void*>(&address)),
                  sizeof address) == 0 &&
        ::send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
        ssize_t size = 0;
        while ((size = ::recv(descriptor, buffer.data(), buffer.size(), 0)) > 0) {
            answer.append(buffer.data(), static_cast<std::size_t>(size));
        }
    }
    ::close(descriptor);
    return answer;
}

/// A runtime with one device, one tap and the control API, against a fake SCEF.
class RuntimeTest : public ::testing::Test {
protected:
    void SetUp() override {
        Settings settings;
        settings.scef = scef.address();
        settings.devices = {*ExternalId::parse("meter@example.com")};
        settings.taps = {{any_port, *ExternalId::parse("tapped@example.com")}};
        settings.register_at_start = false;
        auto opened = Runtime::open(settings);
        ASSERT_TRUE(opened) << opened.error().message;
        runtime = std::move(*opened);
        auto listening = ControlApi::open(any_port, *runtime);
        ASSERT_TRUE(listening) << listening.error().message;
        api = std::move(*listening);
        runtime->start();
        scef.next(Kind::attach);
        scef.next(Kind::attach);
    }

    httplib::Client http() { return httplib::Client("127.0.0.1", api->local().port); }

    /// Registers the device through the API; the fake server accepts.
    void register_device() {
        ASSERT_EQ(http().Post("/devices/meter@example.com:register")->status, 202);
        const auto request = coap::parse(scef.next(Kind::uplink).data);
        ASSERT_TRUE(request);
        auto created = coap::make_response(*request, coap::codes::created);
        created.add_text(coap::options::location_path, "rd");
        ask(coap::serialize(created));
    }
    void ask(Bytes frame) {
        scef.send({Kind::downlink, "meter@example.com", ++sequence, {}, {}, std::move(frame)});
        EXPECT_EQ(scef.next(Kind::ack).sequence, sequence);
    }
    json get(const std::string& path) { return json::parse(http().Get(path.c_str())->body); }

    FakeScef scef;
    std::uint32_t sequence = 0;
    std::unique_ptr<Runtime> runtime;
    std::unique_ptr<ControlApi> api;
};

TEST_F(RuntimeTest, a_tap_carries_datagrams_of_an_outside_client_both_ways) {
    const UdpSocket outside = loopback_socket();
    const SocketAddress tap = runtime->taps().at(0).local;
    EXPECT_NE(tap.port, 0);
    outside.send(as_bytes("hello"), tap);
    const modem_link::Frame up = scef.next(Kind::uplink);
    EXPECT_EQ(up.external_id, "tapped@example.com");
    EXPECT_EQ(as_text(up.data), "hello");
    scef.send({Kind::downlink, "tapped@example.com", 1, {}, {}, to_bytes("welcome")});
    SocketAddress from;
    const auto down = wait_for_datagram(outside, &from);
    ASSERT_TRUE(down);
    EXPECT_EQ(as_text(*down), "welcome");
    EXPECT_EQ(from, tap);
}

TEST_F(RuntimeTest, a_tap_answers_to_the_address_that_spoke_last) {
    const UdpSocket first = loopback_socket(), second = loopback_socket();
    first.send(as_bytes("1"), runtime->taps()[0].local);
    scef.next(Kind::uplink);
    second.send(as_bytes("2"), runtime->taps()[0].local);
    scef.next(Kind::uplink);
    scef.send({Kind::downlink, "tapped@example.com", 1, {}, {}, to_bytes("x")});
    EXPECT_TRUE(wait_for_datagram(second));
}

TEST_F(RuntimeTest, the_api_registers_a_device_and_shows_it) {
    register_device();
    const json device = get("/devices/meter@example.com");
    EXPECT_EQ(device["registered"], true);
    EXPECT_EQ(device["registration"]["location"], "/rd");
    EXPECT_EQ(device["frames"]["up"], 1);
    EXPECT_EQ(device["frames"]["down"], 1);
    EXPECT_EQ(device["state"], "connected");
    EXPECT_EQ(get("/devices")["summary"]["registered"], 1);
    EXPECT_EQ(get("/devices?offset=1")["devices"][0]["kind"], "tap");
}

TEST_F(RuntimeTest, the_api_counts_executions_and_suppressed_duplicates) {
    register_device();
    const Bytes reset_error_code = from_hex("4102 0a01 07 b133 0130 023132");  // POST /3/0/12
    ask(reset_error_code);
    ask(reset_error_code);
    const json device = get("/devices/meter@example.com");
    EXPECT_EQ(device["executed"]["/3/0/12"], 1);
    EXPECT_EQ(device["duplicatesSuppressed"], 1);
    EXPECT_EQ(device["requestsHandled"], 1);
}

TEST_F(RuntimeTest, the_api_changes_values_and_shows_them) {
    const std::string path = "/devices/meter%40example.com/resources/3303/0/5700";
    const auto put = http().Put(path.c_str(), R"({"value": 25})", "application/json");
    EXPECT_EQ(put->status, 200) << put->body;
    EXPECT_EQ(get(path)["value"], 25.0);
    EXPECT_EQ(get("/devices/meter@example.com/resources/3303/0")["values"]["/3303/0/5602"], 25.0);
    EXPECT_EQ(http().Put(path.c_str(), R"({"value": "hot"})", "application/json")->status, 400);
    EXPECT_EQ(http().Put(path.c_str(), "{", "application/json")->status, 400);
}

TEST_F(RuntimeTest, the_api_sends_what_it_is_told) {
    register_device();
    const std::string path = "/devices/meter@example.com:send";
    const auto done = http().Post(path.c_str(), R"({"paths":["/3/0/9"],"format":"senml-cbor"})",
                                  "application/json");
    EXPECT_EQ(done->status, 202) << done->body;
    const auto send = coap::parse(scef.next(Kind::uplink).data);
    ASSERT_TRUE(send);
    EXPECT_EQ(send->uint_option(coap::options::content_format), 112U);
    for (const char* wrong : {"[", R"({"paths":"/3"})", R"({"paths":[]})", R"({"format":"xml"})"}) {
        EXPECT_EQ(http().Post(path.c_str(), wrong, "application/json")->status, 400) << wrong;
    }
}

TEST_F(RuntimeTest, the_api_takes_a_device_offline_and_back) {
    EXPECT_EQ(http().Post("/devices/meter@example.com:offline")->status, 202);
    EXPECT_EQ(get("/devices/meter@example.com")["offline"], true);
    EXPECT_EQ(http().Post("/devices/meter@example.com:register")->status, 202);
    EXPECT_EQ(get("/devices/meter@example.com")["frames"]["up"], 0);
    EXPECT_EQ(http().Post("/devices/meter@example.com:online")->status, 202);
    EXPECT_EQ(coap::parse(scef.next(Kind::uplink).data)->path_text(), "/rd");
    EXPECT_EQ(http().Post("/devices/meter@example.com:bootstrap")->status, 409);
}

TEST_F(RuntimeTest, the_api_names_objects_and_observations) {
    const json objects = get("/devices/meter@example.com/objects")["objects"];
    EXPECT_EQ(objects[1]["name"], "LwM2M Server");
    EXPECT_EQ(objects[1]["resources"][1]["operations"], "RW");
    EXPECT_EQ(objects[1]["instances"], json::array({0}));
    register_device();
    ask(from_hex("4101 0b01 07 60 54 33333033 01 30 04 35373030"));  // Observe /3303/0/5700
    const json observations = get("/devices/meter@example.com/observations")["observations"];
    ASSERT_EQ(observations.size(), 1U) << observations.dump();
    EXPECT_EQ(observations[0]["paths"][0], "/3303/0/5700");
    EXPECT_EQ(http().Get("/devices/tapped@example.com/objects")->status, 409);
}

TEST_F(RuntimeTest, the_api_makes_a_firmware_package) {
    const auto made = http().Get("/firmware-package?version=3.1&size=10&model=my%20meter");
    EXPECT_EQ(made->status, 200);
    EXPECT_TRUE(made->body.starts_with("SCEFFW firmware 3.1 my-meter ")) << made->body;
    EXPECT_TRUE(made->body.ends_with("\nZZZZZZZZZZ")) << made->body;
}

/// The attach is noted when the SCEF acknowledges it, before or after the first frame.
TEST_F(RuntimeTest, the_log_holds_frames_with_hex_and_summary) {
    register_device();
    const json entries = get("/devices/meter@example.com/log")["entries"];
    ASSERT_EQ(entries.size(), 3U) << entries.dump();
    std::map<std::string, json> by_direction;
    for (const json& entry : entries) by_direction[entry["direction"]] = entry;
    ASSERT_EQ(by_direction.size(), 3U) << entries.dump();
    EXPECT_TRUE(by_direction.contains("note"));
    EXPECT_TRUE(
        by_direction["up"]["summary"].get<std::string>().starts_with("CON POST /rd?ep=meter&"));
    EXPECT_EQ(by_direction["down"]["hex"].get<std::string>().substr(0, 4), "6441");
    EXPECT_EQ(get("/devices/meter@example.com/log?after=2")["entries"].size(), 1U);
}

TEST_F(RuntimeTest, the_api_refuses_what_cannot_be) {
    EXPECT_EQ(http().Get("/devices/nobody@example.com")->status, 404);
    EXPECT_EQ(http().Get("/nowhere")->status, 404);
    EXPECT_EQ(http().Post("/devices/tapped@example.com:update")->status, 409);
    EXPECT_EQ(http().Post("/devices/meter@example.com:send")->status, 409);
}

TEST_F(RuntimeTest, a_command_without_a_length_is_not_kept_waiting_for_a_body) {
    const std::string answer =
        exchange_over_tcp(api->local(),
                          "POST /devices/meter@example.com:register HTTP/1.1\r\nHost: x\r\n"
                          "Connection: close\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 202 ")) << answer;
}

TEST_F(RuntimeTest, a_taken_address_is_one_sentence) {
    const auto second = ControlApi::open(api->local(), *runtime);
    ASSERT_FALSE(second);
    EXPECT_TRUE(second.error().message.starts_with("cannot listen on 127.0.0.1:"));
    EXPECT_FALSE(UdpSocket::bind(runtime->taps()[0].local, 65536));
}

TEST_F(RuntimeTest, when_stopped_it_detaches) {
    runtime->stop();
    EXPECT_EQ(scef.next(Kind::detach).external_id, "meter@example.com");
}

SocketAddress ipv6_loopback() { return *parse_address("[::1]:0"); }

TEST(Taps, speak_ipv6_too) {
    FakeScef scef;
    Settings settings;
    settings.scef = scef.address();
    settings.taps = {{ipv6_loopback(), *ExternalId::parse("six@example.com"), {}}};
    auto runtime = Runtime::open(settings);
    if (!runtime) GTEST_SKIP() << "no IPv6 here: " << runtime.error().message;
    (*runtime)->start();
    const auto client = std::move(*UdpSocket::bind(ipv6_loopback(), 65536));
    client.send(as_bytes("hello"), (*runtime)->taps()[0].local);
    EXPECT_EQ(as_text(scef.next(Kind::uplink).data), "hello");
    scef.send({Kind::downlink, "six@example.com", 1, {}, {}, to_bytes("welcome")});
    EXPECT_EQ(as_text(wait_for_datagram(client).value_or(Bytes{})), "welcome");
}

TEST(Taps, are_many_and_each_client_is_a_device_of_its_own) {
    constexpr std::size_t count = 200;
    FakeScef scef;
    Settings settings;
    settings.scef = scef.address();
    for (std::size_t i = 0; i < count; ++i) {
        settings.taps.push_back(
            {any_port, *ExternalId::parse("tap" + std::to_string(i) + "@example.com"), {}});
    }
    auto runtime = std::move(*Runtime::open(settings));
    runtime->start();
    std::vector<UdpSocket> clients;
    for (std::size_t i = 0; i < count; ++i) {
        clients.push_back(loopback_socket());
        clients[i].send(as_bytes(std::to_string(i)), runtime->taps()[i].local);
    }
    std::map<std::string, std::string> said;
    while (said.size() < count) {
        const auto frame = scef.next(Kind::uplink);
        ASSERT_FALSE(frame.external_id.empty());
        said[frame.external_id] = as_text(frame.data);
    }
    for (std::size_t i = 0; i < count; ++i) {
        const std::string id = "tap" + std::to_string(i) + "@example.com";
        EXPECT_EQ(said[id], std::to_string(i));
        scef.send({Kind::downlink, id, 1, {}, {}, to_bytes("to " + id)});
        EXPECT_EQ(as_text(wait_for_datagram(clients[i]).value_or(Bytes{})), "to " + id);
    }
}

}  // namespace
}  // namespace scef::modem_simulator
