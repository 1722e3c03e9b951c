#include "lwm2m-core/vocabulary/keyed_hash.h"

#include <bit>
#include <cstddef>

namespace scef {
namespace {

constexpr int rounds_per_word = 2;
constexpr int rounds_at_end = 4;

struct SipState {
    std::uint64_t a, b, c, d;

    void mix(int rounds) {
        for (int i = 0; i < rounds; ++i) {
            a += b;
            b = std::rotl(b, 13) ^ a;
            a = std::rotl(a, 32);
            c += d;
            d = std::rotl(d, 16) ^ c;
            a += d;
            d = std::rotl(d, 21) ^ a;
            c += b;
            b = std::rotl(b, 17) ^ c;
            c = std::rotl(c, 32);
        }
    }
    void absorb(std::uint64_t word) {
        d ^= word;
        mix(rounds_per_word);
        a ^= word;
    }
};

/// Up to eight octets, the first one lowest.
std::uint64_t word_of(ByteView octets) {
    std::uint64_t word = 0;
    for (std::size_t i = octets.size(); i-- > 0;) word = word << 8 | octets[i];
    return word;
}

}  // namespace

std::uint64_t KeyedHash::operator()(ByteView octets) const {
    SipState state{key_low_ ^ 0x736f6d6570736575u, key_high_ ^ 0x646f72616e646f6du,
                   key_low_ ^ 0x6c7967656e657261u, key_high_ ^ 0x7465646279746573u};
    const std::uint64_t length = octets.size();
    for (; octets.size() >= 8; octets = octets.subspan(8)) state.absorb(word_of(octets.first(8)));
    state.absorb(word_of(octets) | length << 56);
    state.c ^= 0xff;
    state.mix(rounds_at_end);
    return state.a ^ state.b ^ state.c ^ state.d;
}

}  // namespace scef
