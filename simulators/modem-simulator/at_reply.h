#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/modem-simulator/at_parser.h"
#include "simulators/modem-simulator/modem.h"

namespace scef::modem_simulator {

/// `<err>` of +CME ERROR (TS 27.007 9.2), those that this modem says.
enum class CmeError : std::uint8_t {
    operation_not_allowed = 3,
    operation_not_supported = 4,
    text_string_too_long = 24,
    invalid_characters = 25,
    no_network_service = 30,
    network_timeout = 31,
    incorrect_parameters = 50,
    switched_off = 53,
    services_not_allowed = 107,
};

/// As +CMEE=2 writes it.
std::string_view text_of(CmeError error);

/// How a command ends.
struct AtReply {
    enum class Kind : std::uint8_t {
        ok,
        error,  ///< no such command, or not in that form
        cme_error,
        waits,  ///< for the network; ends when `until` is so
    };
    enum class Until : std::uint8_t { attached, pdn_connected, pdn_released };

    Kind kind = Kind::ok;
    std::vector<std::string> lines;  ///< information text of `ok`
    CmeError cme = CmeError::operation_not_allowed;
    Until until = Until::attached;

    static AtReply ok(std::vector<std::string> lines = {}) { return {Kind::ok, std::move(lines)}; }
    static AtReply error() { return {Kind::error, {}}; }
    static AtReply failed(CmeError error) { return {Kind::cme_error, {}, error}; }
    static AtReply wait(Until until) { return {Kind::waits, {}, {}, until}; }
};

/// What a command may look at and act on.
struct AtRadio {
    Modem& modem;
    Turn& turn;
    ModemOutput& out;
    std::vector<NonIpFrame>& uplinks;  ///< for the network, in order
};

/// A command with one number from 0 to `largest`: set (absent: 0), read as `name: extra` after the
/// number, and test.
AtReply number_setting(const AtCommand& command, unsigned& value, unsigned largest,
                       const std::string& read_extra = "");

std::string in_quotes(std::string_view text);

}  // namespace scef::modem_simulator
