#include "nidd/endpoint/http_policy.h"

#include <gtest/gtest.h>

namespace scef::nidd {
namespace {

using Found = std::variant<HttpIncomplete, HttpHead, HttpRefusal>;

Found read(const std::string& octets, const HttpPolicy& policy = {}) {
    return read_head(octets, policy);
}

HttpHead head_of(const std::string& octets) {
    const Found found = read(octets);
    if (const auto* head = std::get_if<HttpHead>(&found)) return *head;
    ADD_FAILURE() << "not accepted: " << octets;
    return {};
}

int status_of(const std::string& octets, const HttpPolicy& policy = {}) {
    const Found found = read(octets, policy);
    if (const auto* refusal = std::get_if<HttpRefusal>(&found)) return refusal->status;
    return std::holds_alternative<HttpHead>(found) ? 0 : -1;
}

std::string with_field(const std::string& field) {
    return "POST /x HTTP/1.1\r\nHost: h\r\n" + field + "\r\n\r\n";
}

TEST(HttpPolicy, an_ordinary_request_passes) {
    const HttpHead head = head_of(
        "POST /a/b%20c?x=1 HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type:  application/json \r\n"
        "Content-Length: 5\r\nX-A: 1\r\nx-a: 2\r\n\r\nhello");

    EXPECT_EQ(head.request.method, "POST");
    EXPECT_EQ(head.request.path, "/a/b%20c");
    EXPECT_EQ(head.request.query, "x=1");
    EXPECT_EQ(head.request.headers.at("content-type"), "application/json");
    EXPECT_EQ(head.request.headers.at("x-a"), "1, 2");
    EXPECT_EQ(head.content_length, 5u);
    EXPECT_TRUE(head.keep_alive);
    EXPECT_FALSE(head.chunked);
}

TEST(HttpPolicy, every_prefix_of_a_request_is_incomplete) {
    const std::string whole = with_field("Content-Length: 0");
    for (std::size_t octets = 0; octets < whole.size(); ++octets) {
        EXPECT_EQ(status_of(whole.substr(0, octets)), -1) << octets;
    }
    EXPECT_EQ(status_of(whole), 0);
    EXPECT_EQ(head_of(whole + "next").octets, whole.size());
}

TEST(HttpPolicy, the_connection_ends_with_close_and_with_http_1_0) {
    EXPECT_FALSE(head_of(with_field("Connection: foo, Close")).keep_alive);
    EXPECT_FALSE(head_of("GET / HTTP/1.0\r\n\r\n").keep_alive);
    EXPECT_TRUE(head_of(with_field("Upgrade: h2c")).keep_alive);
}

TEST(HttpPolicy, transfer_encoding_is_exactly_chunked) {
    EXPECT_TRUE(head_of(with_field("Transfer-Encoding: Chunked")).chunked);
    for (const char* coding : {"xchunked", "chunked, identity", "identity, chunked",
                               "gzip, chunked", "identity", "", "chunked;q=1", "\vchunked"}) {
        EXPECT_EQ(status_of(with_field(std::string("Transfer-Encoding: ") + coding)), 400)
            << coding;
    }
    EXPECT_EQ(status_of("POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
    EXPECT_EQ(status_of(with_field("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")),
              400);
}

TEST(HttpPolicy, content_length_is_one_plain_number) {
    for (const char* length : {"+2", "-1", "2, 2", "0x2", "2 2", "", "2.0", "\t"}) {
        EXPECT_EQ(status_of(with_field(std::string("Content-Length: ") + length)), 400) << length;
    }
    EXPECT_EQ(status_of(with_field("Content-Length: 2\r\nContent-Length: 2")), 400);
    EXPECT_EQ(status_of(with_field("Content-Length: 2\r\nTransfer-Encoding: chunked")), 400);
    EXPECT_EQ(status_of(with_field("Transfer-Encoding: chunked\r\nContent-Length: 2")), 400);
}

TEST(HttpPolicy, a_body_above_the_limit_is_413) {
    EXPECT_EQ(status_of(with_field("Content-Length: 65536")), 0);
    EXPECT_EQ(status_of(with_field("Content-Length: 65537")), 413);
    EXPECT_EQ(status_of(with_field("Content-Length: 99999999999999999999999999")), 413);
}

class MalformedRequest : public testing::TestWithParam<std::pair<const char*, std::string>> {};

TEST_P(MalformedRequest, is_refused_with_400) { EXPECT_EQ(status_of(GetParam().second), 400); }

INSTANTIATE_TEST_SUITE_P(
    Reliability, MalformedRequest,
    testing::Values(
        std::pair{"bare_lf", std::string("GET / HTTP/1.1\nHost: h\n\n")},
        std::pair{"bare_lf_in_fields", std::string("GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n")},
        std::pair{"bare_cr", std::string("GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n")},
        std::pair{"nul", std::string("GET / HTTP/1.1\r\nHost: h\0\r\n\r\n", 28)},
        std::pair{"leading_crlf", std::string("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n")},
        std::pair{"folded", with_field("X: a\r\n b")},
        std::pair{"folded_first", std::string("GET / HTTP/1.1\r\n Host: h\r\n\r\n")},
        std::pair{"blank_before_colon", with_field("X : a")},
        std::pair{"no_colon", with_field("nonsense")}, std::pair{"empty_name", with_field(": a")},
        std::pair{"control_in_value", with_field("X: a\x01")},
        std::pair{"no_host", std::string("GET / HTTP/1.1\r\n\r\n")},
        std::pair{"empty_host", std::string("GET / HTTP/1.1\r\nHost:\r\n\r\n")},
        std::pair{"two_hosts", with_field("Host: h")},
        std::pair{"host_list", std::string("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n")},
        std::pair{"host_user", std::string("GET / HTTP/1.1\r\nHost: u@h\r\n\r\n")},
        std::pair{"absolute_target", std::string("GET http://evil/ HTTP/1.1\r\nHost: h\r\n\r\n")},
        std::pair{"relative_target", std::string("GET x HTTP/1.1\r\nHost: h\r\n\r\n")},
        std::pair{"star_target", std::string("GET * HTTP/1.1\r\nHost: h\r\n\r\n")},
        std::pair{"raw_ff", std::string("GET /\xFF HTTP/1.1\r\nHost: h\r\n\r\n")},
        std::pair{"blank_in_target", std::string("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n")},
        std::pair{"fragment", std::string("GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n")},
        std::pair{"half_escape", std::string("GET /a%2 HTTP/1.1\r\nHost: h\r\n\r\n")},
        std::pair{"escaped_nul", std::string("GET /a%00 HTTP/1.1\r\nHost: h\r\n\r\n")},
        std::pair{"two_blanks", std::string("GET  / HTTP/1.1\r\nHost: h\r\n\r\n")},
        std::pair{"tab", std::string("GET\t/\tHTTP/1.1\r\nHost: h\r\n\r\n")},
        std::pair{"no_version", std::string("GET /\r\nHost: h\r\n\r\n")},
        std::pair{"odd_version", std::string("GET / HTTP/1.1x\r\nHost: h\r\n\r\n")},
        std::pair{"lower_case_version", std::string("GET / http/1.1\r\nHost: h\r\n\r\n")},
        std::pair{"two_authorizations", with_field("Authorization: a\r\nAuthorization: b")},
        std::pair{"two_content_types", with_field("Content-Type: a\r\ncontent-type: b")}),
    [](const auto& row) { return row.param.first; });

TEST(HttpPolicy, methods_have_their_answers) {
    EXPECT_EQ(status_of("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n"), 405);
    EXPECT_EQ(status_of("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n"), 405);
    EXPECT_EQ(status_of("BREW / HTTP/1.1\r\nHost: h\r\n\r\n"), 501);
    EXPECT_EQ(status_of("get / HTTP/1.1\r\nHost: h\r\n\r\n"), 501);
    EXPECT_EQ(status_of("PRI * HTTP/2.0\r\n\r\n"), 505);
    EXPECT_EQ(status_of("GET / HTTP/1.2\r\nHost: h\r\n\r\n"), 505);
    EXPECT_EQ(status_of("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"), 0);
    EXPECT_EQ(status_of("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"), 0);
}

TEST(HttpPolicy, expectations_and_content_codings_are_not_met) {
    EXPECT_EQ(status_of(with_field("Expect: 100-continue")), 417);
    EXPECT_EQ(status_of(with_field("Content-Encoding: gzip")), 415);
    EXPECT_EQ(status_of(with_field("Content-Encoding: identity")), 0);
}

TEST(HttpPolicy, an_upgrade_is_not_taken_up) {
    EXPECT_EQ(status_of(with_field("Connection: Upgrade\r\nUpgrade: websocket")), 0);
    EXPECT_EQ(status_of(with_field("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c")), 0);
}

TEST(HttpPolicy, limits_are_kept_before_the_head_is_complete) {
    const std::string line(2300, 'a');
    EXPECT_EQ(status_of("GET /" + line), 414);
    EXPECT_EQ(status_of("GET /" + line + " HTTP/1.1\r\n"), 414);
    EXPECT_EQ(status_of(with_field("X: " + std::string(9000, 'a'))), 431);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nX: " + std::string(9000, 'a')), 431);
    EXPECT_EQ(status_of(std::string(9000, 'a')), 414);
}

TEST(HttpPolicy, the_number_of_fields_has_a_limit) {
    std::string fields;
    for (int i = 0; i < 63; ++i) fields += "a" + std::to_string(i) + ": b\r\n";
    const std::string full = "GET / HTTP/1.1\r\nHost: h\r\n" + fields;

    EXPECT_EQ(status_of(full + "\r\n"), 0);
    EXPECT_EQ(status_of(full + "a: b\r\n\r\n"), 431);
}

TEST(HttpPolicy, a_response_has_no_field_that_could_split_it) {
    HttpResponse response;
    response.body = "{}";
    response.headers = {{"X-Good", "1"}, {"X-Bad", "1\r\nSet-Cookie: x"}, {"X Bad", "1"}};

    EXPECT_EQ(write_response(response, false, true),
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
              "X-Good: 1\r\nConnection: keep-alive\r\n\r\n{}");
}

TEST(HttpPolicy, a_204_has_no_body_and_a_head_has_only_its_length) {
    HttpResponse response;
    response.body = "{}";
    EXPECT_NE(write_response(response, true, false).find("Content-Length: 2\r\n"),
              std::string::npos);
    EXPECT_TRUE(write_response(response, true, false).ends_with("Connection: close\r\n\r\n"));
    response.status = 204;
    EXPECT_EQ(write_response(response, false, true),
              "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n");
}

}  // namespace
}  // namespace scef::nidd
