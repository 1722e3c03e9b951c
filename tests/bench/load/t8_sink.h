#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "tests/bench/load/fleet.h"
#include "tests/bench/load/http_server.h"

namespace scef::bench {

/// A SCEF that costs next to nothing: it grants every NIDD configuration, takes every delivery with
/// 201 and says that it reached the device. It has no list of configurations (501).
class T8Sink {
public:
    /// Told of the octets of a delivery before it is answered.
    using OnDelivery = std::function<void(std::size_t device, ByteView octets)>;

    T8Sink(boost::asio::io_context& context, Fleet& fleet);

    std::uint16_t port() const { return server_.port(); }
    std::string api_root() const { return "http://127.0.0.1:" + std::to_string(port()); }
    void on_delivery(OnDelivery listener) { on_delivery_ = std::move(listener); }
    /// Deliveries are answered so much later.
    void answer_after(Duration delay) { delay_ = delay; }
    std::uint64_t deliveries() const { return deliveries_; }
    std::uint64_t configurations() const { return configurations_; }

private:
    void handle(const HttpRequest& request, const HttpReply& reply);
    void create_configuration(const HttpRequest& request, const HttpReply& reply);
    void take_delivery(const HttpRequest& request, const HttpReply& reply);

    boost::asio::io_context& context_;
    Fleet& fleet_;
    OnDelivery on_delivery_;
    Duration delay_{};
    std::uint64_t deliveries_ = 0;
    std::uint64_t configurations_ = 0;
    HttpServer server_;
};

/// The body of an uplink notification: `octets` of that device.
std::string uplink_body(std::size_t device, ByteView octets);

}  // namespace scef::bench
