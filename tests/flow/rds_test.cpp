#include <gmock/gmock.h>

#include "queueing/record.h"
#include "tests/flow/world.h"

/// OSR-001: several LwM2M servers on one device, told apart by RDS ports.
namespace scef::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr nidd::RdsPort at_a{1, 2}, at_bootstrap{3, 4}, at_b{5, 6};

/// The configuration with ports, and B, which uses the world's `client`.
adapter::Config two_servers() {
    adapter::Config config = flow_config();
    config.lwm2m_servers[0].rds = adapter::RdsConfig{at_a, "a"};
    config.lwm2m_servers[1].rds = adapter::RdsConfig{at_bootstrap, ""};
    adapter::LwM2mServerConfig b;
    b.name = "b";
    b.address = SocketAddress::ipv4(0x7f000001, 40000);
    b.rds = adapter::RdsConfig{at_b, ""};
    config.lwm2m_servers.push_back(b);
    return config;
}

/// A is `server`, B is `client`; the device is connected and awake at the start.
struct TwoServers : World {
    TwoServers() : World(two_servers()), a(server), b(client) {
        b.endpoint = 2;
        EXPECT_TRUE(wants({"dm", "b"}).result);
        settle();
        device_sends_to(at_a, device.make_request(coap::codes::post, "dp"));
    }
    adapter::CommandReply wants(std::vector<std::string> servers, bool replace = true) {
        adapter::DeviceSpec spec;
        spec.external_id = id();
        spec.servers = std::move(servers);
        return command(adapter::ProvisionDevice{0, spec, replace});
    }
    void device_sends_to(std::optional<nidd::RdsPort> ports, const coap::Message& message) {
        device.ports = ports;
        device.send(message);
        settle();
    }
    coap::Message registers_at(nidd::RdsPort ports) {
        device.ports = ports;
        const coap::Message request = device.register_();
        settle();
        return request;
    }
    ModelServer& a;
    ModelServer& b;
};

TEST(Rds, the_configuration_names_the_ports_of_every_server) {
    TwoServers w;
    EXPECT_THAT(w.scef.ports_of(w.device.external_id()),
                UnorderedElementsAre(at_a, at_bootstrap, at_b));
}

TEST(Rds, two_servers_may_ask_with_one_token_and_message_id) {
    TwoServers w;
    const coap::Message from_a = w.a.get("/3/0/0");
    const coap::Message from_b = w.b.get("/3/0/0");
    ASSERT_EQ(from_a.token, from_b.token);
    ASSERT_EQ(from_a.message_id, from_b.message_id);
    w.advance(10s);
    EXPECT_THAT(w.a.responses_to(from_a), SizeIs(1));
    EXPECT_THAT(w.b.responses_to(from_b), SizeIs(1));
    ASSERT_THAT(w.scef.posted, SizeIs(3));  // and the answer to the Send
    EXPECT_EQ(w.scef.posted[1].rds_port, at_a);
    EXPECT_EQ(w.scef.posted[2].rds_port, at_b);
    EXPECT_EQ(w.scef.posted[2].reliable_data_service, false);
}

TEST(Rds, each_register_lands_at_the_server_of_its_ports_and_is_answered_there) {
    TwoServers w;
    w.b.received.clear();
    w.a.received.clear();
    w.registers_at(at_b);
    EXPECT_THAT(w.b.from_device(), SizeIs(1));
    EXPECT_THAT(w.a.from_device(), IsEmpty());
    EXPECT_EQ(w.device.frame_ports.back(), at_b);
    EXPECT_FALSE(w.known().endpoints[0].registration);
    ASSERT_TRUE(w.known().endpoints[2].registration);
    EXPECT_EQ(w.known().endpoints[2].registration->location, "/rd/5a");
    w.registers_at(at_a);
    EXPECT_THAT(w.a.from_device(), SizeIs(1));
    EXPECT_TRUE(w.known().endpoints[0].registration);
}

TEST(Rds, a_de_register_leaves_what_the_other_server_asked_for) {
    TwoServers w;
    w.registers_at(at_a);
    w.registers_at(at_b);
    w.device_sleeps();
    w.device.answers = false;
    w.advance(1min);  // the window is over
    w.a.get("/3/0/1");
    w.b.get("/3/0/2");
    w.settle();
    w.device.ports = at_a;
    w.device.deregister();
    w.settle();
    const auto messages = w.messages();
    ASSERT_THAT(messages, SizeIs(2));
    EXPECT_EQ(messages[0].state, queueing::MessageState::canceled);
    EXPECT_EQ(messages[0].reason, queueing::Reason::deregistered);
    EXPECT_NE(messages[1].state, queueing::MessageState::canceled);
    EXPECT_FALSE(w.known().endpoints[0].registration);
    EXPECT_TRUE(w.known().endpoints[2].registration);
}

TEST(Rds, a_new_registration_ends_the_observations_of_its_server_only) {
    TwoServers w;
    w.a.observe("/3303/0/5700");
    w.b.observe("/3303/0/5700");
    w.advance(10s);
    ASSERT_THAT(w.known().observations, SizeIs(2));
    w.registers_at(at_b);
    ASSERT_THAT(w.known().observations, SizeIs(1));
    EXPECT_EQ(w.known().observations.begin()->second.endpoint, 0u);
}

TEST(Rds, a_notification_goes_to_the_server_that_observes) {
    TwoServers w;
    const coap::Message request = w.b.observe("/3303/0/5700");
    w.advance(10s);
    w.b.received.clear();
    const coap::Token token = w.device.requests.back().token;
    w.device.ports = at_b;
    w.device.notify(token, 2, "24.0");
    w.settle();
    ASSERT_THAT(w.b.from_device(), SizeIs(1));
    EXPECT_EQ(w.b.from_device()[0].token, request.token);
    EXPECT_EQ(w.device.frame_ports.back(), at_b);  // the ACK
}

TEST(Rds, an_uplink_by_unknown_ports_is_dropped_and_counted) {
    TwoServers w;
    w.a.received.clear();
    w.device_sends_to(nidd::RdsPort{7, 8}, w.device.make_request(coap::codes::post, "dp"));
    EXPECT_THAT(w.a.from_device(), IsEmpty());
    EXPECT_THAT(w.b.from_device(), IsEmpty());
    EXPECT_EQ(w.engine().counters().uplink_unknown_ports, 1u);
    EXPECT_EQ(w.scef.verdicts.back(), 204);
    ASSERT_THAT(w.log_lines(), SizeIs(1));
    EXPECT_EQ(w.log_lines()[0].id, "RDS_PORTS_UNKNOWN");
    EXPECT_THAT(w.log_lines()[0].text, ::testing::HasSubstr("port_ue=7 port_scef=8"));
}

TEST(Rds, an_uplink_without_ports_goes_to_the_first_server_and_is_answered_without) {
    TwoServers w;
    w.a.received.clear();
    w.device_sleeps();
    w.device_wakes();
    w.device_sends_to(std::nullopt, w.device.make_request(coap::codes::post, "dp"));
    EXPECT_THAT(w.a.from_device(), SizeIs(1));
    EXPECT_THAT(w.b.from_device(), IsEmpty());
    EXPECT_EQ(w.device.frame_ports.back(), std::nullopt);
    w.device_sends_to(std::nullopt, w.device.make_request(coap::codes::post, "bs"));
    EXPECT_THAT(w.bootstrap.from_device(), SizeIs(1));
}

TEST(Rds, the_same_message_id_by_other_ports_is_another_request) {
    TwoServers w;
    w.a.received.clear();
    const coap::Message request = w.device.make_request(coap::codes::post, "dp");
    w.device_sends_to(at_a, request);
    w.device_sends_to(at_b, request);
    w.device_sends_to(at_b, request);
    EXPECT_THAT(w.a.from_device(), SizeIs(1));
    EXPECT_THAT(w.b.from_device(), SizeIs(1));
    EXPECT_EQ(w.engine().counters().uplink_duplicates, 1u);
}

TEST(Rds, opaque_octets_keep_to_the_ports_of_their_server) {
    TwoServers w;
    w.b.send_octets({0xff, 1});
    w.settle();
    EXPECT_EQ(w.scef.posted.back().rds_port, at_b);
    w.device.ports = at_b;
    w.device.send_octets({0xff, 2});
    w.device.ports = at_a;
    w.device.send_octets({0xff, 2});
    w.settle();
    EXPECT_THAT(w.b.received_opaque, ElementsAre(Bytes{0xff, 2}));
    EXPECT_THAT(w.a.received_opaque, ElementsAre(Bytes{0xff, 2}));
}

TEST(Rds, a_message_of_the_api_goes_by_the_ports_that_it_names) {
    TwoServers w;
    coap::Message read;
    read.code = coap::codes::get;
    read.add_text(coap::options::uri_path, "3");
    const auto by = [&](nidd::RdsPort ports) {
        return w.enqueue(coap::serialize(read), [&](adapter::EnqueueMessage& m) { m.rds = ports; });
    };
    ASSERT_TRUE(by(at_b).result);
    w.settle();
    EXPECT_EQ(w.scef.posted.back().rds_port, at_b);
    EXPECT_EQ(w.messages().back().state, queueing::MessageState::delivered);
    const auto refused = by({7, 7});
    ASSERT_FALSE(refused.result);
    EXPECT_EQ(refused.result.error().code, Errc::invalid_argument);
}

TEST(Rds, an_answer_by_the_ports_of_another_server_settles_nothing) {
    TwoServers w;
    w.device.answers = false;
    const coap::Message request = w.a.get("/3/0/0");
    w.settle();
    const coap::Message asked = w.device.requests.back();
    w.device_sends_to(at_b, coap::make_response(asked, coap::codes::content));
    EXPECT_THAT(w.a.responses_to(request), IsEmpty());
    w.device_sends_to(at_a, coap::make_response(asked, coap::codes::content));
    EXPECT_THAT(w.a.responses_to(request), SizeIs(1));
}

TEST(Rds, expiry_is_silent_only_towards_the_server_with_queue_mode) {
    TwoServers w;
    w.registers_at(at_a);
    w.device.ports = at_b;
    w.device.register_({"ep=dev1", "lt=300", "lwm2m=1.1", "b=N", "Q"});
    w.settle();
    w.device_sleeps();
    w.advance(1min);
    const coap::Message from_a = w.a.get("/3/0/0");
    const coap::Message from_b = w.b.get("/3/0/0");
    w.advance(10min);
    ASSERT_THAT(w.a.responses_to(from_a), SizeIs(1));
    EXPECT_EQ(w.a.responses_to(from_a)[0].code, coap::codes::gateway_timeout);
    EXPECT_THAT(w.b.responses_to(from_b), IsEmpty());
}

TEST(Rds, a_restart_keeps_registrations_ports_and_waiting_messages) {
    TwoServers w;
    w.registers_at(at_b);
    w.b.observe("/3303/0/5700");
    w.advance(10s);
    const coap::Token token = w.device.requests.back().token;
    w.device_sleeps();
    w.advance(1min);
    const coap::Message request = w.b.get("/3/0/0");
    w.advance(2s);
    const int renewals = w.scef.renewals;
    const std::size_t posted = w.scef.posted.size();
    w.crash_and_restart();
    w.settle();
    EXPECT_EQ(w.scef.renewals, renewals);
    EXPECT_TRUE(w.known().endpoints[2].registration);
    w.device_wakes();
    w.device.ports = at_b;
    w.device.notify(token, 3, "25.0");
    w.advance(30s);
    EXPECT_THAT(w.b.responses_to(request), SizeIs(1));
    ASSERT_THAT(w.scef.posted, SizeIs(posted + 2));  // the Read, and the ACK of the notification
    EXPECT_EQ(w.scef.posted[posted].rds_port, at_b);
    EXPECT_EQ(w.scef.posted[posted + 1].rds_port, at_b);
}

TEST(Rds, an_uplink_that_waits_over_a_restart_is_answered_by_its_ports) {
    TwoServers w;
    w.b.is_down = true;
    const coap::Message request = w.device.make_request(coap::codes::post, "dp");
    w.device_sends_to(at_b, request);
    w.crash_and_restart();
    w.b.is_down = false;
    w.advance(30s);
    w.device_sends_to(at_b, request);  // recognised
    EXPECT_THAT(w.b.from_device(), SizeIs(1));
    EXPECT_EQ(w.device.frame_ports.back(), at_b);
}

TEST(Rds, several_servers_need_ports_that_differ) {
    adapter::Config config = two_servers();
    config.lwm2m_servers[2].rds->ports = at_a;
    World w(config);
    const auto refusal = [&](std::vector<std::string> servers, std::string server = "") {
        adapter::DeviceSpec spec;
        spec.external_id = *ExternalId::parse("other@sim.example");
        spec.server = std::move(server);
        spec.servers = std::move(servers);
        const auto reply = w.command(adapter::ProvisionDevice{0, spec, false});
        EXPECT_FALSE(reply.result);
        return reply.result ? "" : reply.result.error().message;
    };
    using ::testing::HasSubstr;
    EXPECT_THAT(refusal({"dm", "b"}), HasSubstr("servers[1]: it has the rds ports of an earlier"));
    EXPECT_THAT(refusal({"dm", "dm"}), HasSubstr("it is there twice"));
    EXPECT_THAT(refusal({"dm", "x"}), HasSubstr("servers[1]: there is no LwM2M server"));
    EXPECT_THAT(refusal({"dm", "bootstrap"}), HasSubstr("servers[1]: there is no LwM2M server"));
    EXPECT_THAT(refusal({"dm"}, "b"), HasSubstr("server: it must be the first of servers"));
}

TEST(Rds, a_bootstrap_server_needs_ports_too_beside_several_servers) {
    adapter::Config config = two_servers();
    config.lwm2m_servers[1].rds.reset();
    World w(config);
    adapter::DeviceSpec spec;
    spec.external_id = w.id();
    spec.servers = {"dm", "b"};
    const auto reply = w.command(adapter::ProvisionDevice{0, spec, true});
    ASSERT_FALSE(reply.result);
    EXPECT_EQ(reply.result.error().code, Errc::invalid_argument);
    EXPECT_THAT(reply.result.error().message, ::testing::HasSubstr("the bootstrap server"));
}

TEST(Rds, a_server_leaves_a_device_when_nothing_of_it_is_open) {
    TwoServers w;
    w.device.answers = false;
    w.b.observe("/3303/0/5700");
    w.settle();
    const auto refused = w.wants({"dm"});
    ASSERT_FALSE(refused.result);
    EXPECT_EQ(refused.result.error().code, Errc::conflict);
    EXPECT_TRUE(w.command(adapter::PurgeMessages{0, w.id()}).result);
    w.advance(25h);
    EXPECT_TRUE(w.wants({"dm"}).result);
    EXPECT_THAT(w.known().endpoints, SizeIs(2));
    EXPECT_EQ(w.engine().server_of(2), std::nullopt);
    EXPECT_TRUE(w.wants({"dm", "b"}).result);
    EXPECT_EQ(w.known().endpoints[2].index, 3u);  // numbers are never used again
    EXPECT_EQ(w.wants({"b", "dm"}).result.error().code, Errc::conflict);
}

TEST(Rds, no_message_goes_before_the_scef_knows_its_ports) {
    World w(two_servers());
    w.device_wakes_and_sends("hello");
    w.scef.patch_fails = true;
    adapter::DeviceSpec spec;
    spec.external_id = w.id();
    spec.servers = {"dm", "b"};
    EXPECT_TRUE(w.command(adapter::ProvisionDevice{0, spec, true}).result);
    w.client.endpoint = 2;
    const int posts = w.scef.posts;
    w.client.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.scef.posts, posts);
    EXPECT_EQ(w.only_message().reason, queueing::Reason::configuration);
    w.scef.patch_fails = false;
    w.advance(10s);
    EXPECT_EQ(w.scef.posts, posts + 1);
}

TEST(Rds, servers_that_came_to_the_configuration_are_on_a_device_at_the_next_start) {
    adapter::Config config = flow_config();
    const auto bootstrap = config.lwm2m_servers.back();
    config.lwm2m_servers.pop_back();
    World w(config);
    ASSERT_THAT(w.known().endpoints, SizeIs(1));
    config.lwm2m_servers.push_back(bootstrap);
    w.restart_with(config);
    ASSERT_THAT(w.known().endpoints, SizeIs(2));
    w.device.send(w.device.make_request(coap::codes::post, "bs"));
    w.settle();
    EXPECT_THAT(w.bootstrap.from_device(), SizeIs(1));
    w.crash_and_restart();
    EXPECT_EQ(w.known().endpoints[1].index, 1u);
}

TEST(Rds, ports_that_left_the_configuration_are_reported_at_the_next_start) {
    adapter::Config config = two_servers();
    TwoServers w;
    config.lwm2m_servers[2].rds.reset();
    w.restart_with(config);
    ASSERT_THAT(w.log_lines(), SizeIs(1));
    EXPECT_EQ(w.log_lines()[0].id, "RDS_PORTS_MISSING");
}

}  // namespace
}  // namespace scef::flow
