#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulators/modem-simulator/at_reply.h"

namespace scef::modem_simulator {

/// The commands that switch the modem on and say whether the network has it: +CFUN, +CGATT, +COPS,
/// +CEREG, +CSCON, +CSQ (TS 27.007 8.2, 10.1.9, 7.3, 10.1.22, 10.1.30, 8.5). Pure.
class AtRegistration {
public:
    std::optional<AtReply> on_command(const AtCommand& command, AtRadio& radio);
    /// The unsolicited result codes of what changed since it was asked last.
    std::vector<std::string> news(const Modem& modem);
    /// ATZ and AT&F: reporting is off. Radio and registration stay.
    void reset() { cereg_ = cscon_ = 0; }
    bool is_switched_on() const { return functionality_ == 1; }

private:
    AtReply functionality(const AtCommand& command, AtRadio& radio);
    AtReply attachment(const AtCommand& command, AtRadio& radio) const;
    AtReply operator_selection(const AtCommand& command, AtRadio& radio);
    AtReply attach(AtRadio& radio) const;
    std::string status(const Modem& modem, unsigned detail) const;

    unsigned functionality_ = 1;
    unsigned cereg_ = 0;
    unsigned cscon_ = 0;
    unsigned operator_format_ = 0;
    std::string told_status_ = "0";
    bool told_connected_ = false;
};

}  // namespace scef::modem_simulator
