#pragma once

#include <functional>
#include <string>
#include <thread>

#include <httplib.h>

namespace scef::ctl {

/// An admin API on a free port of loopback, for as long as it lives. It answers every GET, POST,
/// PUT and DELETE by the handler, which runs on a thread of its own.
class FakeAdminApi {
public:
    explicit FakeAdminApi(const httplib::Server::Handler& handler) {
        server_.Get(".*", handler);
        server_.Post(".*", handler);
        server_.Put(".*", handler);
        server_.Delete(".*", handler);
        url_ = "http://127.0.0.1:" + std::to_string(server_.bind_to_any_port("127.0.0.1"));
        thread_ = std::thread([this] { server_.listen_after_bind(); });
        while (!server_.is_running()) std::this_thread::yield();
    }
    ~FakeAdminApi() {
        server_.stop();
        thread_.join();
    }
    FakeAdminApi(const FakeAdminApi&) = delete;
    FakeAdminApi& operator=(const FakeAdminApi&) = delete;

    const std::string& url() const { return url_; }

private:
    httplib::Server server_;
    std::string url_;
    std::thread thread_;
};

}  // namespace scef::ctl
