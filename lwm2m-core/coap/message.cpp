#include "lwm2m-core/coap/message.h"

#include <algorithm>

namespace scef::coap {
namespace {

Bytes uint_octets(std::uint32_t value) {
    Bytes octets;
    for (int shift = 24; shift >= 0; shift -= 8) {
        const auto octet = static_cast<std::uint8_t>(value >> shift);
        if (octet != 0 || !octets.empty()) octets.push_back(octet);
    }
    return octets;
}

Message make_empty(Type type, std::uint16_t message_id) {
    Message message;
    message.type = type;
    message.message_id = message_id;
    return message;
}

}  // namespace

std::string Code::text() const {
    std::string text = std::to_string(code_class()) + '.';
    if (detail() < 10) text += '0';
    return text + std::to_string(detail());
}

Token::Token(std::initializer_list<std::uint8_t> octets)
    : Token(ByteView(octets.begin(), octets.size())) {}

Token::Token(ByteView octets)
    : size_(static_cast<std::uint8_t>(std::min(octets.size(), size_max))) {
    std::copy_n(octets.begin(), size_, octets_.begin());
}

const Option* Message::find(std::uint16_t number) const {
    const auto found = std::find_if(options.begin(), options.end(),
                                    [&](const Option& option) { return option.number == number; });
    return found == options.end() ? nullptr : &*found;
}

std::optional<std::uint32_t> Message::uint_option(std::uint16_t number) const {
    const Option* option = find(number);
    if (option == nullptr || option->value.size() > 4) return std::nullopt;
    std::uint32_t value = 0;
    for (const std::uint8_t octet : option->value) value = value << 8 | octet;
    return value;
}

void Message::add(std::uint16_t number, Bytes value) {
    const auto place = std::upper_bound(
        options.begin(), options.end(), number,
        [](std::uint16_t added, const Option& option) { return added < option.number; });
    options.insert(place, Option{number, std::move(value)});
}

void Message::add_text(std::uint16_t number, std::string_view value) {
    add(number, to_bytes(value));
}

void Message::add_uint(std::uint16_t number, std::uint32_t value) {
    add(number, uint_octets(value));
}

void Message::remove(std::uint16_t number) {
    std::erase_if(options, [&](const Option& option) { return option.number == number; });
}

std::vector<std::string_view> Message::path() const {
    std::vector<std::string_view> segments;
    for (const Option& option : options) {
        if (option.number == options::uri_path) segments.push_back(option.text());
    }
    return segments;
}

std::string Message::path_text() const {
    std::string text;
    for (const std::string_view segment : path()) {
        text += '/';
        text += segment;
    }
    return text.empty() ? "/" : text;
}

std::optional<std::string_view> Message::query(std::string_view name) const {
    for (const Option& option : options) {
        if (option.number != options::uri_query) continue;
        std::string_view text = option.text();
        if (!text.starts_with(name)) continue;
        text.remove_prefix(name.size());
        if (text.empty()) return text;
        if (text.front() == '=') return text.substr(1);
    }
    return std::nullopt;
}

Message make_ack(std::uint16_t message_id) { return make_empty(Type::acknowledgement, message_id); }
Message make_reset(std::uint16_t message_id) { return make_empty(Type::reset, message_id); }

Message make_response(const Message& request, Code code) {
    const bool piggybacked = request.type == Type::confirmable;
    Message response;
    response.type = piggybacked ? Type::acknowledgement : Type::non_confirmable;
    response.code = code;
    response.message_id = piggybacked ? request.message_id : std::uint16_t{0};
    response.token = request.token;
    return response;
}

std::optional<Block> Block::from(const Message& message, std::uint16_t option_number) {
    const Option* option = message.find(option_number);
    if (option == nullptr || option->value.size() > 3) return std::nullopt;
    const std::uint32_t value = *message.uint_option(option_number);
    if ((value & 7) == 7) return std::nullopt;
    return Block{value >> 4, (value & 8) != 0, static_cast<std::uint8_t>(value & 7)};
}

std::uint32_t Block::value() const { return number << 4 | (more ? 8u : 0u) | (size_exponent & 7u); }

}  // namespace scef::coap
