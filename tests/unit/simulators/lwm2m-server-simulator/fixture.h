#pragma once

#include <future>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "simulators/lwm2m-server-simulator/lwm2m_server.h"
#include "simulators/lwm2m-server-simulator/rest_api.h"
#include "tests/unit/simulators/lwm2m-server-simulator/raw_client.h"

namespace scef::lwm2m_server_simulator::testing {

struct HttpAnswer {
    int status = 0;
    nlohmann::json body;
};

/// A running server with its REST API, both on free ports.
class ServerTest : public ::testing::Test {
protected:
    void SetUp() override { start({}); }
    void TearDown() override;

    /// Starts anew; the listening address is replaced.
    void start(ServerSettings settings);

    RawClient client(const std::string& ip = "127.0.0.1", int port = 0) const {
        return RawClient(server_->address(), ip, port);
    }
    /// Registers and gives the location.
    std::string register_client(const RawClient& client, const std::string& endpoint) const;

    HttpAnswer get(const std::string& path) const;
    HttpAnswer post(const std::string& path, const std::string& body) const;
    std::future<HttpAnswer> post_later(const std::string& path, const std::string& body) const;

    /// The first event of that type, waited for up to 5 s; null if there is none.
    nlohmann::json event(const std::string& type) const;

    std::unique_ptr<Lwm2mServer> server_;
    std::unique_ptr<RestApi> api_;
};

}  // namespace scef::lwm2m_server_simulator::testing
