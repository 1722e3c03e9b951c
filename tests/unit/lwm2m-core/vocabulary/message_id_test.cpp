#include "lwm2m-core/vocabulary/message_id.h"

#include <gtest/gtest.h>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef {
namespace {

using namespace std::chrono_literals;

const WallTime noon = *from_rfc3339("2026-11-22T12:00:00.789Z");

struct MessageIdTest : testing::Test {
    MessageId make(ShardId shard, WallTime wall) {
        return MessageId::make(shard, Turn{Instant{}, wall, random});
    }
    SeededRandom random{42};
};

TEST_F(MessageIdTest, says_when_and_where_the_message_was_made) {
    const MessageId id = make(0xabc, noon + 400us);
    EXPECT_EQ(id.shard(), 0xabc);
    EXPECT_EQ(id.created_at(), noon);
}

TEST_F(MessageIdTest, is_a_uuid_of_version_7_and_of_the_rfc_variant) {
    const std::string text = make(1, noon).text();
    ASSERT_EQ(text.size(), 36u);
    EXPECT_EQ(text[14], '7');
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
}

TEST_F(MessageIdTest, survives_text_and_octets) {
    const MessageId id = make(77, noon);
    EXPECT_EQ(MessageId::parse(id.text()), id);
    EXPECT_EQ(MessageId::from_octets(id.octets()), id);
    EXPECT_EQ(MessageId::from_octets(ByteView(id.octets())), id);
}

TEST_F(MessageIdTest, octets_of_another_number_are_no_id) {
    const MessageId id = make(77, noon);
    Bytes octets(id.octets().begin(), id.octets().end());
    EXPECT_FALSE(MessageId::from_octets(octets).empty());
    octets.push_back(0);
    EXPECT_TRUE(MessageId::from_octets(octets).empty());
    octets.resize(15);
    EXPECT_TRUE(MessageId::from_octets(octets).empty());
}

TEST_F(MessageIdTest, later_ids_are_greater) {
    EXPECT_LT(make(9, noon), make(1, noon + 1ms));
    EXPECT_LT(MessageId::floor(noon), make(0, noon));
    EXPECT_EQ(MessageId::parse(MessageId::floor(noon).text()), MessageId::floor(noon));
    EXPECT_LT(make(0xfff, noon - 1ms), MessageId::floor(noon));
}

TEST_F(MessageIdTest, two_of_one_millisecond_differ) { EXPECT_NE(make(1, noon), make(1, noon)); }

TEST_F(MessageIdTest, the_next_id_is_greater_and_of_the_same_shard_and_time) {
    MessageId id = make(5, noon);
    for (int i = 0; i < 1000; ++i) {
        const MessageId next = id.next();
        ASSERT_GT(next, id);
        ASSERT_EQ(next.shard(), 5);
        ASSERT_EQ(next.created_at(), noon);
        id = next;
    }
}

TEST_F(MessageIdTest, the_next_id_carries_over_and_stays_of_the_rfc_variant) {
    const auto id = MessageId::parse("019d0000-0000-7005-81ff-ffffffffffff");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->next().text(), "019d0000-0000-7005-8200-000000000000");
    const auto at_octet = MessageId::parse("019d0000-0000-7005-80ff-ffffffffffff");
    EXPECT_EQ(at_octet->next().text(), "019d0000-0000-7005-8100-000000000000");
}

TEST_F(MessageIdTest, a_text_that_is_no_uuid_of_version_7_is_refused) {
    const std::string text = make(1, noon).text();
    for (const std::string& bad :
         {std::string(), text + '0', text.substr(1), text.substr(0, 35) + 'g',
          text.substr(0, 14) + '4' + text.substr(15), text.substr(0, 8) + "0-" + text.substr(10)}) {
        EXPECT_FALSE(MessageId::parse(bad)) << bad;
    }
}

TEST_F(MessageIdTest, the_empty_one_is_no_message) {
    EXPECT_TRUE(MessageId().empty());
    EXPECT_FALSE(make(0, noon).empty());
}

}  // namespace
}  // namespace scef
