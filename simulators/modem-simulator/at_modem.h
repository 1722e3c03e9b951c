#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/modem-simulator/at_contexts.h"
#include "simulators/modem-simulator/at_identity.h"
#include "simulators/modem-simulator/at_line_editor.h"
#include "simulators/modem-simulator/at_power_saving.h"
#include "simulators/modem-simulator/at_registration.h"

namespace scef::modem_simulator {

/// The AT command interface of a modem (ITU-T V.250, a subset of TS 27.007): what a terminal sends
/// goes in, what it shows comes out. Several commands on a line are carried out in order up to the
/// first that fails. Unsolicited result codes come between lines, not into what is being typed or
/// carried out. Pure; its owner shows it the modem after each step of that.
class AtModem {
public:
    /// `start_state` psm or edrx has that switched on.
    AtModem(const ExternalId& id, std::string_view start_state);

    /// Octets from the terminal, any number of lines or a part of one.
    void on_input(std::string_view octets, AtRadio& radio);
    /// A frame from the network; false if reporting is off and nobody will see it.
    bool on_data(const NonIpFrame& frame);
    /// Something about the modem may have changed.
    void on_radio(AtRadio& radio);
    void on_time(AtRadio& radio);
    Instant due() const;

    /// For the terminal, since it was taken last.
    std::string take_text() { return std::exchange(text_, {}); }
    modem_link::PowerSaving wanted_power_saving() const { return power_saving_.wanted(); }

private:
    struct Waiting {
        AtReply::Until until;
        Instant give_up;
    };

    void run(AtRadio& radio);
    void step(AtRadio& radio);
    AtReply perform(const AtCommand& command, AtRadio& radio);
    std::optional<AtReply> perform_basic(const AtCommand& command);
    AtReply special_character(const AtCommand& command, char& value);
    void conclude(const AtReply& reply, AtRadio& radio);
    std::optional<AtReply> outcome(const Modem& modem, Instant now) const;
    void reset();
    void show(const std::vector<std::string>& lines);
    void end_line(std::string_view verbose, char number);
    void fail_line(const AtReply& reply);
    void tell_news(Instant now);
    bool is_busy() const { return line_ || waiting_; }

    AtIdentity identity_;
    AtRegistration registration_;
    AtPowerSaving power_saving_;
    AtContexts contexts_;
    AtFormat format_;
    unsigned error_detail_ = 0;  ///< +CMEE
    AtLineEditor editor_;
    std::deque<char> typed_;  ///< not looked at yet: a command is being carried out
    Instant typed_at_;
    std::optional<AtCommandLine> line_;  ///< being carried out
    std::optional<Waiting> waiting_;
    std::vector<std::string> news_;
    std::string text_;
};

}  // namespace scef::modem_simulator
