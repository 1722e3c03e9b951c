#include "simulators/modem-simulator/at_parser.h"

#include <algorithm>

namespace scef::modem_simulator {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
char capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// V.250 5.4.1; none of the commands here has anything but letters and digits in its name.
bool is_name_character(char c) { return is_letter(c) || is_digit(c); }

std::optional<std::uint8_t> hexadecimal_digit(char c) {
    const char big = capital(c);
    if (is_digit(big)) return static_cast<std::uint8_t>(big - '0');
    if (big >= 'A' && big <= 'F') return static_cast<std::uint8_t>(big - 'A' + 10);
    return std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> AtParameter::number() const {
    constexpr std::size_t digits_max = 9;
    if (is_quoted || text.empty() || text.size() > digits_max) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return value;
}

const AtParameter& AtCommand::parameter(std::size_t index) const {
    static const AtParameter absent;
    return index < parameters.size() ? parameters[index] : absent;
}

void AtCommandLine::skip_spaces() {
    while (peek() == ' ') ++at_;
}

bool AtCommandLine::is_at_end() {
    skip_spaces();
    return at_ >= body_.size();
}

std::optional<AtCommand> AtCommandLine::next() {
    skip_spaces();
    auto command = peek() == '+' ? next_extended() : next_basic();
    if (!command) at_ = body_.size();
    return command;
}

std::string AtCommandLine::read_digits() {
    std::string digits;
    for (skip_spaces(); is_digit(peek()) || peek() == ' '; ++at_) {
        if (peek() != ' ') digits += peek();
    }
    return digits;
}

std::optional<AtCommand> AtCommandLine::next_basic() {
    AtCommand command;
    if (peek() == '&') command.name += body_[at_++];
    if (!is_letter(peek())) return std::nullopt;
    command.name += capital(body_[at_++]);
    const std::string digits = read_digits();
    if (command.name == "S") {
        if (digits.empty()) return std::nullopt;
        command.name += digits;
        if (peek() == '?') {
            ++at_;
            command.form = AtCommand::Form::read;
        } else if (peek() == '=') {
            ++at_;
            command.form = AtCommand::Form::set;
            command.parameters.push_back({read_digits(), false});
        } else {
            return std::nullopt;
        }
    } else {
        command.form = AtCommand::Form::set;  // V.250 5.3.1: no number stands for 0
        command.parameters.push_back({digits.empty() ? "0" : digits, false});
    }
    skip_spaces();
    if (peek() == ';') ++at_;
    return command;
}

std::optional<AtCommand> AtCommandLine::next_extended() {
    AtCommand command;
    command.name += body_[at_++];
    while (is_name_character(peek())) command.name += capital(body_[at_++]);
    if (command.name.size() < 2) return std::nullopt;
    skip_spaces();
    if (peek() == '?') {
        ++at_;
        command.form = AtCommand::Form::read;
    } else if (peek() == '=') {
        ++at_;
        skip_spaces();
        if (peek() == '?') {
            ++at_;
            command.form = AtCommand::Form::test;
        } else {
            command.form = AtCommand::Form::set;
            if (!read_parameters(command)) return std::nullopt;
        }
    }
    if (is_at_end()) return command;
    if (peek() != ';') return std::nullopt;
    ++at_;
    return command;
}

bool AtCommandLine::read_parameters(AtCommand& command) {
    while (true) {
        auto parameter = read_parameter();
        if (!parameter) return false;
        command.parameters.push_back(std::move(*parameter));
        if (peek() != ',') return true;
        ++at_;
    }
}

std::optional<AtParameter> AtCommandLine::read_parameter() {
    skip_spaces();
    if (peek() == '"') {
        auto text = read_quoted();
        if (!text) return std::nullopt;
        skip_spaces();
        if (!is_at_end() && peek() != ',' && peek() != ';') return std::nullopt;
        return AtParameter{std::move(*text), true};
    }
    AtParameter parameter;
    while (at_ < body_.size() && peek() != ',' && peek() != ';') {
        if (peek() == '"') return std::nullopt;
        if (peek() != ' ') parameter.text += peek();
        ++at_;
    }
    return parameter;
}

// V.250 5.4.2.2: `\22` is a quote, `\5C` the backslash.
std::optional<std::string> AtCommandLine::read_quoted() {
    std::string text;
    for (++at_; at_ < body_.size(); ++at_) {
        if (peek() == '"') {
            ++at_;
            return text;
        }
        if (peek() != '\\') {
            text += peek();
            continue;
        }
        const auto high = at_ + 1 < body_.size() ? hexadecimal_digit(body_[at_ + 1]) : std::nullopt;
        const auto low = at_ + 2 < body_.size() ? hexadecimal_digit(body_[at_ + 2]) : std::nullopt;
        if (!high || !low) return std::nullopt;
        text += static_cast<char>(*high * 16 + *low);
        at_ += 2;
    }
    return std::nullopt;
}

}  // namespace scef::modem_simulator
