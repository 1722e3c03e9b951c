#pragma once

#include <optional>
#include <string>

#include "lwm2m-core/vocabulary/external_id.h"
#include "simulators/modem-simulator/at_reply.h"

namespace scef::modem_simulator {

/// The commands that say what the modem is and what time it is: ATI, +CGMI, +CGMM, +CGMR, +CGSN,
/// +CIMI, +CPIN, +CCLK (TS 27.007 clause 5, 8.3, 8.15). Pure.
class AtIdentity {
public:
    explicit AtIdentity(const ExternalId& id);

    /// Nothing for a command of someone else.
    std::optional<AtReply> on_command(const AtCommand& command, const AtRadio& radio) const;

    /// IMEI and IMSI are made of the External Identifier, in the ranges for tests: fifteen digits.
    const std::string& imei() const { return imei_; }
    const std::string& imsi() const { return imsi_; }

private:
    AtReply serial_number(const AtCommand& command) const;

    std::string imei_;
    std::string imsi_;
};

}  // namespace scef::modem_simulator
