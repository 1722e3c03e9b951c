#include "nidd/types/constant_time.h"

#include <vector>

#include <gtest/gtest.h>

namespace scef::nidd {
namespace {

/// Octets that note in which order they were looked at.
class WatchedOctets {
public:
    explicit WatchedOctets(std::vector<unsigned char> octets) : octets_(std::move(octets)) {}
    std::size_t size() const { return octets_.size(); }
    unsigned char operator[](std::size_t at) const {
        seen.push_back(at);
        return octets_[at];
    }
    mutable std::vector<std::size_t> seen;

private:
    std::vector<unsigned char> octets_;
};

const std::vector<unsigned char> secret{1, 2, 3, 4};

TEST(ConstantTime, every_octet_is_looked_at_once_wherever_the_difference_is) {
    for (const std::vector<unsigned char>& guess :
         {secret, {9, 2, 3, 4}, {1, 2, 3, 9}, {9, 9, 9, 9}}) {
        const WatchedOctets guessed(guess), expected(secret);
        EXPECT_EQ(equals_in_constant_time(guessed, expected), guess == secret);
        EXPECT_EQ(guessed.seen, (std::vector<std::size_t>{0, 1, 2, 3}));
        EXPECT_EQ(expected.seen, (std::vector<std::size_t>{0, 1, 2, 3}));
    }
}

TEST(ConstantTime, each_bit_of_each_octet_counts) {
    for (std::size_t at = 0; at < secret.size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::vector<unsigned char> guess = secret;
            guess[at] = static_cast<unsigned char>(guess[at] ^ (1U << bit));
            EXPECT_FALSE(equals_in_constant_time(guess, secret)) << at << ' ' << bit;
        }
    }
}

}  // namespace
}  // namespace scef::nidd
