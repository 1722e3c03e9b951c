#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace scef::bench {

struct HttpAnswer {
    unsigned status = 0;  ///< 0: the connection broke
    std::string body;
};

/// Keep-alive connections of Beast to one server on 127.0.0.1; each carries one request at a time,
/// and requests wait in their order for a free one. On the thread that runs the context.
class HttpClients {
public:
    using Done = std::function<void(HttpAnswer)>;

    /// Connections are made when they are first needed.
    HttpClients(boost::asio::io_context& context, std::uint16_t port, std::size_t connections);
    ~HttpClients();
    HttpClients(const HttpClients&) = delete;
    HttpClients& operator=(const HttpClients&) = delete;

    /// `request`: all of its octets.
    void submit(std::string request, Done done);
    std::size_t waiting() const { return waiting_.size(); }

    class Connection;

private:
    friend class Connection;
    struct Work {
        std::string request;
        Done done;
    };
    void dispatch();
    void on_free(const std::shared_ptr<Connection>& connection);

    boost::asio::io_context& context_;
    std::uint16_t port_;
    std::size_t connections_max_;
    std::deque<Work> waiting_;
    std::vector<std::shared_ptr<Connection>> idle_;
    std::vector<std::weak_ptr<Connection>> all_;
};

/// The octets of a request with a JSON body, or without one.
std::string http_request(const char* method, const std::string& target,
                         const std::string& body = {});

}  // namespace scef::bench
