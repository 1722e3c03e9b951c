#include "simulators/modem-simulator/at_registration.h"

#include <array>

#include "simulators/modem-simulator/at_timers.h"

namespace scef::modem_simulator {
namespace {

using Form = AtCommand::Form;

constexpr unsigned detail_max = 5;                       // <n> of +CEREG
constexpr const char* cell = R"(,"0001","00000001",9)";  // tracking area, cell, E-UTRAN (NB-S1)

unsigned registration_of(const Modem& modem) {
    constexpr unsigned none = 0, home = 1, searching = 2, denied = 3;
    if (modem.is_attached()) return home;
    if (modem.state() == "detached") return none;
    return modem.attach_refusal().empty() ? searching : denied;
}

bool is_connected(const Modem& modem) {
    return modem.is_attached() && modem.state() == "connected";
}

std::string signal_quality(const Modem& modem) {
    if (!modem.is_attached()) return "+CSQ: 99,99";
    const std::string coverage = modem.terms() ? modem.terms()->coverage : "normal";
    if (coverage == "extreme") return "+CSQ: 2,99";
    return coverage == "robust" ? "+CSQ: 9,99" : "+CSQ: 20,99";
}

}  // namespace

// What follows <n> in a read and is the text of an unsolicited result code.
std::string AtRegistration::status(const Modem& modem, unsigned detail) const {
    const unsigned registration = registration_of(modem);
    std::string text = std::to_string(registration);
    const bool is_registered = registration == 1;
    const bool is_denied = registration == 3;
    if (detail >= 2 && is_registered) text += cell;
    if ((detail == 3 || detail == 5) && is_denied) text += ",,,,0,8";  // EMM cause 8
    if (detail < 4 || !is_registered || !modem.terms()) return text;
    const modem_link::PowerSaving& granted = modem.terms()->power_saving;
    if (granted.mode != "psm") return text;
    return text + ",,," + in_quotes(active_time_bits(granted.active_time.value_or(Duration{}))) +
           ',' + in_quotes(periodic_tau_bits(granted.periodic_tau.value_or(Duration{})));
}

std::vector<std::string> AtRegistration::news(const Modem& modem) {
    std::vector<std::string> lines;
    if (std::string now = status(modem, cereg_); now != told_status_) {
        told_status_ = std::move(now);
        if (cereg_ > 0) lines.push_back("+CEREG: " + told_status_);
    }
    if (const bool connected = is_connected(modem); connected != told_connected_) {
        told_connected_ = connected;
        if (cscon_ > 0) lines.push_back(connected ? "+CSCON: 1" : "+CSCON: 0");
    }
    return lines;
}

AtReply AtRegistration::functionality(const AtCommand& command, AtRadio& radio) {
    if (command.form == Form::read) {
        return AtReply::ok({"+CFUN: " + std::to_string(functionality_)});
    }
    if (command.form == Form::test) return AtReply::ok({"+CFUN: (0,1,4),(0,1)"});
    if (command.form != Form::set) return AtReply::error();
    const AtParameter& level = command.parameter(0);
    const AtParameter& reset = command.parameter(1);
    const auto wanted = level.is_absent() ? std::optional(1U) : level.number();
    const auto restart = reset.is_absent() ? std::optional(0U) : reset.number();
    if (!wanted || (*wanted != 0 && *wanted != 1 && *wanted != 4) || !restart || *restart > 1 ||
        command.parameters.size() > 2) {
        return AtReply::failed(CmeError::incorrect_parameters);
    }
    if (*wanted != 1 || *restart == 1) radio.modem.detach(radio.out);
    functionality_ = *wanted;
    if (*wanted == 1) radio.modem.switch_on(radio.turn);
    return AtReply::ok();
}

AtReply AtRegistration::attach(AtRadio& radio) const {
    if (functionality_ != 1) return AtReply::failed(CmeError::switched_off);
    if (radio.modem.is_attached()) return AtReply::ok();
    radio.modem.switch_on(radio.turn);
    return AtReply::wait(AtReply::Until::attached);
}

AtReply AtRegistration::attachment(const AtCommand& command, AtRadio& radio) const {
    if (command.form == Form::read) {
        return AtReply::ok({radio.modem.is_attached() ? "+CGATT: 1" : "+CGATT: 0"});
    }
    if (command.form == Form::test) return AtReply::ok({"+CGATT: (0,1)"});
    if (command.form != Form::set) return AtReply::error();
    const auto wanted = command.parameter(0).number();
    if (!wanted || *wanted > 1 || command.parameters.size() > 1) {
        return AtReply::failed(CmeError::incorrect_parameters);
    }
    if (*wanted == 1) return attach(radio);
    if (radio.modem.state() != "detached") radio.modem.detach(radio.out);
    return AtReply::ok();
}

AtReply AtRegistration::operator_selection(const AtCommand& command, AtRadio& radio) {
    static constexpr std::array<const char*, 3> names{"SCEF simulator", "SCEF", "00101"};
    if (command.form == Form::test) {
        return AtReply::ok({R"(+COPS: (2,"SCEF simulator","SCEF","00101",9),,(0,2,3),(0,1,2))"});
    }
    if (command.form == Form::read) {
        const std::string mode = radio.modem.state() == "detached" ? "2" : "0";
        if (!radio.modem.is_attached()) return AtReply::ok({"+COPS: " + mode});
        return AtReply::ok({"+COPS: " + mode + ',' + std::to_string(operator_format_) + ',' +
                            in_quotes(names[operator_format_]) + ",9"});
    }
    if (command.form != Form::set) return AtReply::error();
    constexpr unsigned automatic = 0, deregister = 2, only_format = 3;
    const auto mode = command.parameter(0).number();
    const AtParameter& format = command.parameter(1);
    const auto wanted = format.is_absent() ? std::optional(operator_format_) : format.number();
    if (!mode || !wanted || *wanted >= names.size()) {
        return AtReply::failed(CmeError::incorrect_parameters);
    }
    operator_format_ = *wanted;
    if (*mode == only_format) return AtReply::ok();
    if (*mode == automatic) return attach(radio);
    if (*mode != deregister) return AtReply::failed(CmeError::operation_not_supported);
    if (radio.modem.state() != "detached") radio.modem.detach(radio.out);
    return AtReply::ok();
}

std::optional<AtReply> AtRegistration::on_command(const AtCommand& command, AtRadio& radio) {
    const std::string& name = command.name;
    if (name == "+CFUN") return functionality(command, radio);
    if (name == "+CGATT") return attachment(command, radio);
    if (name == "+COPS") return operator_selection(command, radio);
    if (name == "+CEREG") {
        AtReply reply =
            number_setting(command, cereg_, detail_max, ',' + status(radio.modem, cereg_));
        told_status_ = status(radio.modem, cereg_);
        return reply;
    }
    if (name == "+CSCON") {
        return number_setting(command, cscon_, 1, is_connected(radio.modem) ? ",1" : ",0");
    }
    if (name == "+CSQ") {
        if (command.form == Form::test) return AtReply::ok({"+CSQ: (0-31,99),(0-7,99)"});
        if (command.form != Form::execute) return AtReply::error();
        return AtReply::ok({signal_quality(radio.modem)});
    }
    return std::nullopt;
}

}  // namespace scef::modem_simulator
