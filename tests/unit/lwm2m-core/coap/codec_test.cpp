#include "lwm2m-core/coap/codec.h"

#include <gtest/gtest.h>

namespace scef::coap {
namespace {

TEST(Codec, reads_the_example_of_rfc_7252_appendix_a) {
    const auto message = parse(from_hex("41 01 7d 35 20 bb 74656d7065726174757265"));
    ASSERT_TRUE(message);
    EXPECT_EQ(message->type, Type::confirmable);
    EXPECT_EQ(message->code, codes::get);
    EXPECT_EQ(message->message_id, 0x7d35);
    EXPECT_EQ(message->token, Token{0x20});
    EXPECT_EQ(message->path_text(), "/temperature");
    EXPECT_TRUE(message->payload.empty());
}

TEST(Codec, writes_a_piggybacked_response_octet_by_octet) {
    Message message;
    message.type = Type::acknowledgement;
    message.code = codes::content;
    message.message_id = 0x7d35;
    message.token = Token{0x20};
    message.payload = to_bytes("22.3 C");
    EXPECT_EQ(to_hex(serialize(message)), "61457d3520ff32322e332043");
}

TEST(Codec, writes_options_in_ascending_order_whatever_their_order) {
    Message message;
    message.code = codes::get;
    message.options = {{options::uri_query, {'q'}},
                       {options::uri_path, {'3'}},
                       {options::observe, {}},
                       {options::uri_path, {'0'}}};
    EXPECT_EQ(to_hex(serialize(message)),
              "40010000605133013041"
              "71");
}

TEST(Codec, chooses_the_shortest_delta_and_length_at_every_boundary) {
    for (const unsigned number : {1u, 12u, 13u, 268u, 269u, 65535u}) {
        for (const std::size_t size : {0u, 12u, 13u, 268u, 269u, 65804u}) {
            Message message;
            message.code = codes::content;
            message.type = Type::non_confirmable;
            message.add(static_cast<std::uint16_t>(number), Bytes(size, 0x61));
            const auto extension = [](std::size_t n) { return n < 13 ? 0u : n < 269 ? 1u : 2u; };
            const Bytes octets = serialize(message);
            EXPECT_EQ(octets.size(), 5 + extension(number) + extension(size) + size);
            EXPECT_EQ(parse(octets), message) << number << " of " << size;
        }
    }
}

TEST(Codec, knows_coap_by_its_first_octet) {
    EXPECT_TRUE(looks_like_coap(from_hex("40 01 00 01")));
    EXPECT_TRUE(looks_like_coap(from_hex("7f 01 00 01")));
    EXPECT_FALSE(looks_like_coap(from_hex("16 fe fd 00 00")));  // a DTLS handshake
    EXPECT_FALSE(looks_like_coap(from_hex("80 01 00 01")));
    EXPECT_FALSE(looks_like_coap(from_hex("40 01 00")));
    EXPECT_FALSE(looks_like_coap({}));
}

TEST(Codec, a_location_with_a_slash_in_one_option_is_no_error_in_a_response) {
    const auto message = parse(from_hex("61 41 00 01 20 84 72642f32"));
    ASSERT_TRUE(message);
    EXPECT_EQ(message->find(options::location_path)->text(), "rd/2");
}

TEST(Codec, accepts_an_ordinary_register) {
    Message request;
    request.code = codes::post;
    request.add_text(options::uri_path, "rd");
    request.add_uint(options::content_format, 40);
    for (const auto query : {"ep=urn:imei:356938035643809", "lt=86400", "lwm2m=1.1", "b=N", "Q"}) {
        request.add_text(options::uri_query, query);
    }
    request.payload = to_bytes("</1/0>,</3/0>");
    EXPECT_EQ(refuse_request(request), std::nullopt);
}

TEST(Codec, accepts_every_known_critical_option_of_good_size) {
    Message request;
    request.code = codes::fetch;
    request.add(options::if_match, {1});
    request.add(options::if_match, {2});
    request.add_text(options::uri_host, "device.example.com");
    request.add(options::if_none_match, {});
    request.add_uint(options::uri_port, 5683);
    request.add(options::oscore, {0x09, 0x14, 0x25});
    request.add_text(options::uri_path, "");
    request.add_text(options::uri_query, "pmin=10");
    request.add_uint(options::accept, 11542);
    request.add_uint(options::q_block1, 6);
    request.add(options::edhoc, {});
    request.add_uint(options::block2, 0x16);
    request.add_uint(options::block1, 0x0e);
    request.add_uint(options::q_block2, 6);
    request.add_uint(options::q_block2, 0x16);
    EXPECT_EQ(refuse_request(request), std::nullopt);
}

TEST(Codec, accepts_the_seven_methods_and_no_other) {
    Message request;
    for (unsigned detail = 1; detail < 32; ++detail) {
        request.code = Code(0, detail);
        EXPECT_EQ(refuse_request(request).has_value(), detail > 7) << detail;
    }
}

TEST(Codec, an_unknown_method_is_named_before_a_bad_option) {
    EXPECT_EQ(refuse_request(*parse(from_hex("40 1f 00 01 d1 00 00"))), codes::method_not_allowed);
}

TEST(Codec, a_bad_option_is_named_before_a_bad_path) {
    EXPECT_EQ(refuse_request(*parse(from_hex("40 01 00 01 b2 2e2e 21 00"))), codes::bad_option);
}

}  // namespace
}  // namespace scef::coap
