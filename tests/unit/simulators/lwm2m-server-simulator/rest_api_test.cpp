#include <httplib.h>

#include "simulators/lwm2m-server-simulator/options.h"
#include "tests/unit/simulators/lwm2m-server-simulator/fixture.h"

namespace scef::lwm2m_server_simulator::testing {

class Rest : public ServerTest {};

TEST_F(Rest, an_unknown_client_is_not_found) {
    EXPECT_EQ(get("/clients/nobody").status, 404);
    EXPECT_EQ(post("/clients/nobody/read", R"({"path": "/3/0/0"})").status, 404);
}

TEST_F(Rest, a_body_that_is_no_json_or_lacks_a_path_is_a_problem) {
    const HttpAnswer no_json = post("/clients/dev1/read", "{");
    EXPECT_EQ(no_json.status, 400);
    EXPECT_EQ(no_json.body["title"], "Bad Request");
    EXPECT_EQ(post("/clients/dev1/read", "{}").status, 400);
    EXPECT_EQ(post("/clients/dev1/read", R"({"path": "3/0"})").status, 400);
}

TEST_F(Rest, an_unknown_operation_or_path_is_not_found) {
    EXPECT_EQ(post("/clients/dev1/explode", "{}").status, 404);
    EXPECT_EQ(get("/nowhere").status, 404);
}

TEST_F(Rest, an_endpoint_name_may_be_percent_encoded) {
    const RawClient device = client();
    register_client(device, "dev1@iot.example");

    EXPECT_EQ(get("/clients/dev1%40iot.example").body["endpoint"], "dev1@iot.example");
}

TEST_F(Rest, events_are_listed_from_a_sequence_number_on) {
    const RawClient device = client();
    register_client(device, "dev1");
    register_client(device, "dev1");
    device.send(register_octets("dev2", 0x2222));
    device.receive();

    EXPECT_EQ(get("/events?format=json").body.size(), 2u);
    const HttpAnswer later = get("/events?format=json&since=1");
    ASSERT_EQ(later.body.size(), 1u);
    EXPECT_EQ(later.body[0]["type"], "REGISTRATION");
    EXPECT_EQ(later.body[0]["sequence"], 2);
    EXPECT_EQ(get("/clients/dev2/events?format=json").body.size(), 1u);
    EXPECT_EQ(get("/events?format=json&since=x").status, 400);
}

TEST_F(Rest, events_are_filtered_by_type) {
    const RawClient device = client();
    register_client(device, "dev1");
    const std::string location = get("/clients/dev1").body["location"];
    device.send_hex("40040001 b27264 08" + to_hex(as_bytes(location.substr(4))));
    device.receive();

    const HttpAnswer ended = get("/events?format=json&type=DEREGISTRATION,EXPIRED");
    ASSERT_EQ(ended.body.size(), 1u);
    EXPECT_EQ(ended.body[0]["type"], "DEREGISTRATION");
    const HttpAnswer unknown = get("/events?format=json&type=PARTY");
    EXPECT_EQ(unknown.status, 400);
    EXPECT_NE(unknown.body["detail"].get<std::string>().find("NOTIFICATION"), std::string::npos);
}

TEST_F(Rest, an_unknown_operation_is_answered_with_those_there_are) {
    const std::string detail = post("/clients/dev1/explode", "{}").body["detail"];
    EXPECT_NE(detail.find("read, discover, write, write-attributes"), std::string::npos) << detail;
    EXPECT_EQ(get("/operations").body["operations"][0]["operation"], "read");
    EXPECT_EQ(get("/event-types").body[0]["type"], "REGISTRATION");
}

TEST_F(Rest, the_event_stream_tells_what_happens) {
    const RawClient device = client();
    register_client(device, "dev1");
    httplib::Client http("http://" + api_->address());
    std::string text;

    http.Get("/clients/dev1/events?since=0", [&text](const char* data, std::size_t size) {
        text.append(data, size);
        return text.find("\n\n", text.find("data: ")) == std::string::npos;
    });

    EXPECT_NE(text.find("id: 1\nevent: REGISTRATION\ndata: {"), std::string::npos) << text;
}

TEST_F(Rest, an_open_event_stream_does_not_hold_up_the_stop) {
    std::promise<void> opened;
    auto reader = std::async(std::launch::async, [this, &opened] {
        httplib::Client http("http://" + api_->address());
        bool first = true;
        http.Get("/events", [&](const char*, std::size_t) {
            if (std::exchange(first, false)) opened.set_value();
            return true;
        });
    });
    opened.get_future().wait();

    TearDown();

    EXPECT_EQ(reader.wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

TEST_F(Rest, counters_have_the_names_of_metrics) {
    const RawClient device = client();
    register_client(device, "dev1");

    EXPECT_EQ(get("/counters").body["registrations_total"], 1);
    EXPECT_EQ(get("/counters").body["requests_total"], 0);
}

TEST_F(Rest, a_taken_port_is_one_clear_sentence) {
    ServerSettings settings;
    settings.listen = parse_host_port(server_->address()).value();
    const auto second = Lwm2mServer::open(settings);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().message,
              "cannot listen for CoAP on " + server_->address() + ": Address already in use");
    const auto api = RestApi::open(parse_host_port(api_->address()).value(), *server_);
    ASSERT_FALSE(api);
    EXPECT_NE(api.error().message.find(api_->address()), std::string::npos);
}

tl::expected<Options, int> options_of(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "lwm2m-server-simulator");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

TEST(OptionsOfTheProgram, have_defaults_and_read_durations) {
    const auto options = options_of({"--timeout", "30s", "--ack-timeout=1500ms", "--bootstrap"});

    ASSERT_TRUE(options);
    EXPECT_EQ(options->server.listen.port, 5683);
    EXPECT_EQ(options->api.port, 8090);
    EXPECT_EQ(options->server.request_timeout, std::chrono::seconds(30));
    EXPECT_EQ(options->server.ack_timeout, std::chrono::milliseconds(1500));
    EXPECT_EQ(options->server.bootstrap->plan_of("x").steps.size(), 4u);
    EXPECT_FALSE(options->server.queue_mode.holds);
    EXPECT_EQ(options->server.queue_mode.awake_time, std::chrono::seconds(93));
}

TEST(OptionsOfTheProgram, that_are_wrong_end_it_with_1) {
    EXPECT_EQ(options_of({"--nonsense"}).error(), 1);
    EXPECT_EQ(options_of({"--listen", "localhost"}).error(), 1);
    EXPECT_EQ(options_of({"--timeout", "soon"}).error(), 1);
    EXPECT_EQ(options_of({"--ack-timeout", "100ms"}).error(), 1);
    EXPECT_EQ(options_of({"--bootstrap-by-hand"}).error(), 1);
    EXPECT_EQ(options_of({"--bootstrap", "--bootstrap-config", "/nowhere"}).error(), 1);
    EXPECT_EQ(options_of({"--awake-time", "0s"}).error(), 1);
    EXPECT_EQ(options_of({"--help"}).error(), 0);
}

}  // namespace scef::lwm2m_server_simulator::testing
