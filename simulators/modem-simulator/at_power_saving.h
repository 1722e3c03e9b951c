#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/modem-simulator/at_reply.h"

namespace scef::modem_simulator {

/// The commands for PSM and eDRX: +CPSMS, +CEDRXS, +CEDRXRDP (TS 27.007 7.38, 7.40, 7.41). Pure.
class AtPowerSaving {
public:
    /// `start_state` psm or edrx has that switched on from the start.
    explicit AtPowerSaving(std::string_view start_state);

    std::optional<AtReply> on_command(const AtCommand& command, AtRadio& radio);
    /// +CEDRXP, if asked for, when what the network grants has changed.
    std::vector<std::string> news(const Modem& modem);
    /// What the modem asks the network for. With both, PSM: the simulated network has one of them
    /// at a time.
    modem_link::PowerSaving wanted() const;

private:
    AtReply set_psm(const AtCommand& command, AtRadio& radio);
    AtReply set_edrx(const AtCommand& command, AtRadio& radio);
    std::string granted_edrx(const Modem& modem) const;

    bool has_psm_;
    std::string active_time_, periodic_tau_;
    bool has_edrx_;
    bool tells_edrx_ = false;
    std::string edrx_cycle_;
    std::string told_edrx_ = "0";
};

}  // namespace scef::modem_simulator
