#include "lwm2m-core/vocabulary/external_id.h"

#include <array>

#include <gtest/gtest.h>

namespace scef {
namespace {

TEST(ExternalId, keeps_the_local_part_and_lowers_the_domain) {
    const auto id = ExternalId::parse("Meter-1@IoT.Example.COM");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->text(), "Meter-1@iot.example.com");
    EXPECT_EQ(id->domain(), "iot.example.com");
}

TEST(ExternalId, takes_parts_of_the_greatest_length) {
    const std::string local(64, 'a'), domain(189, 'b');
    EXPECT_TRUE(ExternalId::parse(local + '@' + domain));
    EXPECT_FALSE(ExternalId::parse(local + "a@" + domain));
    EXPECT_FALSE(ExternalId::parse(local + '@' + domain + 'b'));
}

class NotExternalId : public testing::TestWithParam<std::string_view> {};

TEST_P(NotExternalId, is_refused_as_malformed) {
    const auto id = ExternalId::parse(GetParam());
    ASSERT_FALSE(id);
    EXPECT_EQ(id.error().code, Errc::malformed);
}

INSTANTIATE_TEST_SUITE_P(ExternalId, NotExternalId,
                         testing::Values("", "@", "device", "device@", "@domain", "a@b@c", "a b@c",
                                         "a/b@c", "a@.b", "a@b.", "a@b..c", "a@b_c", "a%40@b",
                                         "\xc3\xa4@b", "../x@b", std::string_view("a\0@b", 4)));

TEST(ExternalId, the_empty_one_is_no_device) {
    EXPECT_TRUE(ExternalId().empty());
    EXPECT_TRUE(ExternalId().domain().empty());
}

TEST(ExternalId, its_shard_does_not_depend_on_the_case_of_the_domain) {
    const auto one = ExternalId::parse("a@EXAMPLE.com"), other = ExternalId::parse("a@example.com");
    EXPECT_EQ(*one, *other);
    EXPECT_EQ(one->shard(64), other->shard(64));
}

TEST(ExternalId, ten_thousand_devices_spread_evenly_over_the_shards) {
    std::array<int, 16> devices{};
    for (int i = 0; i < 10'000; ++i) {
        ++devices[ExternalId::parse("device-" + std::to_string(i) + "@example.com")->shard(16)];
    }
    for (const int count : devices) {
        EXPECT_GT(count, 500);
        EXPECT_LT(count, 750);
    }
}

}  // namespace
}  // namespace scef
