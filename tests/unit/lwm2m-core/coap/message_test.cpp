#include "lwm2m-core/coap/message.h"

#include <gtest/gtest.h>

namespace scef::coap {
namespace {

TEST(Code, is_written_as_class_and_two_digits) {
    EXPECT_EQ(codes::content.text(), "2.05");
    EXPECT_EQ(codes::too_many_requests.text(), "4.29");
    EXPECT_EQ(codes::empty.text(), "0.00");
}

TEST(Code, knows_requests_responses_and_empty) {
    EXPECT_TRUE(codes::ipatch.is_request());
    EXPECT_FALSE(codes::empty.is_request());
    EXPECT_TRUE(codes::empty.is_empty());
    EXPECT_TRUE(codes::gateway_timeout.is_response());
    EXPECT_FALSE(Code(1, 0).is_response());
    EXPECT_FALSE(Code(7, 1).is_response());
}

TEST(Token, keeps_the_first_eight_octets) {
    const Token token{1, 2, 3, 4, 5, 6, 7, 8, 9};
    EXPECT_EQ(token.size(), 8u);
    EXPECT_EQ(to_hex(token.view()), "0102030405060708");
    EXPECT_TRUE(Token().empty());
}

TEST(Token, of_another_length_is_another_token) {
    EXPECT_NE((Token{0}), Token{});
    EXPECT_NE((Token{1}), (Token{1, 0}));
    EXPECT_EQ(Token(from_hex("0102")), (Token{1, 2}));
}

TEST(Message, keeps_options_ascending_and_equal_ones_in_order_of_addition) {
    Message message;
    message.add_text(options::uri_query, "b=U");
    message.add_text(options::uri_path, "3");
    message.add_text(options::uri_path, "0");
    message.add_uint(options::observe, 0);
    EXPECT_EQ(message.path_text(), "/3/0");
    EXPECT_EQ(message.options.front().number, options::observe);
    EXPECT_EQ(message.options.back().number, options::uri_query);
}

TEST(Message, writes_unsigned_options_without_leading_zeros) {
    Message message;
    message.add_uint(1, 0);
    message.add_uint(2, 255);
    message.add_uint(3, 256);
    message.add_uint(4, 0x01000000);
    EXPECT_EQ(message.find(1)->value, Bytes{});
    EXPECT_EQ(message.find(2)->value, Bytes{255});
    EXPECT_EQ(message.find(3)->value, (Bytes{1, 0}));
    EXPECT_EQ(message.find(4)->value, (Bytes{1, 0, 0, 0}));
    EXPECT_EQ(message.uint_option(1), 0u);
    EXPECT_EQ(message.uint_option(4), 0x01000000u);
    EXPECT_EQ(message.uint_option(3), 256u);
}

TEST(Message, reads_no_number_from_an_absent_or_overlong_option) {
    Message message;
    message.add(options::max_age, Bytes(5, 0));
    EXPECT_EQ(message.uint_option(options::max_age), std::nullopt);
    EXPECT_EQ(message.uint_option(options::observe), std::nullopt);
}

TEST(Message, removes_every_option_of_a_number) {
    Message message;
    message.add_text(options::uri_path, "3");
    message.add_text(options::uri_path, "0");
    message.add_uint(options::accept, 40);
    message.remove(options::uri_path);
    EXPECT_EQ(message.path_text(), "/");
    EXPECT_EQ(message.options.size(), 1u);
    EXPECT_EQ(message.find(options::uri_path), nullptr);
}

TEST(Message, finds_a_query_by_its_whole_name) {
    Message message;
    for (const auto query : {"epoch=1", "ep=dev=1", "Q", "ep=other", "b="}) {
        message.add_text(options::uri_query, query);
    }
    EXPECT_EQ(message.query("ep"), "dev=1");
    EXPECT_EQ(message.query("Q"), "");
    EXPECT_EQ(message.query("b"), "");
    EXPECT_EQ(message.query("lt"), std::nullopt);
}

TEST(Message, an_answer_to_a_confirmable_request_is_piggybacked) {
    Message request;
    request.code = codes::get;
    request.message_id = 0x1234;
    request.token = Token{7};
    const Message response = make_response(request, codes::content);
    EXPECT_EQ(response.type, Type::acknowledgement);
    EXPECT_EQ(response.code, codes::content);
    EXPECT_EQ(response.message_id, 0x1234);
    EXPECT_EQ(response.token, request.token);
}

TEST(Message, an_answer_to_a_non_confirmable_request_has_no_message_id_yet) {
    Message request;
    request.type = Type::non_confirmable;
    request.message_id = 0x1234;
    request.token = Token{7};
    const Message response = make_response(request, codes::content);
    EXPECT_EQ(response.type, Type::non_confirmable);
    EXPECT_EQ(response.message_id, 0);
    EXPECT_EQ(response.token, request.token);
}

TEST(Message, acknowledgements_and_resets_are_empty) {
    EXPECT_EQ(make_ack(5).type, Type::acknowledgement);
    EXPECT_EQ(make_reset(5).type, Type::reset);
    EXPECT_TRUE(make_ack(5).code.is_empty());
    EXPECT_EQ(make_reset(5).message_id, 5);
}

TEST(Block, splits_its_option_value) {
    Message message;
    message.add_uint(options::block1, 0x2d);  // number 2, more, 512 octets
    const auto block = Block::from(message, options::block1);
    ASSERT_TRUE(block);
    EXPECT_EQ(block->number, 2u);
    EXPECT_TRUE(block->more);
    EXPECT_EQ(block->size(), 512u);
    EXPECT_EQ(block->value(), 0x2du);
}

TEST(Block, of_zero_length_is_the_first_of_sixteen_octets) {
    Message message;
    message.add_uint(options::block2, 0);
    const auto block = Block::from(message, options::block2);
    ASSERT_TRUE(block);
    EXPECT_EQ(block->number, 0u);
    EXPECT_FALSE(block->more);
    EXPECT_EQ(block->size(), 16u);
}

TEST(Block, is_nothing_if_absent_too_long_or_of_reserved_size) {
    Message message;
    message.add(options::block1, Bytes(4, 0));
    message.add_uint(options::block2, 7);
    EXPECT_FALSE(Block::from(message, options::block1));
    EXPECT_FALSE(Block::from(message, options::block2));
    EXPECT_FALSE(Block::from(Message{}, options::block2));
}

}  // namespace
}  // namespace scef::coap
