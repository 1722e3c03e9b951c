#include "simulators/modem-simulator/at_line_editor.h"

namespace scef::modem_simulator {
namespace {

// Holds +CSODCP with the longest frame in hexadecimal, and more.
constexpr std::size_t line_octets_max = 8192;
constexpr char delete_key = '\x7f';

}  // namespace

void AtLineEditor::erase(std::string& echo, bool has_echo) {
    if (state_ == State::idle || (state_ == State::body && line_.empty())) return;
    if (state_ == State::prefix) {
        state_ = State::idle;
    } else {
        line_.pop_back();
    }
    if (has_echo) echo += "\b \b";
}

std::optional<std::string> AtLineEditor::feed(char c, const AtFormat& format, std::string& echo) {
    if (c == format.erase || c == delete_key) {
        erase(echo, format.has_echo);
        return std::nullopt;
    }
    const bool is_end = c == format.end;
    const bool is_control = static_cast<unsigned char>(c) < ' ' && !is_end;
    if (is_control) return std::nullopt;  // V.250 5.2.2; the LF of CR LF is one of them
    if (format.has_echo) echo += c;
    if (state_ == State::idle) {
        if (c == 'A' || c == 'a') state_ = State::prefix;
        return std::nullopt;
    }
    if (state_ == State::prefix) {
        if (c == 'T' || c == 't') {
            state_ = State::body;
            line_.clear();
            is_overrun_ = false;
        } else if (c == '/') {
            state_ = State::idle;
            return last_;
        } else if (c != 'A' && c != 'a') {
            state_ = State::idle;
        }
        return std::nullopt;
    }
    if (is_end) {
        state_ = State::idle;
        last_ = line_;
        return line_;
    }
    if (line_.size() < line_octets_max) {
        line_ += c;
    } else {
        is_overrun_ = true;
    }
    return std::nullopt;
}

}  // namespace scef::modem_simulator
