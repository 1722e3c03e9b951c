#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/turn.h"

/// The timers of power saving as AT commands write them: digits 0 and 1, the most significant
/// first.
namespace scef::modem_simulator {

/// Eight bits; nothing for any other text.
std::optional<unsigned> octet_of_bits(std::string_view bits);

/// T3324 as GPRS timer 2 (TS 24.008 10.5.7.4). Zero stands for deactivated.
Duration active_time_of(unsigned octet);
/// The shortest time of that coding that is not below, in the longest unit that has it exactly.
std::string active_time_bits(Duration time);

/// T3412 as GPRS timer 3 (TS 24.008 10.5.7.4a). Zero stands for deactivated.
Duration periodic_tau_of(unsigned octet);
std::string periodic_tau_bits(Duration time);

/// The eDRX cycle in NB-S1 mode, four bits (TS 24.008 10.5.5.32); nothing for any other text.
/// Values without a meaning there stand for 20.48 s.
std::optional<Duration> edrx_cycle_of(std::string_view bits);
std::string edrx_cycle_bits(Duration cycle);

/// The paging time window in NB-S1 mode, four bits.
std::string paging_window_bits(Duration window);

}  // namespace scef::modem_simulator
