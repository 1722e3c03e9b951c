#include <gtest/gtest.h>

#include "lwm2m-core/coap/codec.h"
#include "tests/vectors/coap_examples.h"

namespace scef::coap {
namespace {

Message read(const char* hex) {
    const auto message = parse(from_hex(hex));
    EXPECT_TRUE(message) << hex;
    return message.value_or(Message{});
}

Message temperature_request(Type type, std::uint16_t message_id, Token token) {
    Message request{type, codes::get, message_id, token, {}, {}};
    request.add_text(options::uri_path, "temperature");
    return request;
}

Message temperature_response(Type type, std::uint16_t message_id, Token token) {
    return {type, codes::content, message_id, token, {}, to_bytes("22.3 C")};
}

/// One printed message and what it says: read and written.
void expect_same(const char* hex, const Message& message) {
    EXPECT_EQ(read(hex), message) << hex;
    EXPECT_EQ(to_hex(serialize(message)), to_hex(from_hex(hex)));
}

TEST(CoapExamples, rfc_7252_figure_16_piggybacked_response) {
    expect_same(vectors::coap_figure_16_request,
                temperature_request(Type::confirmable, 0x7d34, {}));
    expect_same(vectors::coap_figure_16_response,
                temperature_response(Type::acknowledgement, 0x7d34, {}));
}

TEST(CoapExamples, rfc_7252_figure_17_piggybacked_response_with_a_token) {
    const Message request = temperature_request(Type::confirmable, 0x7d35, {0x20});
    expect_same(vectors::coap_figure_17_request, request);
    Message response = make_response(request, codes::content);
    response.payload = to_bytes("22.3 C");
    expect_same(vectors::coap_figure_17_response, response);
}

TEST(CoapExamples, rfc_7252_figure_20_separate_response) {
    expect_same(vectors::coap_figure_20_request,
                temperature_request(Type::confirmable, 0x7d38, {0x53}));
    expect_same(vectors::coap_figure_20_acknowledgement, make_ack(0x7d38));
    expect_same(vectors::coap_figure_20_response,
                temperature_response(Type::confirmable, 0xad7b, {0x53}));
    expect_same(vectors::coap_figure_20_last_acknowledgement, make_ack(0xad7b));
}

TEST(CoapExamples, rfc_7252_figure_21_unexpected_separate_response) {
    expect_same(vectors::coap_figure_21_response,
                temperature_response(Type::confirmable, 0xad7c, {0x64}));
    expect_same(vectors::coap_figure_21_reset, make_reset(0xad7c));
}

TEST(CoapExamples, rfc_7252_figure_22_non_confirmable_both_ways) {
    expect_same(vectors::coap_figure_22_request,
                temperature_request(Type::non_confirmable, 0x7d40, {0x75}));
    expect_same(vectors::coap_figure_22_response,
                temperature_response(Type::non_confirmable, 0xad7d, {0x75}));
}

/// RFC 7252 3.1: deltas and lengths of 13 and 269 begin the extended forms.
TEST(CoapExamples, rfc_7252_clause_3_1_extended_deltas_and_lengths) {
    struct Case {
        std::uint16_t number;
        std::size_t size;
        const char* head;
    };
    for (const Case& example :
         {Case{12, 12, "cc"}, Case{13, 13, "dd0000"}, Case{268, 268, "ddffff"},
          Case{269, 269, "ee00000000"}, Case{292, 0, "e00017"}, Case{65535, 13, "edfef200"}}) {
        Message message{Type::non_confirmable, codes::content, 1, {}, {}, {}};
        message.add(example.number, Bytes(example.size, 0x61));
        const Bytes octets = serialize(message);
        const std::size_t head_size = octets.size() - 4 - example.size;
        EXPECT_EQ(to_hex(ByteView(octets).subspan(4, head_size)), example.head) << example.number;
        EXPECT_EQ(parse(octets), message);
    }
}

TEST(CoapExamples, rfc_7252_clause_3_1_nibbles_15_are_reserved_for_the_payload_marker) {
    for (const char* hex : {"40010001 f0", "40010001 0f", "40010001 f1 00"}) {
        const auto message = parse(from_hex(hex));
        ASSERT_FALSE(message) << hex;
        EXPECT_EQ(message.error().reason, "option_reserved");
        EXPECT_EQ(message.error().rejection, Rejection::reset);
    }
    EXPECT_EQ(parse(from_hex("40010001 ff")).error().reason, "payload_missing");
}

/// RFC 7252 3.2: zero has no octets; leading zeros are read.
TEST(CoapExamples, rfc_7252_clause_3_2_unsigned_integers) {
    EXPECT_EQ(read("40010001 60").uint_option(options::observe), 0U);
    EXPECT_EQ(read("40010001 630000ff").uint_option(options::observe), 255U);
    Message message;
    message.add_uint(options::content_format, 0);
    EXPECT_TRUE(message.find(options::content_format)->value.empty());
}

TEST(CoapExamples, rfc_7641_appendix_a_registration_and_notification) {
    Message request = temperature_request(Type::confirmable, 0x1633, {0x4a});
    request.add_uint(options::observe, 0);
    expect_same(vectors::observe_registration, request);
    const Message notification = read(vectors::observe_notification);
    EXPECT_EQ(notification.uint_option(options::observe), 9U);
    EXPECT_EQ(notification.uint_option(options::max_age), 15U);
    EXPECT_EQ(as_text(notification.payload), "18.5 Cel");
    EXPECT_EQ(to_hex(serialize(notification)), to_hex(from_hex(vectors::observe_notification)));
}

/// The examples of RFC 7959 3 write an option as NUM/M/size; its value is that of 2.2.
TEST(CoapExamples, rfc_7959_clause_2_2_block_options) {
    struct Case {
        std::uint32_t number;
        bool more;
        std::size_t size;
        const char* value;
    };
    for (const Case& example :
         {Case{0, true, 128, "0b"}, Case{1, false, 128, "13"}, Case{1, true, 128, "1b"},
          Case{2, false, 128, "23"}, Case{0, false, 64, "02"}, Case{5, false, 64, "52"},
          Case{0, false, 16, ""}, Case{16, true, 1024, "010e"},
          Case{1048575, false, 1024, "fffff6"}}) {
        Block block{example.number, example.more, 0};
        while (block.size() < example.size) ++block.size_exponent;
        Message message;
        message.add_uint(options::block2, block.value());
        EXPECT_EQ(to_hex(message.find(options::block2)->value), example.value);
        const auto back = Block::from(message, options::block2);
        ASSERT_TRUE(back);
        EXPECT_EQ(back->number, example.number);
        EXPECT_EQ(back->more, example.more);
        EXPECT_EQ(back->size(), example.size);
    }
}

}  // namespace
}  // namespace scef::coap
