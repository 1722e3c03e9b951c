#include "queueing/request_history.h"

#include <gtest/gtest.h>

namespace scef::queueing {
namespace {

using namespace std::chrono_literals;
constexpr Instant now{1h};
const RequestHistory::Key key = RequestHistory::key(1, SocketAddress::ipv4(0x7f000001, 5683), 7);

TEST(RequestHistory, the_same_octets_are_found_and_their_answer_with_them) {
    RequestHistory history(10);
    history.add(key, {42, {}, {}, now + 247s});
    history.set_answer(key, 42, {1, 2});
    ASSERT_NE(history.find(key, 42, now), nullptr);
    EXPECT_EQ(history.find(key, 42, now)->answer, (Bytes{1, 2}));
}

TEST(RequestHistory, other_octets_or_another_peer_are_a_new_request) {
    RequestHistory history(10);
    history.add(key, {42, {}, {}, now + 247s});
    EXPECT_EQ(history.find(key, 43, now), nullptr);
    const auto other = RequestHistory::key(1, SocketAddress::ipv4(0x7f000001, 5684), 7);
    EXPECT_EQ(history.find(other, 42, now), nullptr);
}

TEST(RequestHistory, it_forgets_when_the_lifetime_is_over) {
    RequestHistory history(10);
    history.add(key, {42, {}, {}, now + 247s});
    EXPECT_NE(history.find(key, 42, now + 247s - 1ns), nullptr);
    EXPECT_EQ(history.find(key, 42, now + 247s), nullptr);
    EXPECT_EQ(history.size(), 0u);
}

TEST(RequestHistory, the_answer_of_an_older_request_does_not_reach_the_newer_one) {
    RequestHistory history(10);
    history.add(key, {42, {}, {}, now + 247s});
    history.add(key, {43, {}, {}, now + 300s});
    history.set_answer(key, 42, {1});
    EXPECT_TRUE(history.find(key, 43, now)->answer.empty());
    EXPECT_NE(history.find(key, 43, now + 250s), nullptr);
}

TEST(RequestHistory, the_budget_drops_the_oldest) {
    RequestHistory history(3);
    for (std::uint16_t i = 0; i < 5; ++i) history.add({1, 0, i}, {1, {}, {}, now + 247s});
    EXPECT_EQ(history.size(), 3u);
    EXPECT_EQ(history.find({1, 0, 1}, 1, now), nullptr);
    EXPECT_NE(history.find({1, 0, 2}, 1, now), nullptr);
}

}  // namespace
}  // namespace scef::queueing
