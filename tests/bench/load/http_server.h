#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace scef::bench {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
/// Takes the octets of the whole response. May be called at once or later, on the server's thread;
/// after the end of the connection it does nothing.
using HttpReply = std::function<void(std::string)>;
using HttpHandler = std::function<void(HttpRequest, HttpReply)>;

/// An HTTP/1.1 server as small as Beast lets one be, on 127.0.0.1: requests are parsed, responses
/// are written as they are given. All of it on the thread that runs the context.
class HttpServer {
public:
    HttpServer(boost::asio::io_context& context, HttpHandler handler);

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    void accept();

    boost::asio::ip::tcp::acceptor acceptor_;
    HttpHandler handler_;
};

/// A response of this status line, such as `201 Created`, with a JSON body.
std::string http_response(const char* status, const std::string& body,
                          const std::string& fields = {});

}  // namespace scef::bench
