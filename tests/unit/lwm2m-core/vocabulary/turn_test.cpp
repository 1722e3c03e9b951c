#include "lwm2m-core/vocabulary/turn.h"

#include <gtest/gtest.h>

namespace scef {
namespace {

TEST(SeededRandom, repeats_itself_from_the_same_seed) {
    SeededRandom one(7), same(7), other(8);
    EXPECT_EQ(one.next(), same.next());
    EXPECT_NE(one.next(), other.next());
}

TEST(SeededRandom, stays_below_its_bound_and_reaches_every_number) {
    SeededRandom random(1);
    unsigned seen = 0;
    for (int i = 0; i < 200; ++i) {
        const std::uint64_t number = random.below(5);
        ASSERT_LT(number, 5u);
        seen |= 1u << number;
    }
    EXPECT_EQ(seen, 0b11111u);
    EXPECT_EQ(random.below(0), 0u);
}

TEST(SeededRandom, draws_fractions_between_zero_and_one) {
    SeededRandom random(1);
    double sum = 0;
    for (int i = 0; i < 1000; ++i) {
        const double fraction = random.fraction();
        ASSERT_GE(fraction, 0.0);
        ASSERT_LT(fraction, 1.0);
        sum += fraction;
    }
    EXPECT_NEAR(sum / 1000, 0.5, 0.05);
}

}  // namespace
}  // namespace scef
