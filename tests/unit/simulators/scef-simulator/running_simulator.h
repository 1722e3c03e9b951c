#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "simulators/modem-link/frame.h"
#include "simulators/scef-simulator/simulator.h"

namespace scef::scef_simulator {

/// An SCS/AS that collects notifications and answers them with the statuses it is given, then 204.
class CollectingScsAs {
public:
    CollectingScsAs() {
        server_.Post("/cb", [this](const httplib::Request& request, httplib::Response& answer) {
            const std::lock_guard lock(mutex_);
            received_.push_back(nlohmann::json::parse(request.body, nullptr, false));
            answer.status = 204;
            if (!statuses.empty()) {
                answer.status = statuses.front();
                statuses.erase(statuses.begin());
            }
            wake_.notify_all();
        });
        port_ = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::thread([this] { server_.listen_after_bind(); });
    }
    ~CollectingScsAs() {
        while (!server_.is_running()) std::this_thread::yield();
        server_.stop();
        thread_.join();
    }

    std::string destination() const { return "http://127.0.0.1:" + std::to_string(port_) + "/cb"; }

    /// The notifications so far, as soon as there are `count` of them or after 10 s.
    std::vector<nlohmann::json> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, std::chrono::seconds(10), [&] { return received_.size() >= count; });
        return received_;
    }

    std::vector<int> statuses;  ///< set before anything is sent

private:
    httplib::Server server_;
    int port_ = 0;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<nlohmann::json> received_;
    std::thread thread_;
};

/// A modem on the link that acknowledges nothing by itself.
class BareModem {
public:
    BareModem(std::uint16_t port, std::string id) : id_(std::move(id)) {
        socket_ = ::socket(AF_INET, SOCK_DGRAM, 0);
        sockaddr_in network{};
        network.sin_family = AF_INET;
        network.sin_port = htons(port);
        network.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&network), sizeof network);
    }
    ~BareModem() { ::close(socket_); }
    BareModem(const BareModem&) = delete;
    BareModem& operator=(const BareModem&) = delete;

    void send(modem_link::Frame frame) {
        frame.external_id = id_;
        const std::string datagram = modem_link::serialize(frame);
        ::send(socket_, datagram.data(), datagram.size(), 0);
    }

    /// The next frame of this kind; an empty one after 10 s.
    modem_link::Frame wait_for(modem_link::Kind kind) {
        std::array<char, 65'536> datagram{};
        pollfd waited{socket_, POLLIN, 0};
        while (::poll(&waited, 1, 10'000) > 0) {
            const ssize_t octets = ::recv(socket_, datagram.data(), datagram.size(), 0);
            if (octets <= 0) break;
            const auto frame =
                modem_link::parse({datagram.data(), static_cast<std::size_t>(octets)});
            if (frame && frame->kind == kind) return *frame;
        }
        ADD_FAILURE() << "the modem heard nothing of the kind";
        return {};
    }

    void attach(const std::string& state) {
        send({modem_link::Kind::attach, "", 0, state, "", {}});
        wait_for(modem_link::Kind::attached);
    }

private:
    std::string id_;
    int socket_;
};

/// A simulator on ports of its own, an SCS/AS and clients for both HTTP listeners.
class RunningSimulator : public testing::Test {
protected:
    static constexpr const char* ue = "meter-1@iot.example";
    static constexpr const char* configurations = "/3gpp-nidd/v1/dm/configurations";

    RunningSimulator() {
        Settings settings;
        settings.listen = settings.control = settings.modem_listen = "127.0.0.1:0";
        settings.notifications.retries = {std::chrono::milliseconds(20),
                                          std::chrono::milliseconds(20)};
        settings.notifications.threads = 4;
        simulator = std::make_unique<Simulator>(settings);
        const Result<Ports> started = simulator->start();
        EXPECT_TRUE(started.has_value());
        if (started) ports = *started;
        t8 = client(ports.t8);
        control = client(ports.control);
    }

    static std::unique_ptr<httplib::Client> client(std::uint16_t port) {
        auto made = std::make_unique<httplib::Client>("127.0.0.1", port);
        made->set_keep_alive(true);
        made->set_read_timeout(std::chrono::seconds(20));
        return made;
    }

    /// Creates a configuration for `ue` and answers its path.
    std::string configure(const nlohmann::json& more = nlohmann::json::object()) {
        nlohmann::json wanted{{"externalId", ue},
                              {"notificationDestination", scs_as.destination()}};
        wanted.update(more);
        const auto answer = t8->Post(configurations, wanted.dump(), "application/json");
        EXPECT_TRUE(answer && answer->status == 201);
        const std::string location = answer ? answer->get_header_value("Location") : "";
        return location.substr(std::min(location.size(), location.find("/3gpp")));
    }

    static std::string transfer(const std::string& base64) {
        return nlohmann::json{{"externalId", ue}, {"data", base64}}.dump();
    }

    static nlohmann::json json_of(const httplib::Result& answer) {
        return answer ? nlohmann::json::parse(answer->body, nullptr, false) : nlohmann::json();
    }

    CollectingScsAs scs_as;
    std::unique_ptr<Simulator> simulator;
    Ports ports;
    std::unique_ptr<httplib::Client> t8;
    std::unique_ptr<httplib::Client> control;
};

}  // namespace scef::scef_simulator
