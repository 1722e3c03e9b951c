#include "simulators/modem-simulator/at_power_saving.h"

#include "simulators/modem-simulator/at_timers.h"

namespace scef::modem_simulator {
namespace {

using Form = AtCommand::Form;

constexpr const char* default_active_time = "00001010";   // 20 s
constexpr const char* default_periodic_tau = "00111000";  // 24 h
constexpr const char* default_edrx_cycle = "0101";        // 81.92 s
constexpr unsigned nb_s1 = 5;                             // <AcT-type>

bool is_octet_or_absent(const AtParameter& parameter) {
    return parameter.is_absent() || (parameter.is_quoted && octet_of_bits(parameter.text));
}

}  // namespace

AtPowerSaving::AtPowerSaving(std::string_view start_state)
    : has_psm_(start_state == "psm"),
      active_time_(default_active_time),
      periodic_tau_(default_periodic_tau),
      has_edrx_(start_state == "edrx"),
      edrx_cycle_(default_edrx_cycle) {}

modem_link::PowerSaving AtPowerSaving::wanted() const {
    modem_link::PowerSaving wanted;
    wanted.mode = has_edrx_ ? "edrx" : "connected";
    if (has_edrx_) wanted.edrx_cycle = edrx_cycle_of(edrx_cycle_);
    const Duration active_time = active_time_of(octet_of_bits(active_time_).value_or(0));
    const bool is_deactivated = active_time_.starts_with("111");
    if (!has_psm_ || is_deactivated) return wanted;
    wanted.mode = "psm";
    wanted.active_time = active_time;
    wanted.periodic_tau = periodic_tau_of(octet_of_bits(periodic_tau_).value_or(0));
    return wanted;
}

AtReply AtPowerSaving::set_psm(const AtCommand& command, AtRadio& radio) {
    constexpr unsigned off = 0, on = 1, off_and_forget = 2;
    // Periodic RAU and GPRS READY timer are of GERAN and UTRAN; they are checked and left alone.
    const AtParameter& tau = command.parameter(3);
    const AtParameter& active = command.parameter(4);
    const AtParameter& mode = command.parameter(0);
    const auto wanted = mode.is_absent() ? std::optional(off) : mode.number();
    bool is_good = wanted && *wanted <= off_and_forget && command.parameters.size() <= 5;
    for (std::size_t i = 1; i < 5; ++i) is_good &= is_octet_or_absent(command.parameter(i));
    if (!is_good) return AtReply::failed(CmeError::incorrect_parameters);
    has_psm_ = *wanted == on;
    if (*wanted == off_and_forget) {
        active_time_ = default_active_time;
        periodic_tau_ = default_periodic_tau;
    } else {
        if (!tau.is_absent()) periodic_tau_ = tau.text;
        if (!active.is_absent()) active_time_ = active.text;
    }
    radio.modem.save_power(this->wanted(), radio.turn.now);
    return AtReply::ok();
}

AtReply AtPowerSaving::set_edrx(const AtCommand& command, AtRadio& radio) {
    constexpr unsigned off = 0, on = 1, on_and_tell = 2, off_and_forget = 3;
    const AtParameter& mode = command.parameter(0);
    const AtParameter& access = command.parameter(1);
    const AtParameter& cycle = command.parameter(2);
    const auto wanted = mode.is_absent() ? std::optional(off) : mode.number();
    const bool is_good = wanted && *wanted <= off_and_forget && command.parameters.size() <= 3 &&
                         (access.is_absent() || access.number() == nb_s1) &&
                         (cycle.is_absent() || (cycle.is_quoted && edrx_cycle_of(cycle.text)));
    if (!is_good) return AtReply::failed(CmeError::incorrect_parameters);
    has_edrx_ = *wanted == on || *wanted == on_and_tell;
    tells_edrx_ = *wanted == on_and_tell;
    if (*wanted == off_and_forget) {
        edrx_cycle_ = default_edrx_cycle;
    } else if (!cycle.is_absent()) {
        edrx_cycle_ = cycle.text;
    }
    radio.modem.save_power(this->wanted(), radio.turn.now);
    return AtReply::ok();
}

// The parameters of +CEDRXP and +CEDRXRDP.
std::string AtPowerSaving::granted_edrx(const Modem& modem) const {
    if (!modem.is_attached() || !modem.terms() || modem.terms()->power_saving.mode != "edrx") {
        return "0";
    }
    const modem_link::PowerSaving& granted = modem.terms()->power_saving;
    return std::to_string(nb_s1) + ',' + in_quotes(edrx_cycle_) + ',' +
           in_quotes(edrx_cycle_bits(granted.edrx_cycle.value_or(Duration{}))) + ',' +
           in_quotes(paging_window_bits(granted.paging_window.value_or(Duration{})));
}

std::vector<std::string> AtPowerSaving::news(const Modem& modem) {
    std::string now = granted_edrx(modem);
    if (now == told_edrx_) return {};
    told_edrx_ = std::move(now);
    if (!tells_edrx_) return {};
    return {"+CEDRXP: " + told_edrx_};
}

std::optional<AtReply> AtPowerSaving::on_command(const AtCommand& command, AtRadio& radio) {
    if (command.name == "+CPSMS") {
        if (command.form == Form::set) return set_psm(command, radio);
        if (command.form == Form::test) {
            return AtReply::ok(
                {R"(+CPSMS: (0-2),,,("00000000"-"11111111"),("00000000"-"11111111"))"});
        }
        if (command.form != Form::read) return AtReply::error();
        return AtReply::ok({"+CPSMS: " + std::string(has_psm_ ? "1" : "0") + ",,," +
                            in_quotes(periodic_tau_) + ',' + in_quotes(active_time_)});
    }
    if (command.name == "+CEDRXS") {
        if (command.form == Form::set) return set_edrx(command, radio);
        if (command.form == Form::test)
            return AtReply::ok({R"(+CEDRXS: (0-3),(5),("0000"-"1111"))"});
        if (command.form != Form::read) return AtReply::error();
        if (!has_edrx_) return AtReply::ok();
        return AtReply::ok({"+CEDRXS: " + std::to_string(nb_s1) + ',' + in_quotes(edrx_cycle_)});
    }
    if (command.name == "+CEDRXRDP") {
        if (command.form == Form::test) return AtReply::ok();
        if (command.form != Form::execute) return AtReply::error();
        return AtReply::ok({"+CEDRXRDP: " + granted_edrx(radio.modem)});
    }
    return std::nullopt;
}

}  // namespace scef::modem_simulator
