#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulators/modem-simulator/at_reply.h"

namespace scef::modem_simulator {

/// The commands for the non-IP PDN connection and the data on it: +CGDCONT, +CGACT, +CGPADDR,
/// +CGAPNRC, +CSODCP, +CRTDCP (TS 27.007 10.1.1, 10.1.10, 10.1.14, 10.1.45, 10.1.43, 10.1.44). The
/// device has one PDN connection, which belongs to one of the defined contexts. Pure.
class AtContexts {
public:
    std::optional<AtReply> on_command(const AtCommand& command, AtRadio& radio);
    /// The modem may have got or lost its PDN connection.
    void on_radio(const Modem& modem);
    /// The unsolicited result code of a frame from the network; nothing if reporting is off.
    std::optional<std::string> report(const NonIpFrame& frame) const;
    /// ATZ and AT&F: reporting is off. Contexts stay.
    void reset() { reporting_ = 0; }

private:
    AtReply definition(const AtCommand& command);
    AtReply activation(const AtCommand& command, AtRadio& radio);
    AtReply addresses(const AtCommand& command) const;
    AtReply apn_rate(const AtCommand& command, const AtRadio& radio) const;
    AtReply originating_data(const AtCommand& command, AtRadio& radio) const;
    AtReply terminating_data(const AtCommand& command, const AtRadio& radio);
    AtReply send(const AtCommand& command, AtRadio& radio) const;
    /// The defined contexts that a command names; all of them if it names none.
    std::optional<std::vector<unsigned>> named(const AtCommand& command, std::size_t first) const;

    std::map<unsigned, std::string> apns_{{1, ""}};  ///< of the defined contexts, by cid
    std::optional<unsigned> active_;
    std::optional<unsigned> wanted_;  ///< by +CGACT, for the next PDN connection
    unsigned reporting_ = 0;
};

}  // namespace scef::modem_simulator
