#include "tests/bench/load/http_clients.h"

#include <optional>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

namespace scef::bench {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using ErrorCode = boost::system::error_code;

class HttpClients::Connection : public std::enable_shared_from_this<Connection> {
public:
    explicit Connection(HttpClients& owner) : owner_(&owner), socket_(owner.context_) {}

    void run(Work work) {
        work_ = std::move(work);
        if (socket_.is_open()) return write();
        socket_.async_connect({asio::ip::address_v4::loopback(), owner_->port_},
                              [self = shared_from_this()](const ErrorCode& error) {
                                  if (error) return self->finish({});
                                  self->socket_.set_option(asio::ip::tcp::no_delay(true));
                                  self->write();
                              });
    }

    void abandon() {
        owner_ = nullptr;
        ErrorCode ignored;
        socket_.close(ignored);
    }

private:
    void write() {
        asio::async_write(socket_, asio::buffer(work_.request),
                          [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                              if (error) return self->finish({});
                              self->read();
                          });
    }

    void read() {
        parser_.emplace();
        parser_->body_limit(std::uint64_t{64} * 1024 * 1024);
        http::async_read(socket_, buffer_, *parser_,
                         [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                             if (error) return self->finish({});
                             auto& response = self->parser_->get();
                             self->keep_alive_ = response.keep_alive();
                             self->finish({response.result_int(), std::move(response.body())});
                         });
    }

    void finish(HttpAnswer answer) {
        if (owner_ == nullptr) return;
        if (answer.status == 0 || !keep_alive_) {
            ErrorCode ignored;
            socket_.close(ignored);
            buffer_.clear();
        }
        const Done done = std::move(work_.done);
        HttpClients& owner = *owner_;
        owner.on_free(shared_from_this());
        done(std::move(answer));
    }

    HttpClients* owner_;
    asio::ip::tcp::socket socket_;
    boost::beast::flat_buffer buffer_;
    std::optional<http::response_parser<http::string_body>> parser_;
    Work work_;
    bool keep_alive_ = true;
};

HttpClients::HttpClients(asio::io_context& context, std::uint16_t port, std::size_t connections)
    : context_(context), port_(port), connections_max_(connections) {}

HttpClients::~HttpClients() {
    for (const auto& weak : all_) {
        if (const auto connection = weak.lock()) connection->abandon();
    }
}

void HttpClients::submit(std::string request, Done done) {
    waiting_.push_back({std::move(request), std::move(done)});
    dispatch();
}

void HttpClients::dispatch() {
    while (!waiting_.empty()) {
        std::shared_ptr<Connection> connection;
        if (!idle_.empty()) {
            connection = std::move(idle_.back());
            idle_.pop_back();
        } else if (all_.size() < connections_max_) {
            connection = std::make_shared<Connection>(*this);
            all_.emplace_back(connection);
        } else {
            return;
        }
        Work work = std::move(waiting_.front());
        waiting_.pop_front();
        connection->run(std::move(work));
    }
}

void HttpClients::on_free(const std::shared_ptr<Connection>& connection) {
    idle_.push_back(connection);
    dispatch();
}

std::string http_request(const char* method, const std::string& target, const std::string& body) {
    std::string request;
    request.reserve(160 + target.size() + body.size());
    request.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
    if (!body.empty()) {
        request.append("Content-Type: application/json\r\nContent-Length: ")
            .append(std::to_string(body.size()))
            .append("\r\n");
    }
    return request.append("\r\n").append(body);
}

}  // namespace scef::bench
