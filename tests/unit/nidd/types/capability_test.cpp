#include "nidd/types/capability.h"

#include <gtest/gtest.h>

namespace scef::nidd {
namespace {

TEST(Capability, its_text_reads_back) {
    SeededRandom random(1);
    const Capability made = Capability::make(0x00ab, 0x01020304, random);

    const auto parsed = Capability::parse(made.text());

    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->shard, 0x00ab);
    EXPECT_EQ(parsed->device, 0x01020304u);
    EXPECT_EQ(parsed->secret, made.secret);
    EXPECT_EQ(made.text().substr(0, 12), "00ab01020304");
    EXPECT_EQ(made.text().size(), 44u);
}

TEST(Capability, two_of_the_same_device_differ) {
    SeededRandom random(1);
    const Capability first = Capability::make(1, 2, random);
    const Capability second = Capability::make(1, 2, random);

    EXPECT_NE(first.text(), second.text());
    EXPECT_FALSE(first.proves(second));
    EXPECT_TRUE(first.proves(first));
}

TEST(Capability, one_bit_of_the_secret_is_enough_to_refuse) {
    SeededRandom random(1);
    const Capability expected = Capability::make(1, 2, random);
    for (std::size_t octet = 0; octet < expected.secret.size(); ++octet) {
        Capability forged = expected;
        forged.secret[octet] ^= 1;
        EXPECT_FALSE(forged.proves(expected)) << octet;
    }
}

TEST(Capability, other_forms_are_refused) {
    SeededRandom random(1);
    const std::string good = Capability::make(1, 2, random).text();

    EXPECT_FALSE(Capability::parse(""));
    EXPECT_FALSE(Capability::parse(good.substr(1)));
    EXPECT_FALSE(Capability::parse(good + "0"));
    EXPECT_FALSE(Capability::parse("000A" + good.substr(4)));
    EXPECT_FALSE(Capability::parse("g" + good.substr(1)));
    EXPECT_FALSE(Capability::parse(good.substr(0, 43) + "/"));
}

}  // namespace
}  // namespace scef::nidd
