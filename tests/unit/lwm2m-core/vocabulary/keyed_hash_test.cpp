#include "lwm2m-core/vocabulary/keyed_hash.h"

#include <gtest/gtest.h>

namespace scef {
namespace {

// Appendix A and the reference vectors of the SipHash paper: key 00 01 … 0f, message 00 01 02 ….
constexpr std::uint64_t key_low = 0x0706050403020100u;
constexpr std::uint64_t key_high = 0x0f0e0d0c0b0a0908u;

Bytes counting(std::size_t octets) {
    Bytes made;
    while (made.size() < octets) made.push_back(static_cast<std::uint8_t>(made.size()));
    return made;
}

TEST(KeyedHash, gives_what_its_authors_published) {
    const KeyedHash dut(key_low, key_high);
    EXPECT_EQ(dut(counting(15)), 0xa129ca6149be45e5u);
    EXPECT_EQ(dut(counting(0)), 0x726fdb47dd0e0e31u);
    EXPECT_EQ(dut(counting(8)), 0x93f5f5799a932462u);
}

TEST(KeyedHash, another_key_gives_another_hash) {
    EXPECT_NE(KeyedHash(1, 2)(counting(15)), KeyedHash(1, 3)(counting(15)));
    EXPECT_NE(KeyedHash(1, 2)(counting(15)), KeyedHash(2, 2)(counting(15)));
}

}  // namespace
}  // namespace scef
