#include "nidd/endpoint/http_listener.h"
#include "tests/unit/nidd/client/client_fixture.h"
#include "tests/unit/nidd/test_certificates.h"

namespace scef::nidd {
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
        listen.tls_certificate_file = files.server;
        listen.tls_key_file = files.server_key;
        options.ca_file = files.ca;
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

TEST_F(Tls, a_server_of_another_authority_gets_nothing) {
    options.ca_file = files.stranger_ca;
    start();

    EXPECT_EQ(call().transport, Transport::not_sent);
    EXPECT_EQ(scef->counters().requests, 0u);
}

TEST_F(Tls, a_server_with_a_certificate_for_another_host_gets_nothing) {
    listen.tls_certificate_file = files.other;
    listen.tls_key_file = files.other_key;
    start();

    EXPECT_EQ(call().transport, Transport::not_sent);
    EXPECT_EQ(scef->counters().requests, 0u);
}

TEST_F(Tls, a_client_certificate_is_shown_when_asked_for) {
    listen.tls_client_ca_file = files.ca;
    options.certificate_file = files.client;
    options.key_file = files.client_key;
    start();

    EXPECT_EQ(call().status, 200);
}

TEST_F(Tls, without_a_client_certificate_no_request_passes) {
    listen.tls_client_ca_file = files.ca;
    start();

    EXPECT_NE(call().transport, Transport::answered);
    EXPECT_EQ(scef->counters().requests, 0u);
}

}  // namespace
}  // namespace scef::nidd
