#include "simulators/modem-simulator/at_identity.h"

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/time_text.h"

#ifndef SCEF_VERSION
#define SCEF_VERSION "0"
#endif

namespace scef::modem_simulator {
namespace {

using Form = AtCommand::Form;

constexpr const char* manufacturer = "SCEF adapter";
constexpr const char* model = "modem-simulator";

std::string digits_of(std::uint64_t number, std::size_t count) {
    std::string digits(count, '0');
    for (std::size_t i = count; i-- > 0; number /= 10) {
        digits[i] = static_cast<char>('0' + number % 10);
    }
    return digits;
}

// The check digit of an IMEI (TS 23.003 annex B).
char luhn_digit(const std::string& digits) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        unsigned digit = static_cast<unsigned>(digits[i] - '0') * (i % 2 == 1 ? 2U : 1U);
        sum += digit / 10 + digit % 10;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

// `2026-11-22T14:37:20.123Z` as `26/11/22,14:37:20+00` (TS 27.007 8.15; quarters of an hour).
std::string clock_text(WallTime wall) {
    std::string text = to_rfc3339(wall).substr(2, 17);
    text[2] = text[5] = '/';
    text[8] = ',';
    return text + "+00";
}

AtReply plain(const AtCommand& command, std::string line) {
    if (command.form == Form::test) return AtReply::ok();
    if (command.form != Form::execute) return AtReply::error();
    return AtReply::ok({std::move(line)});
}

}  // namespace

AtIdentity::AtIdentity(const ExternalId& id) {
    const std::uint64_t hash = stable_hash(id.text());
    imei_ = "00101" + digits_of(hash, 9);
    imei_ += luhn_digit(imei_);
    imsi_ = "00101" + digits_of(hash, 10);
}

AtReply AtIdentity::serial_number(const AtCommand& command) const {
    if (command.form == Form::test) return AtReply::ok({"+CGSN: (0-3)"});
    if (command.form == Form::execute) return AtReply::ok({imei_});
    if (command.form != Form::set || command.parameters.size() > 1) return AtReply::error();
    const AtParameter& wanted = command.parameter(0);
    switch (wanted.is_absent() ? 0 : wanted.number().value_or(4)) {
        case 0:
            return AtReply::ok({imei_});
        case 1:
            return AtReply::ok({"+CGSN: " + in_quotes(imei_)});
        case 2:  // IMEISV: the software version instead of the check digit
            return AtReply::ok({"+CGSN: " + in_quotes(imei_.substr(0, 14) + "01")});
        case 3:
            return AtReply::ok({"+CGSN: \"01\""});
        default:
            return AtReply::failed(CmeError::incorrect_parameters);
    }
}

std::optional<AtReply> AtIdentity::on_command(const AtCommand& command,
                                              const AtRadio& radio) const {
    const std::string& name = command.name;
    if (name == "I") return AtReply::ok({std::string(manufacturer), model, SCEF_VERSION});
    if (name == "+CGMI" || name == "+GMI") return plain(command, manufacturer);
    if (name == "+CGMM" || name == "+GMM") return plain(command, model);
    if (name == "+CGMR" || name == "+GMR") return plain(command, SCEF_VERSION);
    if (name == "+CIMI") return plain(command, imsi_);
    if (name == "+CGSN" || name == "+GSN") return serial_number(command);
    if (name == "+CPIN") {
        if (command.form == Form::test) return AtReply::ok();
        if (command.form == Form::read) return AtReply::ok({"+CPIN: READY"});
        return AtReply::failed(CmeError::operation_not_allowed);
    }
    if (name == "+CCLK") {
        if (command.form == Form::test) return AtReply::ok();
        if (command.form == Form::set) return AtReply::failed(CmeError::operation_not_supported);
        if (command.form != Form::read) return AtReply::error();
        return AtReply::ok({"+CCLK: " + in_quotes(clock_text(radio.turn.wall))});
    }
    return std::nullopt;
}

}  // namespace scef::modem_simulator
