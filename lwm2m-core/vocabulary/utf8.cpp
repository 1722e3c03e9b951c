#include "lwm2m-core/vocabulary/utf8.h"

namespace scef {
namespace {

/// Octets that follow a lead octet, and the range of the first of them (RFC 3629 4).
struct Tail {
    std::size_t size;
    std::uint8_t low;
    std::uint8_t high;
};

constexpr Tail invalid{0, 1, 0};

constexpr Tail tail_of(std::uint8_t lead) {
    if (lead < 0x80) return {0, 0x80, 0xbf};
    if (lead < 0xc2) return invalid;
    if (lead < 0xe0) return {1, 0x80, 0xbf};
    if (lead == 0xe0) return {2, 0xa0, 0xbf};
    if (lead == 0xed) return {2, 0x80, 0x9f};
    if (lead < 0xf0) return {2, 0x80, 0xbf};
    if (lead == 0xf0) return {3, 0x90, 0xbf};
    if (lead < 0xf4) return {3, 0x80, 0xbf};
    if (lead == 0xf4) return {3, 0x80, 0x8f};
    return invalid;
}

}  // namespace

bool is_utf8(ByteView octets) {
    for (std::size_t i = 0; i < octets.size();) {
        const Tail tail = tail_of(octets[i]);
        if (tail.low > tail.high || octets.size() - i - 1 < tail.size) return false;
        for (std::size_t j = 1; j <= tail.size; ++j) {
            const std::uint8_t octet = octets[i + j];
            if (octet < (j == 1 ? tail.low : 0x80) || octet > (j == 1 ? tail.high : 0xbf)) {
                return false;
            }
        }
        i += tail.size + 1;
    }
    return true;
}

}  // namespace scef
