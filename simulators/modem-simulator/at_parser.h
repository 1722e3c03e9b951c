#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scef::modem_simulator {

/// One parameter as it was typed; quotes are taken off and say that it is a text.
struct AtParameter {
    std::string text;
    bool is_quoted = false;

    bool is_absent() const { return !is_quoted && text.empty(); }
    /// A decimal number of at most nine digits without quotes.
    std::optional<std::uint32_t> number() const;
    friend bool operator==(const AtParameter&, const AtParameter&) = default;
};

/// One command of a command line (ITU-T V.250 5.3 and 5.4).
struct AtCommand {
    enum class Form : std::uint8_t {
        execute,  ///< `+CGMI`
        read,     ///< `+CEREG?`
        test,     ///< `+CEREG=?`
        set,      ///< `+CEREG=5`, and `E0`, `S3=13`
    };
    std::string name;  ///< in capitals with its prefix: `+CEREG`, `E`, `&F`, `S3`
    Form form = Form::execute;
    std::vector<AtParameter> parameters;  ///< of `set`

    /// The parameter at `index`, an absent one if the command has fewer.
    const AtParameter& parameter(std::size_t index) const;
};

/// The commands of one line, read one by one so that those before a mistake are carried out.
class AtCommandLine {
public:
    /// `body` is what follows `AT`.
    explicit AtCommandLine(std::string body) : body_(std::move(body)) {}

    bool is_at_end();
    /// The next command; nothing for what is none, and the line is at its end then.
    std::optional<AtCommand> next();

private:
    void skip_spaces();
    char peek() const { return at_ < body_.size() ? body_[at_] : '\0'; }
    std::optional<AtCommand> next_basic();
    std::optional<AtCommand> next_extended();
    bool read_parameters(AtCommand& command);
    std::optional<AtParameter> read_parameter();
    std::optional<std::string> read_quoted();
    std::string read_digits();

    std::string body_;
    std::size_t at_ = 0;
};

}  // namespace scef::modem_simulator
