#include "simulators/modem-simulator/at_contexts.h"

#include <algorithm>
#include <array>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::modem_simulator {
namespace {

using Form = AtCommand::Form;

constexpr unsigned cid_max = 3;
constexpr std::size_t apn_octets_max = 100;  // TS 23.003 9.1
constexpr unsigned rds_port_max = 15;
constexpr std::uint32_t octets_max_unless_told = 1358;

std::uint32_t octets_max(const Modem& modem) {
    const std::uint32_t told = modem.terms() ? modem.terms()->frame_octets_max : 0;
    return told == 0 ? octets_max_unless_told : told;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return small(x) == small(y); });
}

bool is_hexadecimal(std::string_view text) {
    return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// Two hexadecimal digits an octet, or else the octets themselves; the length tells which. Digits
// with the length of a text are refused: more likely their number was given for that of octets.
std::optional<Bytes> user_data(const AtParameter& parameter, std::size_t length) {
    const std::string& text = parameter.text;
    if (is_hexadecimal(text)) {
        return text.size() == 2 * length ? std::optional(from_hex(text)) : std::nullopt;
    }
    if (parameter.is_quoted && text.size() == length) return to_bytes(text);
    return std::nullopt;
}

// A number up to `largest`; absent stands for 0.
std::optional<unsigned> number_up_to(unsigned largest, const AtParameter& parameter) {
    const auto number = parameter.is_absent() ? std::optional(0U) : parameter.number();
    return number && *number <= largest ? number : std::nullopt;
}

// `<Uplink_time_unit>,<Maximum_uplink_rate>` of a rate such as `100/hour`.
std::string rate_parameters(std::string_view rate) {
    static constexpr std::array<std::string_view, 4> units{"minute", "hour", "day", "week"};
    const std::size_t slash = rate.find('/');
    const auto* unit =
        std::find(units.begin(), units.end(),
                  rate.substr(std::min(slash == std::string_view::npos ? rate.size() : slash + 1,
                                       rate.size())));
    if (slash == std::string_view::npos || unit == units.end()) return "0";
    return std::to_string(unit - units.begin() + 1) + ',' + std::string(rate.substr(0, slash));
}

}  // namespace

void AtContexts::on_radio(const Modem& modem) {
    if (!modem.has_pdn_connection()) {
        active_.reset();
        return;
    }
    if (active_) return;
    if (apns_.empty()) apns_[0];  // TS 27.007 10.1.0: the default bearer of attach
    active_ = wanted_ && apns_.contains(*wanted_) ? *wanted_ : apns_.begin()->first;
    wanted_.reset();
}

std::optional<std::string> AtContexts::report(const NonIpFrame& frame) const {
    if (reporting_ == 0 || !active_) return std::nullopt;
    std::string line = "+CRTDCP: " + std::to_string(*active_) + ',' +
                       std::to_string(frame.data.size()) + ',' + in_quotes(to_hex(frame.data));
    if (reporting_ == 2 && frame.rds) {
        line += ',' + std::to_string(frame.rds->scef) + ',' + std::to_string(frame.rds->ue);
    }
    return line;
}

AtReply AtContexts::definition(const AtCommand& command) {
    if (command.form == Form::test) return AtReply::ok({R"(+CGDCONT: (0-3),"Non-IP",,,(0),(0))"});
    if (command.form == Form::read) {
        std::vector<std::string> lines;
        for (const auto& [cid, apn] : apns_) {
            lines.push_back("+CGDCONT: " + std::to_string(cid) + R"(,"Non-IP",)" + in_quotes(apn) +
                            R"(,"",0,0)");
        }
        return AtReply::ok(std::move(lines));
    }
    if (command.form != Form::set) return AtReply::error();
    const auto cid = number_up_to(cid_max, command.parameter(0));
    if (!cid || command.parameter(0).is_absent()) {
        return AtReply::failed(CmeError::incorrect_parameters);
    }
    if (command.parameters.size() == 1) {
        if (active_ == cid) return AtReply::failed(CmeError::operation_not_allowed);
        apns_.erase(*cid);
        return AtReply::ok();
    }
    const AtParameter& type = command.parameter(1);
    const AtParameter& apn = command.parameter(2);
    const AtParameter& address = command.parameter(3);
    if (!equals_ignoring_case(type.text, "Non-IP")) {
        const bool is_other = type.is_quoted && type.text.starts_with("IP");
        return AtReply::failed(is_other ? CmeError::operation_not_supported
                                        : CmeError::incorrect_parameters);
    }
    if (apn.text.size() > apn_octets_max || !address.text.empty() ||
        !number_up_to(0, command.parameter(4)) || !number_up_to(0, command.parameter(5))) {
        return AtReply::failed(CmeError::incorrect_parameters);
    }
    apns_[*cid] = apn.text;
    return AtReply::ok();
}

std::optional<std::vector<unsigned>> AtContexts::named(const AtCommand& command,
                                                       std::size_t first) const {
    std::vector<unsigned> cids;
    for (std::size_t i = first; i < command.parameters.size(); ++i) {
        const auto cid = command.parameter(i).number();
        if (!cid || !apns_.contains(*cid)) return std::nullopt;
        cids.push_back(*cid);
    }
    if (command.form == Form::execute || command.parameters.size() <= first) {
        for (const auto& [cid, apn] : apns_) cids.push_back(cid);
    }
    return cids;
}

AtReply AtContexts::activation(const AtCommand& command, AtRadio& radio) {
    if (command.form == Form::test) return AtReply::ok({"+CGACT: (0,1)"});
    if (command.form == Form::read) {
        std::vector<std::string> lines;
        for (const auto& [cid, apn] : apns_) {
            lines.push_back("+CGACT: " + std::to_string(cid) + (active_ == cid ? ",1" : ",0"));
        }
        return AtReply::ok(std::move(lines));
    }
    if (command.form != Form::set) return AtReply::error();
    const auto state = command.parameter(0).number();
    const auto cids = named(command, 1);
    if (!state || *state > 1 || !cids) return AtReply::failed(CmeError::incorrect_parameters);
    const bool names_active = active_ && std::count(cids->begin(), cids->end(), *active_) > 0;
    if (*state == 0) {
        if (!names_active) return AtReply::ok();
        radio.modem.release_pdn_connection(radio.turn);
        return AtReply::wait(AtReply::Until::pdn_released);
    }
    if (names_active && cids->size() == 1) return AtReply::ok();
    if (active_ || cids->empty()) return AtReply::failed(CmeError::operation_not_allowed);
    wanted_ = cids->front();
    if (radio.modem.is_attached()) {
        radio.modem.ask_for_pdn_connection(radio.turn);
    } else {
        radio.modem.switch_on(radio.turn);
    }
    return AtReply::wait(AtReply::Until::pdn_connected);
}

AtReply AtContexts::addresses(const AtCommand& command) const {
    if (command.form == Form::test) {
        std::string list;
        for (const auto& [cid, apn] : apns_)
            list += (list.empty() ? "" : ",") + std::to_string(cid);
        return AtReply::ok({"+CGPADDR: (" + list + ')'});
    }
    if (command.form == Form::read) return AtReply::error();
    const auto cids = named(command, 0);
    if (!cids) return AtReply::failed(CmeError::incorrect_parameters);
    std::vector<std::string> lines;
    for (const unsigned cid : *cids) lines.push_back("+CGPADDR: " + std::to_string(cid));
    return AtReply::ok(std::move(lines));
}

AtReply AtContexts::apn_rate(const AtCommand& command, const AtRadio& radio) const {
    const std::string active = active_ ? std::to_string(*active_) : "";
    if (command.form == Form::test) return AtReply::ok({"+CGAPNRC: (" + active + ')'});
    if (command.form == Form::read) return AtReply::error();
    const auto cids = named(command, 0);
    if (!cids || command.parameters.size() > 1) {
        return AtReply::failed(CmeError::incorrect_parameters);
    }
    const bool is_named = active_ && std::count(cids->begin(), cids->end(), *active_) > 0;
    if (!is_named) return AtReply::ok();
    const auto& terms = radio.modem.terms();
    if (!terms) return AtReply::ok({"+CGAPNRC: " + active});
    return AtReply::ok({"+CGAPNRC: " + active + (terms->has_exception_reports ? ",1," : ",0,") +
                        rate_parameters(terms->apn_rate)});
}

AtReply AtContexts::originating_data(const AtCommand& command, AtRadio& radio) const {
    if (command.form == Form::set) return send(command, radio);
    if (command.form != Form::test) return AtReply::error();
    return AtReply::ok({"+CSODCP: (0-3),(" + std::to_string(octets_max(radio.modem)) +
                        "),(0,1,2),(0,1),(0-15),(0-15),(0)"});
}

AtReply AtContexts::send(const AtCommand& command, AtRadio& radio) const {
    const auto cid = command.parameter(0).number();
    const auto length = command.parameter(1).number();
    const AtParameter& text = command.parameter(2);
    const auto release = number_up_to(2, command.parameter(3));
    const auto exception = number_up_to(1, command.parameter(4));
    const AtParameter& source = command.parameter(5);
    const AtParameter& destination = command.parameter(6);
    const auto from = number_up_to(rds_port_max, source);
    const auto to = number_up_to(rds_port_max, destination);
    if (!cid || !apns_.contains(*cid) || !length || command.parameters.size() < 3 || !release ||
        !exception || !from || !to || source.is_absent() != destination.is_absent() ||
        !number_up_to(0, command.parameter(7)) || command.parameters.size() > 8) {
        return AtReply::failed(CmeError::incorrect_parameters);
    }
    if (*length > octets_max(radio.modem)) return AtReply::failed(CmeError::text_string_too_long);
    auto data = user_data(text, *length);
    if (!data) return AtReply::failed(CmeError::invalid_characters);
    if (radio.modem.state() == "detached") return AtReply::failed(CmeError::switched_off);
    if (!radio.modem.is_attached()) return AtReply::failed(CmeError::no_network_service);
    if (active_ != cid) return AtReply::failed(CmeError::operation_not_allowed);
    if (data->empty()) return AtReply::ok();  // nothing to transmit
    NonIpFrame frame(std::move(*data));
    if (!source.is_absent()) {
        frame.rds =
            modem_link::RdsPort{static_cast<std::uint16_t>(*from), static_cast<std::uint16_t>(*to)};
    }
    frame.exception = *exception == 1;
    frame.release = static_cast<modem_link::ReleaseAssistance>(*release);
    radio.uplinks.push_back(std::move(frame));
    return AtReply::ok();
}

AtReply AtContexts::terminating_data(const AtCommand& command, const AtRadio& radio) {
    if (command.form != Form::test) return number_setting(command, reporting_, 2);
    return AtReply::ok(
        {"+CRTDCP: (0,1,2),(0-3),(" + std::to_string(octets_max(radio.modem)) + "),(0-15),(0-15)"});
}

std::optional<AtReply> AtContexts::on_command(const AtCommand& command, AtRadio& radio) {
    if (command.name == "+CGDCONT") return definition(command);
    if (command.name == "+CGACT") return activation(command, radio);
    if (command.name == "+CGPADDR") return addresses(command);
    if (command.name == "+CGAPNRC") return apn_rate(command, radio);
    if (command.name == "+CSODCP") return originating_data(command, radio);
    if (command.name == "+CRTDCP") return terminating_data(command, radio);
    return std::nullopt;
}

}  // namespace scef::modem_simulator
