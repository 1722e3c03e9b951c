#include "lwm2m-core/client/firmware_package.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace scef::client {
namespace {

constexpr std::string_view magic = "SCEFFW";
constexpr std::size_t header_bytes_max = 256;

std::array<std::uint32_t, 256> make_crc_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t octet = 0; octet < 256; ++octet) {
        std::uint32_t value = octet;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value & 1) != 0 ? value >> 1 ^ 0xedb88320U : value >> 1;
        }
        table[octet] = value;
    }
    return table;
}

/// Takes the text up to the next blank; empty if there is none.
std::string_view take_word(std::string_view& line) {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

std::optional<std::uint32_t> read_hex(std::string_view text) {
    std::uint32_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number, 16);
    if (text.size() != 8 || error != std::errc{} || rest != end) return std::nullopt;
    return number;
}

}  // namespace

std::uint32_t crc32(ByteView octets) {
    static const std::array<std::uint32_t, 256> table = make_crc_table();
    std::uint32_t value = 0xffffffffU;
    for (const std::uint8_t octet : octets) value = table[(value ^ octet) & 0xff] ^ value >> 8;
    return ~value;
}

std::optional<FirmwarePackage> read_firmware_package(ByteView octets) {
    const std::string_view start = as_text(octets.first(std::min(octets.size(), header_bytes_max)));
    const std::size_t line_end = start.find('\n');
    if (line_end == std::string_view::npos) return std::nullopt;
    std::string_view line = start.substr(0, line_end);
    if (take_word(line) != magic) return std::nullopt;
    FirmwarePackage package;
    package.name = take_word(line);
    package.version = take_word(line);
    package.model = take_word(line);
    const auto crc = read_hex(line);
    if (package.name.empty() || package.version.empty() || package.model.empty() || !crc) {
        return std::nullopt;
    }
    package.crc = *crc;
    package.body = octets.subspan(line_end + 1);
    return package;
}

Bytes make_firmware_package(std::string_view name, std::string_view version, std::string_view model,
                            ByteView body) {
    const std::uint32_t crc = crc32(body);
    const std::array<std::uint8_t, 4> octets{
        static_cast<std::uint8_t>(crc >> 24), static_cast<std::uint8_t>(crc >> 16),
        static_cast<std::uint8_t>(crc >> 8), static_cast<std::uint8_t>(crc)};
    std::string header(magic);
    for (const std::string_view word : {name, version, model}) header.append(" ").append(word);
    header += ' ' + to_hex(octets) + '\n';
    Bytes package = to_bytes(header);
    package.insert(package.end(), body.begin(), body.end());
    return package;
}

std::string package_model(std::string_view model_number) {
    std::string model(model_number);
    std::ranges::replace(model, ' ', '-');
    return model;
}

}  // namespace scef::client
