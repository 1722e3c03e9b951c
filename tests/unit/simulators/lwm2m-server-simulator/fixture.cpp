#include "tests/unit/simulators/lwm2m-server-simulator/fixture.h"

#include <httplib.h>

namespace scef::lwm2m_server_simulator::testing {
namespace {

HttpAnswer read(const httplib::Result& result) {
    if (!result) return {};
    return {result->status, nlohmann::json::parse(result->body, nullptr, false)};
}

}  // namespace

void ServerTest::start(ServerSettings settings) {
    TearDown();
    settings.listen = {"127.0.0.1", 0};
    auto server = Lwm2mServer::open(settings);
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
    auto api = RestApi::open({"127.0.0.1", 0}, *server_);
    ASSERT_TRUE(api) << api.error().message;
    api_ = std::move(*api);
}

void ServerTest::TearDown() {
    if (server_) server_->stop();
    api_.reset();
    server_.reset();
}

std::string ServerTest::register_client(const RawClient& client,
                                        const std::string& endpoint) const {
    client.send(register_octets(endpoint));
    return location_in(client.receive());
}

HttpAnswer ServerTest::get(const std::string& path) const {
    httplib::Client http("http://" + api_->address());
    return read(http.Get(path));
}

HttpAnswer ServerTest::post(const std::string& path, const std::string& body) const {
    httplib::Client http("http://" + api_->address());
    http.set_read_timeout(30);
    return read(http.Post(path, body, "application/json"));
}

std::future<HttpAnswer> ServerTest::post_later(const std::string& path,
                                               const std::string& body) const {
    return std::async(std::launch::async, [this, path, body] { return post(path, body); });
}

nlohmann::json ServerTest::event(const std::string& type) const {
    std::uint64_t since = 0;
    while (true) {
        const auto events = server_->events().read(since, {}, std::chrono::seconds(5));
        if (events.empty()) return nullptr;
        for (const Event& event : events) {
            if (event.type == type) return event.data;
            since = event.sequence;
        }
    }
}

}  // namespace scef::lwm2m_server_simulator::testing
