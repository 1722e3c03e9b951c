#include "tests/bench/load/http_server.h"

#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

namespace scef::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using ErrorCode = boost::system::error_code;

class Session : public std::enable_shared_from_this<Session> {
public:
    Session(asio::ip::tcp::socket socket, const HttpHandler& handler)
        : socket_(std::move(socket)), handler_(handler) {}

    void read() {
        parser_.emplace();
        http::async_read(socket_, buffer_, *parser_,
                         [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                             if (!error) self->handle();
                         });
    }

private:
    void handle() {
        handler_(parser_->release(), [self = shared_from_this()](std::string response) {
            self->write(std::move(response));
        });
    }

    void write(std::string response) {
        response_ = std::move(response);
        asio::async_write(socket_, asio::buffer(response_),
                          [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                              if (!error) self->read();
                          });
    }

    asio::ip::tcp::socket socket_;
    const HttpHandler& handler_;
    boost::beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    std::string response_;
};

}  // namespace

HttpServer::HttpServer(asio::io_context& context, HttpHandler handler)
    : acceptor_(context, {asio::ip::address_v4::loopback(), 0}), handler_(std::move(handler)) {
    acceptor_.listen(4096);
    accept();
}

void HttpServer::accept() {
    acceptor_.async_accept([this](const ErrorCode& error, asio::ip::tcp::socket socket) {
        if (error) return;
        socket.set_option(asio::ip::tcp::no_delay(true));
        std::make_shared<Session>(std::move(socket), handler_)->read();
        accept();
    });
}

std::string http_response(const char* status, const std::string& body, const std::string& fields) {
    std::string response;
    response.reserve(128 + fields.size() + body.size());
    response.append("HTTP/1.1 ").append(status).append("\r\n").append(fields);
    if (!body.empty()) response.append("Content-Type: application/json\r\n");
    response.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
    return response.append(body);
}

}  // namespace scef::bench
