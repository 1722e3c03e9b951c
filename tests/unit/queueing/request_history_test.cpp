#include "queueing/request_history.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace scef::queueing {
namespace {

using namespace std::chrono_literals;
constexpr Instant now{1h};
constexpr RequestHistory::Budget ample{10'000, 100'000};

RequestHistory::Key key(std::uint64_t content, std::uint16_t port = 5683) {
    return RequestHistory::key(1, SocketAddress::ipv4(0x7f000001, port), 7, content);
}

RequestHistory::Key numbered(std::uint32_t scope, std::uint16_t message_id) {
    return {scope, 0, message_id, 1};
}

TEST(RequestHistory, the_same_octets_are_found_and_their_answer_with_them) {
    RequestHistory history(ample);
    history.add(key(42), now + 247s);
    history.set_answer(key(42), Bytes{1, 2});
    const auto outcome = history.find(key(42), now);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(Bytes(outcome->answer.begin(), outcome->answer.end()), (Bytes{1, 2}));
}

TEST(RequestHistory, other_octets_or_another_peer_are_a_new_request) {
    RequestHistory history(ample);
    history.add(key(42), now + 247s);
    EXPECT_FALSE(history.find(key(43), now));
    EXPECT_FALSE(history.find(key(42, 5684), now));
}

TEST(RequestHistory, it_forgets_when_the_lifetime_is_over) {
    RequestHistory history(ample);
    history.add(key(42), now + 247s);
    EXPECT_TRUE(history.find(key(42), now + 247s - 1ns));
    EXPECT_FALSE(history.find(key(42), now + 247s));
    EXPECT_EQ(history.size(), 0u);
    EXPECT_EQ(history.octets(), 0u);
}

TEST(RequestHistory, an_answer_belongs_to_its_own_octets) {
    RequestHistory history(ample);
    history.add(key(42), now + 247s);
    history.add(key(43), now + 300s);
    history.set_answer(key(42), Bytes{1});
    EXPECT_TRUE(history.find(key(43), now)->answer.empty());
    EXPECT_FALSE(history.find(key(42), now)->answer.empty());
    EXPECT_TRUE(history.find(key(43), now + 250s));
}

TEST(RequestHistory, a_talkative_scope_forgets_its_own_oldest_and_no_one_elses) {
    RequestHistory history({1'000, 100'000});
    history.add(numbered(2, 1), now + 247s);
    for (std::uint16_t i = 0; i < 1'000; ++i) history.add(numbered(1, i), now + 247s);
    EXPECT_TRUE(history.find(numbered(2, 1), now));
    EXPECT_TRUE(history.find(numbered(1, 999), now));
    EXPECT_FALSE(history.find(numbered(1, 0), now));
    EXPECT_LE(history.octets(), 1'100u);
}

TEST(RequestHistory, an_answer_beyond_the_budget_of_its_scope_is_kept_until_the_next_request) {
    RequestHistory history({1'000, 100'000});
    history.add(numbered(1, 1), now + 247s);
    history.set_answer(numbered(1, 1), Bytes(2'000));
    EXPECT_EQ(history.find(numbered(1, 1), now)->answer.size(), 2'000u);
    history.add(numbered(1, 2), now + 247s);
    EXPECT_FALSE(history.find(numbered(1, 1), now));
}

TEST(RequestHistory, the_budget_of_all_drops_the_oldest_of_all) {
    RequestHistory history({1'000, 5'000});
    for (std::uint16_t i = 0; i < 1'000; ++i) history.add(numbered(i, 0), now + 247s);
    EXPECT_LE(history.octets(), 5'000u);
    EXPECT_GT(history.size(), 50u);
    EXPECT_FALSE(history.find(numbered(0, 0), now));
    EXPECT_TRUE(history.find(numbered(999, 0), now));
}

TEST(RequestHistory, what_its_scope_dropped_early_is_not_counted_twice) {
    RequestHistory history({300, 100'000});
    for (std::uint16_t i = 0; i < 100; ++i) history.add(numbered(1, i), now + 100s);
    for (std::uint16_t i = 0; i < 3; ++i) history.add(numbered(1, i), now + 247s);
    EXPECT_TRUE(history.find(numbered(1, 2), now + 200s));
    EXPECT_FALSE(history.find(numbered(1, 2), now + 247s));
    EXPECT_EQ(history.size(), 0u);
    EXPECT_EQ(history.octets(), 0u);
}

TEST(RequestHistory, it_grows_and_shrinks_with_what_is_remembered) {
    RequestHistory history({10'000, 10'000'000});
    for (std::uint32_t i = 0; i < 5'000; ++i) history.add(numbered(i, 0), now + (i + 1) * 1s);
    for (std::uint32_t gone = 0; gone < 5'000; gone += 500) {
        const Instant later = now + (gone + 1) * 1s;
        EXPECT_FALSE(history.find(numbered(gone, 0), later));
        EXPECT_TRUE(history.find(numbered(gone + 1, 0), later));
        EXPECT_EQ(history.size(), 4'999 - gone);
    }
}

/// A naive list beside it, through random adding, answering, finding and forgetting.
TEST(RequestHistory, it_remembers_what_a_naive_list_does) {
    SeededRandom random(20261125);
    RequestHistory dut({100'000, 100'000'000});
    std::map<std::pair<std::uint32_t, std::uint16_t>, std::pair<Instant, Bytes>> naive;
    Instant time = now;
    for (int step = 0; step < 50'000; ++step) {
        const auto scope = static_cast<std::uint32_t>(random.below(40));
        const auto id = static_cast<std::uint16_t>(random.below(20));
        const auto known = naive.find({scope, id});
        const bool is_known = known != naive.end() && known->second.first > time;
        const auto found = dut.find(numbered(scope, id), time);
        ASSERT_EQ(found.has_value(), is_known) << step;
        if (is_known) {
            ASSERT_TRUE(std::ranges::equal(found->answer, known->second.second)) << step;
            known->second.second = Bytes(random.below(9), 7);
            dut.set_answer(numbered(scope, id), known->second.second);
        } else {
            naive[{scope, id}] = {time + 60s, {}};
            dut.add(numbered(scope, id), time + 60s);
        }
        if (random.below(20) == 0) time += random.below(8) * 1s;
    }
}

}  // namespace
}  // namespace scef::queueing
