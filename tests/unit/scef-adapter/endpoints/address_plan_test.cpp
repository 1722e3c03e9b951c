#include "scef-adapter/endpoints/address_plan.h"

#include <set>

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

TEST(AddressPlan, gives_each_shard_its_own_part_of_the_prefix_and_its_own_port) {
    const auto plan = AddressPlan::make("127.64.0.0/10", 15700, 256);
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->address_of(0, 0).text(), "127.64.0.0:15700");
    EXPECT_EQ(plan->address_of(0, 5).text(), "127.64.0.5:15700");
    EXPECT_EQ(plan->address_of(1, 5).text(), "127.64.64.5:15701");
    EXPECT_EQ(plan->address_of(255, 0).text(), "127.127.192.0:15955");
    EXPECT_EQ(plan->endpoints_per_shard(), 16384u);
}

TEST(AddressPlan, finds_the_endpoint_of_every_address_that_it_gave) {
    const auto plan = AddressPlan::make("127.64.0.0/10", 15700, 256);
    for (const ShardId shard : std::initializer_list<ShardId>{0, 1, 17, 255}) {
        for (const queueing::EndpointIndex index : {0u, 1u, 255u, 16383u}) {
            EXPECT_EQ(plan->endpoint_of(shard, plan->address_of(shard, index)), index);
        }
    }
}

TEST(AddressPlan, knows_no_endpoint_at_addresses_of_other_shards_or_prefixes) {
    const auto plan = AddressPlan::make("127.64.0.0/10", 15700, 256);
    EXPECT_FALSE(plan->endpoint_of(0, plan->address_of(1, 5)));
    EXPECT_FALSE(plan->endpoint_of(0, SocketAddress::ipv4(0x7f000001, 15700)));
}

TEST(AddressPlan, works_in_an_ipv6_prefix) {
    const auto plan = AddressPlan::make("fd00:5cef::/64", 15700, 256);
    ASSERT_TRUE(plan);
    EXPECT_TRUE(plan->is_ipv6());
    EXPECT_EQ(plan->address_of(0, 1).text(), "[fd00:5cef::1]:15700");
    EXPECT_EQ(plan->address_of(2, 1).text(), "[fd00:5cef::2:0:1]:15702");
    EXPECT_EQ(plan->endpoint_of(2, plan->address_of(2, 70000)), 70000u);
}

TEST(AddressPlan, never_gives_one_address_twice) {
    const auto plan = AddressPlan::make("127.64.0.0/16", 15700, 16);
    std::set<std::string> seen;
    for (ShardId shard = 0; shard < 16; ++shard) {
        for (queueing::EndpointIndex i = 0; i < 300; ++i) {
            EXPECT_TRUE(seen.insert(plan->address_of(shard, i).address_text()).second);
        }
    }
}

TEST(AddressPlan, refuses_what_has_no_room) {
    EXPECT_FALSE(AddressPlan::make("127.64.0.0/21", 15700, 256));
    EXPECT_FALSE(AddressPlan::make("127.64.0.0/10", 65500, 256));
    EXPECT_TRUE(AddressPlan::make("127.64.0.0/10", 65280, 256));
}

TEST(AddressPlan, refuses_what_is_no_network) {
    for (const char* text : {"", "127.64.0.0", "127.64.0.0/", "127.64.0.0/33", "127.64.0/10",
                             "127.64.0.0/1x", "fd00::/129", "local/8"}) {
        EXPECT_FALSE(AddressPlan::make(text, 15700, 256)) << text;
    }
}

}  // namespace
}  // namespace scef::adapter
