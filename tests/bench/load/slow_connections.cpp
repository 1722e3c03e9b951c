#include "tests/bench/load/slow_connections.h"

#include <array>
#include <string_view>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace scef::bench {
namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using asio::ip::tcp;

namespace {

constexpr Duration drip_pause = std::chrono::milliseconds(500);
constexpr Duration reopen_pause = std::chrono::milliseconds(100);
constexpr std::string_view request =
    "POST /api/v1/devices HTTP/1.1\r\nHost: slow.example\r\nContent-Type: application/json\r\n"
    "Content-Length: 1000\r\n\r\n";
constexpr std::size_t said_at_once = 40;
constexpr std::uint32_t first_source = 0x7f000002;  // 127.0.0.2
constexpr std::size_t sources = 8;

}  // namespace

class SlowConnections::Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(SlowConnections& owner, asio::io_context& context, std::uint16_t port,
               std::size_t number)
        : owner_(owner),
          socket_(context),
          timer_(context),
          port_(port),
          source_(first_source + static_cast<std::uint32_t>(number % sources)),
          drips_(number % 2 == 0) {}

    void open_after(Duration pause) {
        timer_.expires_after(pause);
        timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
            if (!error && self->owner_.running_) self->open();
        });
    }
    void close() {
        timer_.cancel();
        leave();
    }

private:
    void open() {
        ErrorCode ignored;
        socket_.open(tcp::v4(), ignored);
        socket_.bind({asio::ip::address_v4(source_), 0}, ignored);
        socket_.async_connect({asio::ip::address_v4::loopback(), port_},
                              [self = shared_from_this()](const ErrorCode& error) {
                                  if (!self->owner_.running_) return;
                                  if (error) return self->begin_anew();
                                  self->begin();
                              });
    }
    void begin() {
        is_open_ = true;
        ++owner_.open_;
        sent_ = drips_ ? 1 : said_at_once;
        asio::async_write(socket_, asio::buffer(request.data(), sent_),
                          [self = shared_from_this()](const ErrorCode&, std::size_t) {});
        if (drips_) drip_later();
        listen();
    }
    void drip_later() {
        timer_.expires_after(drip_pause);
        timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
            if (error || !self->is_open_ || self->sent_ == request.size()) return;
            asio::async_write(self->socket_, asio::buffer(request.data() + self->sent_++, 1),
                              [self](const ErrorCode& failed, std::size_t) {
                                  if (!failed && self->is_open_) self->drip_later();
                              });
        });
    }
    void listen() {
        socket_.async_read_some(asio::buffer(heard_),
                                [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                                    if (!self->is_open_) return;
                                    if (!error) return self->listen();
                                    ++self->owner_.ended_;
                                    self->begin_anew();
                                });
    }
    void begin_anew() {
        leave();
        open_after(reopen_pause);
    }
    void leave() {
        if (std::exchange(is_open_, false)) --owner_.open_;
        ErrorCode ignored;
        socket_.close(ignored);
    }

    SlowConnections& owner_;
    tcp::socket socket_;
    asio::steady_timer timer_;
    std::uint16_t port_;
    std::uint32_t source_;
    bool drips_;
    bool is_open_ = false;
    std::size_t sent_ = 0;
    std::array<char, 512> heard_{};
};

SlowConnections::SlowConnections(asio::io_context& context, std::vector<std::uint16_t> ports,
                                 std::size_t connections) {
    for (std::size_t i = 0; i < connections; ++i) {
        // Both halves of a pair at one port, so that each has as many of either kind.
        const std::uint16_t port = ports[i / 2 % ports.size()];
        connections_.push_back(std::make_shared<Connection>(*this, context, port, i));
    }
}

SlowConnections::~SlowConnections() { close(); }

void SlowConnections::open() {
    running_ = true;
    const Duration step = drip_pause / static_cast<Duration::rep>(connections_.size());
    Duration pause{};
    for (const auto& connection : connections_) connection->open_after(pause += step);
}

void SlowConnections::close() {
    running_ = false;
    for (const auto& connection : connections_) connection->close();
}

}  // namespace scef::bench
