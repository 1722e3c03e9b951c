#include "tests/bench/load/ceilings.h"

#include <atomic>
#include <chrono>
#include <ctime>
#include <functional>
#include <memory>
#include <thread>

#include <arpa/inet.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "tests/bench/load/datagram_port.h"
#include "tests/bench/load/http_clients.h"
#include "tests/bench/load/http_server.h"
#include "tests/bench/load/t8_sink.h"

namespace scef::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double microseconds = 1e6;

double thread_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// A context that another thread runs, and what that thread has spent.
class OtherThread {
public:
    OtherThread()
        : guard_(context_.get_executor()), thread_([this] {
              context_.run();
              spent_ = thread_seconds();
          }) {}
    ~OtherThread() { (void)end(); }
    OtherThread(const OtherThread&) = delete;
    OtherThread& operator=(const OtherThread&) = delete;

    boost::asio::io_context& context() { return context_; }
    /// Ends the thread; its processor time in seconds.
    double end() {
        context_.stop();
        if (thread_.joinable()) thread_.join();
        return spent_;
    }

private:
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    double spent_ = 0;
    std::thread thread_;
};

/// One request over and over, on each of so many connections; how many ended well in that time.
std::uint64_t post_in_a_loop(std::uint16_t port, std::size_t connections, Duration time,
                             const std::string& request) {
    boost::asio::io_context context{1};
    HttpClients clients(context, port, connections);
    std::uint64_t ended = 0;
    std::function<void()> one = [&] {
        clients.submit(request, [&](const HttpAnswer& answer) {
            if (answer.status / 100 == 2) ++ended;
            one();
        });
    };
    for (std::size_t i = 0; i < connections; ++i) one();
    context.run_for(time);
    return ended;
}

}  // namespace

Ceiling bare_post_loop(std::size_t connections, Duration time) {
    Fleet fleet;
    OtherThread other;
    T8Sink sink(other.context(), fleet);
    const std::string target = "/3gpp-nidd/v1/lwm2m-dm/configurations/" +
                               Fleet::configuration_id(0) + "/downlink-data-deliveries";
    // As long as the body of a frame of 120 octets.
    const std::string body = R"({"data":")" + std::string(160, 'A') + R"(","externalId":")" +
                             Fleet::external_id(0) +
                             R"(","maximumLatency":86400,"reliableDataService":false})";
    const auto begin = Clock::now();
    const double spent = thread_seconds();
    const auto count = static_cast<double>(
        post_in_a_loop(sink.port(), connections, time, http_request("POST", target, body)));
    const Ceiling ceiling{count / seconds_since(begin),
                          (thread_seconds() - spent) / count * microseconds};
    (void)other.end();
    return ceiling;
}

Ceiling bare_server(std::size_t connections, Duration time) {
    OtherThread other;
    HttpServer server(other.context(), [](const HttpRequest&, const HttpReply& reply) {
        reply(http_response("204 No Content", {}));
    });
    const Bytes octets(120, 0x5a);
    const std::string request = http_request("POST", "/t8/v1/notifications/" + std::string(40, 'c'),
                                             uplink_body(0, octets));
    const auto begin = Clock::now();
    const auto count =
        static_cast<double>(post_in_a_loop(server.port(), connections, time, request));
    const double took = seconds_since(begin);
    return {count / took, other.end() / count * microseconds};
}

Ceiling bare_datagrams(std::size_t window, Duration time) {
    OtherThread other;
    std::unique_ptr<DatagramPort> far;
    far = std::make_unique<DatagramPort>(other.context(),
                                         [&](ByteView octets, const sockaddr_in& peer) {
                                             far->send(peer, Bytes(octets.begin(), octets.end()));
                                         });
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(far->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    boost::asio::io_context context{1};
    std::uint64_t returned = 0;
    std::unique_ptr<DatagramPort> near;
    near = std::make_unique<DatagramPort>(context, [&](ByteView octets, const sockaddr_in&) {
        ++returned;
        near->send(address, Bytes(octets.begin(), octets.end()));
    });
    for (std::size_t i = 0; i < window; ++i) near->send(address, Bytes(120, 0x5a));
    const auto begin = Clock::now();
    context.run_for(time);
    const double took = seconds_since(begin);
    const auto count = static_cast<double>(returned);
    return {count / took, other.end() / count * microseconds};
}

}  // namespace scef::bench
