#include "simulators/lwm2m-server-simulator/blockwise.h"

#include <gtest/gtest.h>

namespace scef::lwm2m_server_simulator {
namespace {

CoapMessage response(std::uint8_t code, std::optional<Block> block1 = {}) {
    CoapMessage message;
    message.code = code;
    if (block1) message.add_uint(coap::block1, block1->value());
    return message;
}

CoapMessage write_of(std::size_t size) {
    CoapMessage request;
    request.code = coap::put;
    request.payload = Bytes(size, 'x');
    return request;
}

TEST(BlockwiseTransfer, a_small_request_goes_as_it_is) {
    BlockwiseTransfer transfer(write_of(1024));
    EXPECT_EQ(transfer.next_message(), write_of(1024));
    CoapMessage answer = response(coap::code(2, 4));
    EXPECT_FALSE(transfer.advance(answer));
}

TEST(BlockwiseTransfer, a_large_payload_goes_in_blocks_of_1024) {
    BlockwiseTransfer transfer(write_of(2500));
    std::vector<std::size_t> sizes;
    for (std::uint32_t number = 0; number < 2; ++number) {
        const CoapMessage message = transfer.next_message();
        EXPECT_EQ(message.uint_option(coap::block1), (Block{number, true, 6}.value()));
        sizes.push_back(message.payload.size());
        CoapMessage goes_on = response(coap::code(2, 31), Block{number, true, 6});
        EXPECT_TRUE(transfer.advance(goes_on));
    }
    EXPECT_EQ(transfer.next_message().uint_option(coap::block1), (Block{2, false, 6}.value()));
    EXPECT_EQ(transfer.next_message().payload.size(), 452u);
    CoapMessage done = response(coap::code(2, 4), Block{2, false, 6});
    EXPECT_FALSE(transfer.advance(done));
}

TEST(BlockwiseTransfer, a_smaller_block_size_of_the_device_is_taken_over) {
    BlockwiseTransfer transfer(write_of(2048));
    CoapMessage goes_on = response(coap::code(2, 31), Block{0, true, 5});
    EXPECT_TRUE(transfer.advance(goes_on));
    EXPECT_EQ(transfer.next_message().uint_option(coap::block1), (Block{2, true, 5}.value()));
    EXPECT_EQ(transfer.next_message().payload.size(), 512u);
}

TEST(BlockwiseTransfer, too_large_with_a_hint_starts_again_in_smaller_blocks) {
    BlockwiseTransfer transfer(write_of(1000));
    CoapMessage hint = response(coap::code(4, 13), Block{0, false, 2});
    EXPECT_TRUE(transfer.advance(hint));
    EXPECT_EQ(transfer.next_message().uint_option(coap::block1), (Block{0, true, 2}.value()));
    EXPECT_EQ(transfer.next_message().payload.size(), 64u);
}

TEST(BlockwiseTransfer, an_error_ends_it) {
    BlockwiseTransfer transfer(write_of(2048));
    CoapMessage refused = response(coap::code(4, 8));
    EXPECT_FALSE(transfer.advance(refused));
    EXPECT_EQ(refused.code, coap::code(4, 8));
}

CoapMessage block_of(std::uint32_t number, bool more, const std::string& text) {
    CoapMessage request;
    request.code = coap::post;
    request.add_text(coap::uri_path, "rd");
    request.add_uint(coap::block1, Block{number, more, 0}.value());
    request.payload = to_bytes(text);
    return request;
}

TEST(BlockAssembly, blocks_in_order_become_one_payload) {
    BlockAssembly assembly;
    CoapMessage first = block_of(0, true, "0123456789abcdef");
    CoapMessage last = block_of(1, false, "x");
    EXPECT_EQ(assembly.add("a", first), coap::code(2, 31));
    EXPECT_EQ(assembly.add("a", last), 0);
    EXPECT_EQ(as_text(last.payload), "0123456789abcdefx");
}

TEST(BlockAssembly, a_gap_another_peer_or_a_reserved_size_is_refused) {
    BlockAssembly assembly;
    CoapMessage first = block_of(0, true, "0123456789abcdef");
    EXPECT_EQ(assembly.add("a", first), coap::code(2, 31));
    CoapMessage third = block_of(2, false, "x");
    EXPECT_EQ(assembly.add("a", third), coap::code(4, 8));
    CoapMessage second = block_of(1, false, "x");
    EXPECT_EQ(assembly.add("b", second), coap::code(4, 8));
    CoapMessage reserved;
    reserved.add_uint(coap::block1, 7);
    EXPECT_EQ(assembly.add("a", reserved), coap::code(4, 0));
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
