#include "queueing/store/crc32c.h"

#include <array>
#include <cstddef>

namespace scef::queueing {
namespace {

constexpr std::uint32_t reflected_polynomial = 0x82f63b78u;
constexpr std::size_t slices = 4;
using Table = std::array<std::array<std::uint32_t, 256>, slices>;

constexpr Table make_table() {
    Table table{};
    for (std::uint32_t octet = 0; octet < 256; ++octet) {
        std::uint32_t value = octet;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value & 1u) != 0 ? value >> 1 ^ reflected_polynomial : value >> 1;
        }
        table[0][octet] = value;
    }
    for (std::size_t slice = 1; slice < slices; ++slice) {
        for (std::size_t octet = 0; octet < 256; ++octet) {
            const std::uint32_t value = table[slice - 1][octet];
            table[slice][octet] = value >> 8 ^ table[0][value & 0xffu];
        }
    }
    return table;
}

constexpr Table table = make_table();

}  // namespace

std::uint32_t crc32c(ByteView octets, std::uint32_t before) {
    std::uint32_t crc = ~before;
    std::size_t at = 0;
    for (; octets.size() - at >= slices; at += slices) {
        crc ^= static_cast<std::uint32_t>(octets[at]) |
               static_cast<std::uint32_t>(octets[at + 1]) << 8 |
               static_cast<std::uint32_t>(octets[at + 2]) << 16 |
               static_cast<std::uint32_t>(octets[at + 3]) << 24;
        crc = table[3][crc & 0xffu] ^ table[2][crc >> 8 & 0xffu] ^ table[1][crc >> 16 & 0xffu] ^
              table[0][crc >> 24];
    }
    for (; at < octets.size(); ++at) crc = crc >> 8 ^ table[0][(crc ^ octets[at]) & 0xffu];
    return ~crc;
}

}  // namespace scef::queueing
