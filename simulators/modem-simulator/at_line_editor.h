#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace scef::modem_simulator {

/// What a terminal may set of how lines are read and answers written (ITU-T V.250 6.2).
struct AtFormat {
    bool has_echo = true;    ///< E
    bool is_quiet = false;   ///< Q
    bool is_verbose = true;  ///< V
    char end = '\r';         ///< S3
    char feed = '\n';        ///< S4
    char erase = '\b';       ///< S5
};

/// Makes command lines of what a terminal sends, octet by octet (ITU-T V.250 5.2): finds the prefix
/// `AT`, lets the last character be erased, and repeats the last line for `A/`. Pure.
class AtLineEditor {
public:
    /// The body of a line that is complete now, what follows `AT`. Echo is appended to `echo`.
    std::optional<std::string> feed(char c, const AtFormat& format, std::string& echo);

    /// Somebody is typing; what the modem says now would be written into the line.
    bool is_in_line() const { return state_ != State::idle; }
    /// Forgets what was typed of a line.
    void give_up() { state_ = State::idle; }
    /// The line that completed last was longer than the modem takes.
    bool is_overrun() const { return is_overrun_; }

private:
    enum class State : std::uint8_t { idle, prefix, body };

    void erase(std::string& echo, bool has_echo);

    State state_ = State::idle;
    std::string line_;
    std::string last_;
    bool is_overrun_ = false;
};

}  // namespace scef::modem_simulator
