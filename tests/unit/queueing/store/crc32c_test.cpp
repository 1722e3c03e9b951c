#include "queueing/store/crc32c.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "queueing/store/sealed_record.h"

namespace scef::queueing {
namespace {

TEST(Crc32c, the_vectors_of_rfc_3720_hold) {
    Bytes ascending(32);
    for (std::size_t i = 0; i < ascending.size(); ++i) ascending[i] = static_cast<std::uint8_t>(i);
    EXPECT_EQ(crc32c(Bytes(32, 0x00)), 0x8a9136aau);
    EXPECT_EQ(crc32c(Bytes(32, 0xff)), 0x62a8ab43u);
    EXPECT_EQ(crc32c(ascending), 0x46dd794eu);
    EXPECT_EQ(crc32c(as_bytes("123456789")), 0xe3069283u);
    EXPECT_EQ(crc32c({}), 0u);
}

RC_GTEST_PROP(Crc32c, parts_in_a_row_make_the_check_of_the_whole,
              (const Bytes& a, const Bytes& b)) {
    Bytes whole = a;
    whole.insert(whole.end(), b.begin(), b.end());
    RC_ASSERT(crc32c(b, crc32c(a)) == crc32c(whole));
}

RC_GTEST_PROP(SealedRecord, unseals_to_what_was_sealed, (const Bytes& key, const Bytes& value)) {
    const Bytes sealed = seal(key, value);
    const auto unsealed = unseal(key, sealed);
    RC_ASSERT(unsealed.has_value());
    RC_ASSERT(Bytes(unsealed->begin(), unsealed->end()) == value);
}

RC_GTEST_PROP(SealedRecord, any_flipped_bit_is_noticed, (const Bytes& key, const Bytes& value)) {
    Bytes sealed = seal(key, value);
    const auto bit = *rc::gen::inRange<std::size_t>(0, sealed.size() * 8);
    sealed[bit / 8] = static_cast<std::uint8_t>(sealed[bit / 8] ^ 1u << bit % 8);
    RC_ASSERT(!unseal(key, sealed));
}

TEST(SealedRecord, a_value_under_another_key_is_noticed) {
    EXPECT_FALSE(unseal(as_bytes("b"), seal(as_bytes("a"), as_bytes("value"))));
}

TEST(SealedRecord, what_is_too_short_for_a_check_is_noticed) {
    EXPECT_FALSE(unseal(as_bytes("a"), Bytes{1, 2, 3}));
    EXPECT_FALSE(unseal(as_bytes("a"), {}));
}

}  // namespace
}  // namespace scef::queueing
