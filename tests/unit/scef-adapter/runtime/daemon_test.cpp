#include "scef-adapter/runtime/daemon.h"

#include <future>
#include <memory>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <unistd.h>

#include "lwm2m-core/vocabulary/base64.h"
#include "scef-adapter/runtime/heartbeats.h"
#include "tests/eventually.h"

namespace scef::adapter {
namespace {

using nlohmann::json;
using scef::test::eventually;

constexpr std::uint16_t shards = 4;

/// A SCEF that creates every configuration and takes every delivery, over real HTTP.
class AgreeableScef {
public:
    AgreeableScef() {
        server_.Post(R"(/3gpp-nidd/v1/as/configurations)",
                     [this](const auto& request, auto& response) {
                         const std::lock_guard lock(mutex_);
                         destination_ = json::parse(request.body)["notificationDestination"];
                         const std::string self = root() + "/3gpp-nidd/v1/as/configurations/c1";
                         response.status = 201;
                         response.set_header("Location", self);
                         response.set_content(json{{"self", self},
                                                   {"externalId", "a@b"},
                                                   {"notificationDestination", destination_},
                                                   {"maximumPacketSize", 10864},
                                                   {"status", "ACTIVE"}}
                                                  .dump(),
                                              "application/json");
                     });
        server_.Post(
            R"(/3gpp-nidd/v1/as/configurations/c1/downlink-data-deliveries)",
            [this](const auto& request, auto& response) {
                const std::string data = json::parse(request.body)["data"];
                response.set_content(
                    json{{"externalId", "a@b"}, {"data", data}, {"deliveryStatus", "SUCCESS"}}
                        .dump(),
                    "application/json");
                const std::lock_guard lock(mutex_);
                deliveries_.push_back(*from_base64(data));
            });
        port_ = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::thread([this] { server_.listen_after_bind(); });
        while (!server_.is_running()) std::this_thread::yield();
    }
    ~AgreeableScef() {
        server_.stop();
        thread_.join();
    }

    std::string root() const { return "http://127.0.0.1:" + std::to_string(port_); }
    std::vector<Bytes> deliveries() {
        const std::lock_guard lock(mutex_);
        return deliveries_;
    }
    std::string destination() {
        const std::lock_guard lock(mutex_);
        return destination_;
    }

private:
    httplib::Server server_;
    int port_ = 0;
    std::thread thread_;
    std::mutex mutex_;
    std::vector<Bytes> deliveries_;
    std::string destination_;
};

/// A base port with `shards` free UDP ports in a row; tests side by side begin to look at different
/// ones, by their process ids.
std::uint16_t free_ports() {
    constexpr unsigned first = 15000, stride = 13, places = 52;
    for (unsigned i = 0; i < places; ++i) {
        const auto place = (static_cast<unsigned>(::getpid()) + i) % places;
        const auto base = static_cast<std::uint16_t>(first + place * stride);
        std::vector<DatagramSocket> held;
        for (std::uint16_t shard = 0; shard < shards; ++shard) {
            if (auto socket =
                    DatagramSocket::open(false, static_cast<std::uint16_t>(base + shard))) {
                held.push_back(std::move(*socket));
            }
        }
        if (held.size() == shards) return base;
    }
    return 0;
}

struct RunningDaemon : ::testing::Test {
    AgreeableScef scef;
    DatagramSocket server = *DatagramSocket::open(false, 0);
    std::unique_ptr<Daemon> daemon;
    ExternalId device = *ExternalId::parse("a@b");
    Config running_config;

    void SetUp() override {
        Config config = default_config();
        config.store.engine = "memory";
        config.shards = shards;
        config.workers = 2;
        config.admin.listen = "127.0.0.1:0";
        config.notifications.listen = "127.0.0.1:0";
        config.virtual_endpoints.port = free_ports();
        ScefConfig operator_a;
        operator_a.name = "operator-a";
        operator_a.api_root = scef.root();
        operator_a.scs_as_id = "as";
        config.scefs.push_back(operator_a);
        LwM2mServerConfig dm;
        dm.name = "dm";
        dm.uri = "coap://127.0.0.1:" + std::to_string(server.port());
        config.lwm2m_servers.push_back(dm);
        running_config = config;
        auto started = Daemon::start(std::move(config), "test", [](const Error&) { std::abort(); });
        ASSERT_TRUE(started) << started.error().message;
        daemon = std::move(*started);
    }

    CommandReply command(std::function<Event(ReplyId)> make) {
        std::promise<CommandReply> promise;
        daemon->command(device.shard(shards), std::move(make),
                        [&](const Engine&, const Turn&, CommandReply reply) {
                            promise.set_value(std::move(reply));
                        });
        return promise.get_future().get();
    }

    /// What `read` makes of the device, on its own thread.
    template <typename Read>
    auto of_device(Read read) {
        std::promise<decltype(read(std::declval<const Device&>()))> promise;
        daemon->query(device.shard(shards), [&](const Engine& engine, const Turn&) {
            promise.set_value(read(*engine.find_device(device)));
        });
        return promise.get_future().get();
    }

    std::uint32_t limit_in(ShardId shard) {
        std::promise<std::uint32_t> limit;
        daemon->query(shard, [&](const Engine& engine, const Turn&) {
            limit.set_value(engine.config().limits.queue_messages_per_device);
        });
        return limit.get_future().get();
    }

    void provision() {
        DeviceSpec spec;
        spec.external_id = device;
        spec.profile = "always-on";
        ASSERT_TRUE(command([&](ReplyId id) { return ProvisionDevice{id, spec, false}; }).result);
        while (of_device([](const Device& d) { return d.nidd.status; }) !=
               NiddLink::Status::active) {
            std::this_thread::yield();
        }
    }

    Bytes answer() {
        Bytes octets;
        while (octets.empty()) {
            pollfd waiting{server.descriptor(), POLLIN, 0};
            if (::poll(&waiting, 1, 10'000) <= 0) break;
            server.receive(1, [&](Datagram datagram) { octets = std::move(datagram.octets); });
        }
        return octets;
    }
};

TEST_F(RunningDaemon, carries_a_request_to_the_scef_and_the_answer_back) {
    provision();
    const std::string endpoint = of_device([&](const Device& d) {
        return daemon->endpoint_text(device.shard(shards), d.endpoints.front().index);
    });
    const auto colon = endpoint.rfind(':');
    SocketAddress target = SocketAddress::ipv4(0x7f000001, 0);
    const std::uint32_t low = (static_cast<std::uint32_t>(device.shard(shards))
                               << 20);  // /10 and 4 shards: 20 index bits
    target = SocketAddress::ipv4(0x7f400000u + low,
                                 static_cast<std::uint16_t>(std::stoi(endpoint.substr(colon + 1))));
    ASSERT_EQ(target.text(), endpoint);
    const SocketAddress own = SocketAddress::ipv4(0x7f000001, server.port());
    server.send({own, target, from_hex("41011234aab133")});  // CON GET /3, token aa
    while (scef.deliveries().empty()) std::this_thread::yield();
    const Bytes frame = scef.deliveries().front();
    ASSERT_EQ(frame.size(), 7u);

    Bytes piggybacked = from_hex("61450000aaff41");
    piggybacked[2] = frame[2];
    piggybacked[3] = frame[3];
    httplib::Client notifier("127.0.0.1", daemon->notification_port());
    const std::string path = scef.destination().substr(scef.destination().find("/t8/"));
    const auto told = notifier.Post(
        path.c_str(),
        json{{"niddConfiguration", scef.root() + "/3gpp-nidd/v1/as/configurations/c1"},
             {"externalId", "a@b"},
             {"data", to_base64(piggybacked)}}
            .dump(),
        "application/json");
    ASSERT_TRUE(told);
    EXPECT_EQ(told->status, 204);
    EXPECT_EQ(answer(), from_hex("61451234aaff41"));
}

TEST_F(RunningDaemon, serves_health_readiness_and_metrics) {
    httplib::Client client("127.0.0.1", daemon->admin_port());
    EXPECT_EQ(client.Get("/healthz")->status, 200);
    EXPECT_EQ(client.Get("/readyz")->status, 200);
    const auto metrics = client.Get("/metrics");
    ASSERT_TRUE(metrics);
    EXPECT_NE(metrics->body.find("scef_adapter_"), std::string::npos);
}

TEST_F(RunningDaemon, many_threads_may_command_and_query_at_once) {
    std::vector<std::thread> threads;
    std::atomic<int> created{0};
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 25; ++i) {
                DeviceSpec spec;
                spec.external_id =
                    *ExternalId::parse("d" + std::to_string(t * 100 + i) + "@example");
                std::promise<bool> done;
                daemon->command(
                    spec.external_id.shard(shards),
                    [&](ReplyId id) {
                        return ProvisionDevice{id, spec, false};
                    },
                    [&](const Engine&, const Turn&, CommandReply reply) {
                        done.set_value(reply.result.has_value());
                    });
                if (done.get_future().get()) ++created;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(created, 100);
}

TEST_F(RunningDaemon, a_worker_that_stands_still_is_named_and_the_store_is_not) {
    Heartbeats beats(daemon->parts());
    const auto ask = [&](std::uint64_t round) {
        daemon->ask_parts([&beats, round](std::size_t part) { beats.on_beat(part, round); });
    };
    ask(beats.next_round());
    ASSERT_TRUE(eventually([&] { return beats.missing().empty(); }));

    std::promise<void> release;
    daemon->query(0, [&, released = release.get_future().share()](const Engine&, const Turn&) {
        released.wait();
    });
    ask(beats.next_round());
    EXPECT_TRUE(
        eventually([&] { return beats.missing() == std::vector<std::string>{"worker-0"}; }));
    EXPECT_EQ(beats.next_round(), 0u);
    release.set_value();
    EXPECT_TRUE(eventually([&] { return beats.missing().empty(); }));
    EXPECT_GT(beats.next_round(), 0u);
}

TEST_F(RunningDaemon, a_reload_that_is_refused_names_every_mistake_and_keeps_what_runs) {
    Config wanted = running_config;
    wanted.shards = 8;
    wanted.scefs[0].scs_as_id = "somebody-else";
    const auto mistakes = daemon->reload(wanted);
    ASSERT_EQ(mistakes.size(), 2u);
    EXPECT_NE(mistakes[0].find("'shards'"), std::string::npos) << mistakes[0];
    EXPECT_NE(mistakes[1].find("'scefs[0].scs_as_id'"), std::string::npos) << mistakes[1];
    wanted = running_config;
    wanted.admin.tokens_file = "/nonexistent/tokens";
    wanted.limits.queue_messages_per_device = 1;
    EXPECT_EQ(daemon->reload(wanted).size(), 1u);
    provision();
    EXPECT_EQ(limit_in(device.shard(shards)), running_config.limits.queue_messages_per_device);
}

TEST_F(RunningDaemon, a_reload_is_in_force_in_every_shard_when_it_returns) {
    provision();
    Config wanted = running_config;
    wanted.limits.queue_messages_per_device = 1;
    wanted.quotas["default"].downlink.messages = {{{1, std::chrono::hours(1)}, 7}};
    EXPECT_TRUE(daemon->reload(wanted).empty());
    for (ShardId shard = 0; shard < shards; ++shard) {
        EXPECT_EQ(limit_in(shard), 1u);
    }
    EXPECT_EQ(of_device([](const Device& one) {
                  return one.downlink_quota->limits().messages.at(0).burst;
              }),
              7u);
}

}  // namespace
}  // namespace scef::adapter
