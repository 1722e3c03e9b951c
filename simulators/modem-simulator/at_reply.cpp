#include "simulators/modem-simulator/at_reply.h"

namespace scef::modem_simulator {

std::string_view text_of(CmeError error) {
    switch (error) {
        case CmeError::operation_not_allowed:
            return "operation not allowed";
        case CmeError::operation_not_supported:
            return "operation not supported";
        case CmeError::text_string_too_long:
            return "text string too long";
        case CmeError::invalid_characters:
            return "invalid characters in text string";
        case CmeError::no_network_service:
            return "no network service";
        case CmeError::network_timeout:
            return "network timeout";
        case CmeError::incorrect_parameters:
            return "Incorrect parameters";
        case CmeError::switched_off:
            return "Not attached to network due to MT functionality restrictions";
        case CmeError::services_not_allowed:
            return "GPRS services not allowed";
    }
    return "unknown";
}

AtReply number_setting(const AtCommand& command, unsigned& value, unsigned largest,
                       const std::string& read_extra) {
    switch (command.form) {
        case AtCommand::Form::read:
            return AtReply::ok({command.name + ": " + std::to_string(value) + read_extra});
        case AtCommand::Form::test: {
            std::string numbers = "0";
            for (unsigned n = 1; n <= largest; ++n) numbers += ',' + std::to_string(n);
            return AtReply::ok({command.name + ": (" + numbers + ')'});
        }
        case AtCommand::Form::set: {
            const AtParameter& wanted = command.parameter(0);
            const auto number = wanted.is_absent() ? std::optional(0U) : wanted.number();
            if (!number || *number > largest || command.parameters.size() > 1) {
                return AtReply::failed(CmeError::incorrect_parameters);
            }
            value = *number;
            return AtReply::ok();
        }
        case AtCommand::Form::execute:
            break;
    }
    return AtReply::error();
}

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

}  // namespace scef::modem_simulator
