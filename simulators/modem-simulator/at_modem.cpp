#include "simulators/modem-simulator/at_modem.h"

#include <utility>

namespace scef::modem_simulator {
namespace {

using Form = AtCommand::Form;

constexpr Duration network_answers_within = std::chrono::seconds(60);
/// A line that nobody goes on with holds unsolicited result codes back no longer.
constexpr Duration line_abandoned_after = std::chrono::seconds(5);
constexpr std::size_t typed_max = 16 * 1024;

bool is_plain(const AtCommand& command, unsigned largest) {
    return command.parameter(0).number().value_or(largest + 1) <= largest;
}

}  // namespace

AtModem::AtModem(const ExternalId& id, std::string_view start_state)
    : identity_(id), power_saving_(start_state) {}

void AtModem::on_input(std::string_view octets, AtRadio& radio) {
    typed_at_ = radio.turn.now;
    for (const char c : octets) {
        if (typed_.size() < typed_max) typed_.push_back(c);
    }
    run(radio);
}

bool AtModem::on_data(const NonIpFrame& frame) {
    auto line = contexts_.report(frame);
    if (!line) return false;
    news_.push_back(std::move(*line));
    return true;
}

void AtModem::on_radio(AtRadio& radio) {
    contexts_.on_radio(radio.modem);
    for (auto& line : registration_.news(radio.modem)) news_.push_back(std::move(line));
    for (auto& line : power_saving_.news(radio.modem)) news_.push_back(std::move(line));
    run(radio);
}

void AtModem::on_time(AtRadio& radio) { on_radio(radio); }

Instant AtModem::due() const {
    if (waiting_) return waiting_->give_up;
    return news_.empty() ? never : typed_at_ + line_abandoned_after;
}

/// How the command that waits ends now, if it does.
std::optional<AtReply> AtModem::outcome(const Modem& modem, Instant now) const {
    const bool is_done = waiting_->until == AtReply::Until::attached ? modem.is_attached()
                         : waiting_->until == AtReply::Until::pdn_connected
                             ? modem.has_pdn_connection()
                             : !modem.has_pdn_connection();
    if (is_done) return AtReply::ok();
    if (!modem.attach_refusal().empty()) return AtReply::failed(CmeError::services_not_allowed);
    if (now >= waiting_->give_up) return AtReply::failed(CmeError::network_timeout);
    return std::nullopt;
}

void AtModem::run(AtRadio& radio) {
    while (true) {
        if (waiting_) {
            const auto reply = outcome(radio.modem, radio.turn.now);
            if (!reply) break;
            waiting_.reset();
            conclude(*reply, radio);
            continue;
        }
        if (line_) {
            step(radio);
            continue;
        }
        if (typed_.empty()) break;
        const char c = typed_.front();
        typed_.pop_front();
        auto body = editor_.feed(c, format_, text_);
        if (!body) continue;
        if (editor_.is_overrun()) {
            end_line("ERROR", '4');
        } else {
            line_.emplace(std::move(*body));
        }
    }
    tell_news(radio.turn.now);
}

void AtModem::step(AtRadio& radio) {
    if (line_->is_at_end()) return end_line("OK", '0');
    const auto command = line_->next();
    conclude(command ? perform(*command, radio) : AtReply::error(), radio);
}

void AtModem::conclude(const AtReply& reply, AtRadio& radio) {
    switch (reply.kind) {
        case AtReply::Kind::ok:
            return show(reply.lines);
        case AtReply::Kind::waits:
            waiting_ = Waiting{reply.until, radio.turn.now + network_answers_within};
            return;
        case AtReply::Kind::error:
        case AtReply::Kind::cme_error:
            return fail_line(reply);
    }
}

void AtModem::show(const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    const std::string line_end{format_.end, format_.feed};
    if (format_.is_verbose) text_ += line_end;
    for (const std::string& line : lines) text_ += line + line_end;
}

void AtModem::end_line(std::string_view verbose, char number) {
    line_.reset();
    if (format_.is_quiet) return;
    if (format_.is_verbose) return show({std::string(verbose)});
    text_ += number;
    text_ += format_.end;
}

void AtModem::fail_line(const AtReply& reply) {
    if (reply.kind == AtReply::Kind::error || error_detail_ == 0) return end_line("ERROR", '4');
    line_.reset();
    if (format_.is_quiet) return;
    // TS 27.007 9.2: the command V has no say in this result code.
    text_ += std::string{format_.end, format_.feed} + "+CME ERROR: ";
    text_ += error_detail_ == 1 ? std::to_string(static_cast<unsigned>(reply.cme))
                                : std::string(text_of(reply.cme));
    text_ += {format_.end, format_.feed};
}

void AtModem::tell_news(Instant now) {
    if (is_busy()) return;
    if (editor_.is_in_line() && now < typed_at_ + line_abandoned_after) return;
    for (const std::string& line : std::exchange(news_, {})) show({line});
}

void AtModem::reset() {
    format_ = {};
    error_detail_ = 0;
    registration_.reset();
    contexts_.reset();
}

AtReply AtModem::special_character(const AtCommand& command, char& value) {
    constexpr std::uint32_t largest = 127;
    if (command.form == Form::read) {
        std::string digits = std::to_string(static_cast<unsigned>(value));
        return AtReply::ok({digits.insert(0, 3 - digits.size(), '0')});
    }
    const auto number = command.parameter(0).number();
    if (!number || *number > largest) return AtReply::error();
    value = static_cast<char>(*number);
    return AtReply::ok();
}

std::optional<AtReply> AtModem::perform_basic(const AtCommand& command) {
    const std::string& name = command.name;
    const auto flag = [&](bool& value) {
        if (!is_plain(command, 1)) return AtReply::error();
        value = command.parameter(0).number() == 1U;
        return AtReply::ok();
    };
    if (name == "E") return flag(format_.has_echo);
    if (name == "Q") return flag(format_.is_quiet);
    if (name == "V") return flag(format_.is_verbose);
    if (name == "Z" || name == "&F") {
        if (!is_plain(command, 0)) return AtReply::error();
        reset();
        return AtReply::ok();
    }
    if (name == "S3") return special_character(command, format_.end);
    if (name == "S4") return special_character(command, format_.feed);
    if (name == "S5") return special_character(command, format_.erase);
    // Circuits, flow control and call progress, which a pseudo-terminal does not have.
    if (name == "&C" || name == "&D" || name == "&K" || name == "X") {
        return is_plain(command, 9) ? AtReply::ok() : AtReply::error();
    }
    return std::nullopt;
}

AtReply AtModem::perform(const AtCommand& command, AtRadio& radio) {
    if (auto reply = perform_basic(command)) return std::move(*reply);
    if (command.name == "+CMEE") return number_setting(command, error_detail_, 2);
    if (auto reply = identity_.on_command(command, radio)) return std::move(*reply);
    if (auto reply = registration_.on_command(command, radio)) return std::move(*reply);
    if (auto reply = power_saving_.on_command(command, radio)) return std::move(*reply);
    if (auto reply = contexts_.on_command(command, radio)) return std::move(*reply);
    return AtReply::error();
}

}  // namespace scef::modem_simulator
