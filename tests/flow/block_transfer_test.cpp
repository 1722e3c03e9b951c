#include <gtest/gtest.h>

#include "tests/flow/sleep_worlds.h"

namespace scef::flow {
namespace {

using queueing::MessageState;
using queueing::Reason;

coap::Message write_block(World& w, std::uint32_t number, bool more, std::uint32_t size = 0) {
    return w.server.request(coap::codes::put, "/5/0/0", [&](coap::Message& m) {
        m.add_uint(coap::options::block1, coap::Block{number, more, 4}.value());
        if (size > 0) m.add_uint(coap::options::size1, size);
        m.payload = Bytes(256, static_cast<std::uint8_t>(number));
    });
}

TEST(BlockTransfer, D23_the_next_block_passes_what_waits) {
    Awake w;
    w.device.answers = false;
    w.server.request(coap::codes::post, "/3/0/4");
    w.settle();
    w.server.get("/3/0/1");
    write_block(w, 1, false);
    w.settle();
    w.device.answers = true;
    w.advance(50s);
    w.device_wakes_and_sends("x");
    ASSERT_EQ(w.executed(), 3u);
    EXPECT_EQ(w.device.requests[1].code, coap::codes::put);
}

TEST(BlockTransfer, D23_no_block_is_attached_to_another) {
    Asleep w;
    write_block(w, 0, true);
    write_block(w, 0, true);
    w.settle();
    EXPECT_EQ(w.messages().size(), 2u);
}

TEST(BlockTransfer, D23_when_a_block_expires_the_rest_is_not_sent) {
    Asleep w;
    w.server.request(coap::codes::put, "/5/0/0", [](coap::Message& m) {
        m.add_uint(coap::options::block1, coap::Block{0, true, 4}.value());
        m.add_uint(coap::options::ttl_seconds, 5);
    });
    write_block(w, 1, true);
    w.server.get("/3/0/0");
    w.advance(6s);
    const auto messages = w.messages();
    ASSERT_EQ(messages.size(), 3u);
    EXPECT_EQ(messages[0].state, MessageState::expired);
    EXPECT_EQ(messages[1].state, MessageState::canceled);
    EXPECT_EQ(messages[1].reason, Reason::block_transfer);
    EXPECT_EQ(messages[2].state, MessageState::queued);
}

TEST(BlockTransfer, D23_a_block_that_its_server_waits_for_no_more_is_not_sent) {
    auto config = flow_config();
    config.lwm2m_servers[0].separate_response_limit = 14s;
    World w(config);
    const auto first = write_block(w, 0, true);
    const auto read = w.server.get("/3/0/0");
    w.advance(15s);
    ASSERT_EQ(w.server.responses_to(first).size(), 1u);
    EXPECT_EQ(w.server.responses_to(first)[0].code, coap::codes::gateway_timeout);
    EXPECT_EQ(w.messages()[0].state, MessageState::expired);
    EXPECT_EQ(w.messages()[1].state, MessageState::queued);  // a late answer of it is of use
    write_block(w, 0, true);
    w.device_wakes_and_sends("x");
    w.settle();
    ASSERT_EQ(w.executed(), 2u);
    EXPECT_EQ(w.messages()[2].state, MessageState::delivered);
    EXPECT_EQ(w.server.responses_to(read).size(), 1u);
}

TEST(BlockTransfer, D23_a_transfer_begins_in_a_window_only) {
    auto config = flow_config();
    config.profiles["nb-iot"].hold_max = 10s;
    World w(config);
    write_block(w, 0, true);
    w.advance(1min);
    EXPECT_EQ(w.executed(), 0u);
    EXPECT_EQ(w.only_message().reason, Reason::awaiting_window);
    w.device_wakes_and_sends("x");
    EXPECT_EQ(w.executed(), 1u);
}

TEST(BlockTransfer, D23_a_transfer_begins_when_its_blocks_fit_the_quota) {
    auto config = flow_config();
    config.quotas["default"].downlink.messages = {{{60, 1h}, 10}};
    config.quotas["default"].emergency_reserve = 0;
    config.lwm2m_servers[0].separate_response_limit = 10min;
    config.profiles["nb-iot"].reachability.kind = adapter::ReachabilityConfig::Kind::always;
    World w(config);
    for (int i = 0; i < 5; ++i) {
        w.server.get("/3/0/" + std::to_string(i));
        w.settle();
    }
    write_block(w, 0, true, 256 * 8);
    w.settle();
    EXPECT_EQ(w.executed(), 5u);
    EXPECT_EQ(w.messages().back().reason, Reason::quota);
    w.advance(3min);
    EXPECT_EQ(w.executed(), 6u);
}

TEST(BlockTransfer, D23_a_transfer_larger_than_the_whole_burst_begins_with_a_full_burst) {
    auto config = flow_config();
    config.quotas["default"].downlink.messages = {{{60, 1h}, 4}};
    config.profiles["nb-iot"].reachability.kind = adapter::ReachabilityConfig::Kind::always;
    World w(config);
    write_block(w, 0, true, 256 * 100);
    w.advance(10min);
    EXPECT_EQ(w.executed(), 1u);
}

TEST(BlockTransfer, D23_an_absurd_size_is_a_full_burst_too) {
    auto config = flow_config();
    config.quotas["default"].downlink.messages = {{{1, 24h}, 4}};
    config.profiles["nb-iot"].reachability.kind = adapter::ReachabilityConfig::Kind::always;
    World w(config);
    write_block(w, 0, true, 0xffff'ffffu);
    w.advance(24h);
    EXPECT_EQ(w.only_message().state, queueing::MessageState::delivered);
}

TEST(BlockTransfer, D26_a_devices_first_block2_request_asks_for_what_fits) {
    World w;
    w.scef.packet_bits = 256 * 8;
    adapter::DeviceSpec spec;
    ModelDevice another(w, "small@sim.example");
    w.add_device(another, spec);
    coap::Message get = another.make_request(coap::codes::get, "bspack");
    get.add_uint(coap::options::block2, coap::Block{0, false, 6}.value());
    another.send(get);
    w.settle();
    ASSERT_EQ(w.bootstrap.from_device().size(), 1u);
    const auto seen = coap::Block::from(w.bootstrap.from_device()[0], coap::options::block2);
    EXPECT_EQ(seen->size_exponent, 3);
}

TEST(BlockTransfer, D3_the_size_learned_from_the_scef_is_in_bits) {
    World w;
    w.scef.packet_bits = 100 * 8;
    ModelDevice another(w, "small@sim.example");
    w.add_device(another);
    w.server.endpoint = 2;
    const auto request = w.server.request(coap::codes::put, "/5/0/0",
                                          [](coap::Message& m) { m.payload = Bytes(200, 'x'); });
    w.settle();
    const auto answers = w.server.responses_to(request);
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers[0].code, coap::codes::request_entity_too_large);
    EXPECT_EQ(coap::Block::from(answers[0], coap::options::block1)->size(), 64u);
}

}  // namespace
}  // namespace scef::flow
