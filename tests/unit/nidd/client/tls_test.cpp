#include <future>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "nidd/endpoint/http_listener.h"
#include "tests/unit/nidd/client/client_fixture.h"
#include "tests/unit/nidd/test_certificates.h"

namespace scef::nidd {
namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
namespace http = boost::beast::http;
namespace {

using namespace test;
using Transport = T8Answer::Transport;

/// Our client against our listener, both with TLS.
struct Tls : ClientFixture {
    TestCertificates files;
    HttpListener::Options listen;
    std::unique_ptr<HttpListener> scef;

    Tls() {
        listen.address = "127.0.0.1:0";
        listen.tls.certificate = files.server;
        listen.tls.key = files.server_key;
        options.tls.ca = files.ca;
    }
    ~Tls() override { dut.reset(); }
    void start() {
        auto started =
            HttpListener::start(listen, [](const HttpRequest& request, const HttpReply& reply) {
                reply({200, "application/json", request.body, {}});
            });
        ASSERT_TRUE(started) << started.error().message;
        scef = std::move(*started);
        make("https://127.0.0.1:" + std::to_string(scef->port()));
    }
};

TEST_F(Tls, a_server_that_the_authority_signed_is_trusted_and_its_connection_kept) {
    start();

    EXPECT_EQ(call().body, delivery().body);
    EXPECT_EQ(call().status, 200);
    EXPECT_EQ(scef->counters().connections, 1u);
}

/// A TLS server with one connection: answers a request, sends a session ticket when told, answers
/// once more on the same connection.
class TicketServer {
public:
    explicit TicketServer(const TestCertificates& files) : tls_(ssl::context::tls_server) {
        tls_.use_certificate_chain_file(files.server);
        tls_.use_private_key_file(files.server_key, ssl::context::pem);
        thread_ = std::thread([this] { serve(); });
    }
    ~TicketServer() {
        if (!told_) wanted_.set_value();
        if (thread_.joinable()) thread_.join();
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    /// Returns when the ticket is in the client's socket.
    void send_ticket() {
        told_ = true;
        wanted_.set_value();
        sent_.get_future().wait();
    }
    /// How many requests were answered, once the client is gone.
    int answered() {
        thread_.join();
        return answered_;
    }

private:
    using Tcp = asio::ip::tcp;

    void serve() {
        ssl::stream<Tcp::socket> peer(acceptor_.accept(), tls_);
        acceptor_.close();  // another connection is refused
        peer.handshake(ssl::stream_base::server);
        answer(peer);
        wanted_.get_future().wait();
        SSL_new_session_ticket(peer.native_handle());
        boost::system::error_code error;
        peer.handshake(ssl::stream_base::server, error);  // writes it
        for (int unacknowledged = 1; unacknowledged > 0;) {
            if (ioctl(peer.next_layer().native_handle(), SIOCOUTQ, &unacknowledged) != 0) break;
            std::this_thread::yield();
        }
        sent_.set_value();
        answer(peer);
    }
    void answer(ssl::stream<Tcp::socket>& peer) {
        boost::beast::flat_buffer buffer;
        http::request<http::string_body> request;
        boost::system::error_code error;
        http::read(peer, buffer, request, error);
        if (error) return;
        http::response<http::string_body> response(http::status::ok, 11, "{}");
        response.prepare_payload();
        http::write(peer, response, error);
        if (!error) ++answered_;
    }

    asio::io_context context_;
    ssl::context tls_;
    Tcp::acceptor acceptor_{context_, Tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
    std::promise<void> wanted_, sent_;
    bool told_ = false;
    int answered_ = 0;
    std::thread thread_;
};

// RFC 8446 4.6.1: a ticket may come at any time after the handshake.
TEST_F(Tls, a_session_ticket_that_was_not_read_yet_does_not_cost_the_connection) {
    TicketServer server(files);
    make("https://127.0.0.1:" + std::to_string(server.port()));
    ASSERT_EQ(call().status, 200);

    server.send_ticket();

    EXPECT_EQ(call().status, 200);
    dut.reset();
    EXPECT_EQ(server.answered(), 2);
}

TEST_F(Tls, a_server_of_another_authority_gets_nothing) {
    options.tls.ca = files.stranger_ca;
    start();

    EXPECT_EQ(call().transport, Transport::not_sent);
    EXPECT_EQ(scef->counters().requests, 0u);
}

TEST_F(Tls, a_server_with_a_certificate_for_another_host_gets_nothing) {
    listen.tls.certificate = files.other;
    listen.tls.key = files.other_key;
    start();

    EXPECT_EQ(call().transport, Transport::not_sent);
    EXPECT_EQ(scef->counters().requests, 0u);
}

TEST_F(Tls, a_client_certificate_is_shown_when_asked_for) {
    listen.tls.ca = files.ca;
    options.tls.certificate = files.client;
    options.tls.key = files.client_key;
    start();

    EXPECT_EQ(call().status, 200);
}

TEST_F(Tls, without_a_client_certificate_no_request_passes) {
    listen.tls.ca = files.ca;
    start();

    EXPECT_NE(call().transport, Transport::answered);
    EXPECT_EQ(scef->counters().requests, 0u);
}

// ---- Revocation (RFC 5280; requirement PKI-001)

TEST_F(Tls, PKI_001_a_server_on_the_list_of_its_authority_gets_nothing_and_the_error_says_why) {
    options.tls.crl = files.write_crl({files.server});
    start();

    const T8Answer answer = call();

    EXPECT_EQ(answer.transport, Transport::not_sent);
    EXPECT_NE(answer.error.find("certificate revoked"), std::string::npos) << answer.error;
    EXPECT_EQ(scef->counters().requests, 0u);
}

TEST_F(Tls, PKI_001_a_server_that_is_on_no_list_is_trusted) {
    options.tls.crl = files.write_crl({files.client, files.other});
    start();

    EXPECT_EQ(call().status, 200);
}

TEST_F(Tls, PKI_001_a_list_that_is_out_of_date_lets_nobody_pass) {
    options.tls.crl = files.write_crl({}, std::chrono::seconds(-1));
    start();

    const T8Answer answer = call();

    EXPECT_EQ(answer.transport, Transport::not_sent);
    EXPECT_NE(answer.error.find("CRL has expired"), std::string::npos) << answer.error;
}

TEST_F(Tls, PKI_001_without_a_list_of_its_issuer_a_server_gets_nothing) {
    options.tls.crl =
        files.write_crl({}, std::chrono::hours(1), TestCertificates::Issuer::stranger);
    start();

    const T8Answer answer = call();

    EXPECT_EQ(answer.transport, Transport::not_sent);
    EXPECT_NE(answer.error.find("unable to get certificate CRL"), std::string::npos)
        << answer.error;
}

TEST_F(Tls, PKI_001_a_list_that_the_authority_did_not_sign_lets_nobody_pass) {
    options.tls.crl = files.write_crl({}, std::chrono::hours(1), TestCertificates::Issuer::forger);
    start();

    EXPECT_EQ(call().transport, Transport::not_sent);
    EXPECT_EQ(scef->counters().requests, 0u);
}

TEST_F(Tls, PKI_001_a_new_list_counts_without_a_restart_and_a_broken_one_does_not) {
    listen.tls.ca = files.ca;
    listen.tls.crl = files.write_crl({});
    options.tls.certificate = files.client;
    options.tls.key = files.client_key;
    start();
    ASSERT_EQ(call().status, 200);
    const std::string address = "https://127.0.0.1:" + std::to_string(scef->port());

    files.write_crl({files.client});
    make(address);  // another connection
    EXPECT_NE(call().transport, Transport::answered) << "its certificate was revoked";

    files.write_crl({});
    make(address);
    EXPECT_EQ(call().status, 200) << "and is good again";

    files.write_broken_crl();
    make(address);
    EXPECT_EQ(call().status, 200) << "what cannot be read changes nothing";
}

TEST_F(Tls, PKI_001_a_list_that_cannot_be_read_is_an_error_at_start) {
    listen.tls.ca = files.ca;
    for (const std::string& file : {std::string("/nonexistent.crl"), files.ca}) {
        listen.tls.crl = file;
        const auto started = HttpListener::start(listen, [](auto&&, auto&&) {});
        ASSERT_FALSE(started) << file;
        EXPECT_NE(started.error().message.find("revocation lists"), std::string::npos)
            << started.error().message;
    }
}

}  // namespace
}  // namespace scef::nidd
