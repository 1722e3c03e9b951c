#include <gtest/gtest.h>

#include "nidd/endpoint/http_policy.h"

namespace scef::nidd {
namespace {

using State = ChunkedBody::State;

struct Decoded {
    State state;
    std::string body;
    std::string rest;
    int status;
};

Decoded decode(const std::string& octets, std::size_t piece = 100'000, std::size_t limit = 1000) {
    ChunkedBody chunked(limit);
    Decoded decoded{State::incomplete, {}, {}, 0};
    std::size_t at = 0;
    while (decoded.state == State::incomplete && at < octets.size()) {
        std::string_view input = std::string_view(octets).substr(at, piece);
        const std::size_t given = input.size();
        decoded.state = chunked.take(input, decoded.body);
        at += given - input.size();
    }
    decoded.rest = octets.substr(at);
    decoded.status = chunked.refusal().status;
    return decoded;
}

TEST(ChunkedBody, is_the_same_in_whatever_pieces_it_comes) {
    const std::string octets = "5\r\nhello\r\nA;x=\"y\"\r\n0123456789\r\n000\r\n\r\nGET";
    for (std::size_t piece = 1; piece <= octets.size(); ++piece) {
        const Decoded decoded = decode(octets, piece);
        EXPECT_EQ(decoded.state, State::complete) << piece;
        EXPECT_EQ(decoded.body, "hello0123456789") << piece;
        EXPECT_EQ(decoded.rest, "GET") << piece;
    }
}

TEST(ChunkedBody, malformed_framing_is_400) {
    for (const char* octets :
         {"-2\r\n", "+2\r\n", " 2\r\n", "0x2\r\n", "2 \r\n", "2\n", "\r\n", "g\r\n", "2\r\nabc\r\n",
          "2\r\nab\n", "2\r\nabX", "2\rX", "0\r\n\rX", "2;\x01\r\n", "2;a\n"}) {
        const Decoded decoded = decode(octets);
        EXPECT_EQ(decoded.state, State::refused) << octets;
        EXPECT_EQ(decoded.status, 400) << octets;
    }
}

TEST(ChunkedBody, sizes_beyond_the_limit_are_413_before_the_data_comes) {
    for (const char* octets :
         {"3e9\r\n", "FFFFFFFFFFFFFFFF\r\n", "fffffffff\r\n", "7fffffff;", "0000000001\r\n"}) {
        EXPECT_EQ(decode(octets).status, 413) << octets;
    }
    EXPECT_EQ(decode("3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n").status, 413);
    EXPECT_EQ(decode("3e8\r\n" + std::string(1000, 'x') + "\r\n0\r\n\r\n").state, State::complete);
}

TEST(ChunkedBody, a_long_extension_is_400) {
    EXPECT_EQ(decode("1;" + std::string(100'000, 'x')).status, 400);
}

TEST(ChunkedBody, very_many_tiny_chunks_are_413) {
    std::string octets;
    for (int i = 0; i < 10'000; ++i) octets += "1\r\nx\r\n";
    EXPECT_EQ(decode(octets, 100'000, 100'000).status, 413);
}

TEST(ChunkedBody, trailer_fields_are_refused) {
    const Decoded decoded = decode("1\r\nx\r\n0\r\nAuthorization: Bearer y\r\n\r\n");

    EXPECT_EQ(decoded.state, State::refused);
    EXPECT_EQ(decoded.status, 400);
}

TEST(ChunkedBody, stays_refused) {
    ChunkedBody chunked(10);
    std::string body;
    std::string_view bad = "z";
    chunked.take(bad, body);
    std::string_view good = "0\r\n\r\n";
    EXPECT_EQ(chunked.take(good, body), State::refused);
}

}  // namespace
}  // namespace scef::nidd
