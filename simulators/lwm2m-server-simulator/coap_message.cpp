#include "simulators/lwm2m-server-simulator/coap_message.h"

#include <algorithm>

namespace scef::lwm2m_server_simulator {

const CoapOption* CoapMessage::find(std::uint16_t number) const {
    const auto found = std::find_if(options.begin(), options.end(), [number](const auto& option) {
        return option.number == number;
    });
    return found == options.end() ? nullptr : &*found;
}

std::optional<std::uint32_t> CoapMessage::uint_option(std::uint16_t number) const {
    const CoapOption* const option = find(number);
    if (option == nullptr || option->value.size() > 4) return std::nullopt;
    std::uint32_t value = 0;
    for (const std::uint8_t octet : option->value) value = value << 8 | octet;
    return value;
}

void CoapMessage::add_text(std::uint16_t number, std::string_view value) {
    options.push_back({number, to_bytes(value)});
}

void CoapMessage::add_uint(std::uint16_t number, std::uint32_t value) {
    Bytes octets;
    for (int shift = 24; shift >= 0; shift -= 8) {
        const auto octet = static_cast<std::uint8_t>(value >> shift);
        if (!octets.empty() || octet != 0) octets.push_back(octet);
    }
    options.push_back({number, std::move(octets)});
}

void CoapMessage::remove(std::uint16_t number) {
    std::erase_if(options, [number](const auto& option) { return option.number == number; });
}

std::vector<std::string> CoapMessage::path() const {
    std::vector<std::string> segments;
    for (const auto& option : options) {
        if (option.number == coap::uri_path) segments.emplace_back(as_text(option.value));
    }
    return segments;
}

std::optional<std::string> CoapMessage::query(std::string_view name) const {
    for (const auto& option : options) {
        if (option.number != coap::uri_query) continue;
        const std::string_view text = as_text(option.value);
        const std::size_t equals = text.find('=');
        if (text.substr(0, equals) != name) continue;
        return equals == std::string_view::npos ? std::string()
                                                : std::string(text.substr(equals + 1));
    }
    return std::nullopt;
}

std::string code_text(std::uint8_t code) {
    const unsigned detail = code & 0x1fu;
    return std::to_string(code >> 5) + (detail < 10 ? ".0" : ".") + std::to_string(detail);
}

void add_path(CoapMessage& message, std::string_view path) {
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        if (slash != 0) message.add_text(coap::uri_path, path.substr(0, slash));
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
}

}  // namespace scef::lwm2m_server_simulator
