#include "nidd/types/t8_exchange.h"

#include <algorithm>
#include <cctype>

#include "nidd/types/member_reader.h"
#include "nidd/types/strict_json.h"
#include "nidd/types/t8_json.h"

namespace scef::nidd {
namespace {

constexpr std::size_t cause_octets = 64;

/// What an answer's body tells, as far as it can be read: a SCEF's slips in members that do not
/// matter must not turn a delivered message into a doubtful one.
struct LooseBody {
    std::string self;
    std::string status;
};

LooseBody read_loosely(std::string_view body) {
    LooseBody loose;
    const auto value = parse_strict_json(body, {std::size_t{256} * 1024, 16, 1024, 64});
    if (!value || !value->is_object()) return loose;
    MemberReader reader(*value);
    loose.self = reader.text("self").value_or("");
    auto status = reader.word("deliveryStatus");
    if (!status) status = reader.word("status");
    loose.status = status.value_or("");
    return loose;
}

/// A cause fit for logs and timelines: the SCEF's token if it is one, else the HTTP status.
std::string cause_of(int status, const std::string& told) {
    const bool token = !told.empty() && told.size() <= cause_octets &&
                       std::all_of(told.begin(), told.end(), [](char octet) {
                           return std::isalnum(static_cast<unsigned char>(octet)) != 0 ||
                                  octet == '_' || octet == '-';
                       });
    return token ? told : "HTTP " + std::to_string(status);
}

std::string problem_cause_of(const T8Answer& answer) {
    const auto problem = parse_problem(answer.body);
    return problem ? problem->cause : std::string{};
}

bool is_throttle(std::string_view cause) {
    return cause == "QUOTA_EXCEEDED" || cause == "RATE_EXCEEDED";
}

std::string transfer_id_of(const T8Answer& answer, const std::string& self,
                           std::string_view configuration_id) {
    for (const std::string& link : {answer.location, self}) {
        const auto parsed = transfer_link_of(link);
        if (parsed && parsed->configuration_id == configuration_id) return parsed->transfer_id;
    }
    return {};
}

/// 200 and 201 (TS 29.122 4.4.5.3.1). What claims to be pending needs a link to be followed; what
/// claims to have failed under a success status is in doubt.
DeliveryOutcome classify_success(const T8Answer& answer, std::string_view configuration_id) {
    using Kind = DeliveryOutcome::Kind;
    DeliveryOutcome outcome;
    outcome.cause = cause_of(answer.status, {});
    const LooseBody body = read_loosely(answer.body);
    outcome.status.text = body.status;
    if (outcome.status.is_success()) {
        outcome.kind = Kind::delivered;
        return outcome;
    }
    if (outcome.status.is_failure()) {
        outcome.kind = Kind::in_doubt;
        outcome.cause = cause_of(answer.status, body.status);
        return outcome;
    }
    outcome.transfer_id = transfer_id_of(answer, body.self, configuration_id);
    const bool named_pending = body.status.starts_with("BUFFERING") || body.status == "TRIGGERED" ||
                               body.status == "SENDING";
    if (answer.status == 200 && !named_pending) {
        outcome.kind = Kind::delivered;
        outcome.transfer_id.clear();
        if (body.status.empty()) outcome.status.text = "SUCCESS";
        return outcome;
    }
    outcome.kind = outcome.transfer_id.empty() ? Kind::in_doubt : Kind::buffered;
    if (outcome.kind == Kind::in_doubt) outcome.cause = "NO_USABLE_LINK";
    if (outcome.kind == Kind::buffered && body.status.empty()) outcome.status.text = "BUFFERING";
    return outcome;
}

DeliveryOutcome classify_server_error(const T8Answer& answer) {
    DeliveryOutcome outcome;
    outcome.kind = DeliveryOutcome::Kind::in_doubt;
    const auto failure = parse_delivery_failure(answer.body);
    if (!failure) {
        outcome.cause = cause_of(answer.status, problem_cause_of(answer));
        return outcome;
    }
    outcome.kind = DeliveryOutcome::Kind::retry_later;
    outcome.retry_at = failure->requested_retransmission_time;
    outcome.cause = cause_of(answer.status, failure->problem_detail.cause);
    return outcome;
}

DeliveryOutcome::Kind kind_of_forbidden(std::string_view cause) {
    using Kind = DeliveryOutcome::Kind;
    if (is_throttle(cause)) return Kind::throttled;
    if (cause == "DATA_TOO_LARGE") return Kind::too_large;
    if (cause == "RDS_PORT_UNKNOWN") return Kind::refused;
    return Kind::not_authorized;
}

DeliveryOutcome::Kind kind_of_status(int status, std::string_view cause) {
    using Kind = DeliveryOutcome::Kind;
    switch (status) {
        case 401:
            return Kind::not_authorized;
        case 403:
            return kind_of_forbidden(cause);
        case 404:
        case 410:
            return Kind::configuration_lost;
        case 413:
            return Kind::too_large;
        case 429:
        case 503:
            return Kind::throttled;
        case 408:
        case 425:
            return Kind::in_doubt;
        default:
            return status >= 400 && status < 500 ? Kind::refused : Kind::in_doubt;
    }
}

}  // namespace

std::string_view name_of(T8Request::Operation operation) {
    using Operation = T8Request::Operation;
    switch (operation) {
        case Operation::create_configuration:
            return "create_configuration";
        case Operation::patch_configuration:
            return "patch_configuration";
        case Operation::read_configuration:
            return "read_configuration";
        case Operation::delete_configuration:
            return "delete_configuration";
        case Operation::create_delivery:
            return "create_delivery";
        case Operation::list_deliveries:
            return "list_deliveries";
        case Operation::delete_delivery:
            return "delete_delivery";
    }
    return "unknown";
}

DeliveryOutcome classify_delivery(const T8Answer& answer, std::string_view configuration_id) {
    DeliveryOutcome outcome;
    if (answer.transport == T8Answer::Transport::not_sent) {
        outcome.kind = DeliveryOutcome::Kind::not_sent;
        outcome.cause = "NOT_SENT";
        return outcome;
    }
    if (answer.transport == T8Answer::Transport::ambiguous) {
        outcome.kind = DeliveryOutcome::Kind::in_doubt;
        outcome.cause = "NO_ANSWER";
        return outcome;
    }
    if (answer.status == 200 || answer.status == 201) {
        return classify_success(answer, configuration_id);
    }
    if (answer.status == 500) return classify_server_error(answer);
    const std::string cause = problem_cause_of(answer);
    outcome.kind = kind_of_status(answer.status, cause);
    outcome.cause = cause_of(answer.status, cause);
    if (outcome.kind == DeliveryOutcome::Kind::throttled) outcome.retry_after = answer.retry_after;
    return outcome;
}

ConfigurationOutcome classify_configuration(const T8Answer& answer) {
    using Kind = ConfigurationOutcome::Kind;
    ConfigurationOutcome outcome;
    if (answer.transport != T8Answer::Transport::answered) {
        const bool unsent = answer.transport == T8Answer::Transport::not_sent;
        outcome.cause = unsent ? "NOT_SENT" : "NO_ANSWER";
        return outcome;
    }
    outcome.cause = cause_of(answer.status, {});
    if (answer.status == 200 || answer.status == 201) {
        const std::string self = read_loosely(answer.body).self;
        auto id = configuration_id_of(answer.location);
        if (!id) id = configuration_id_of(self);
        if (!id) {
            outcome.cause = "NO_USABLE_LINK";
            return outcome;
        }
        outcome.kind = Kind::created;
        outcome.configuration_id = *id;
        if (auto parsed = parse_configuration(answer.body)) {
            outcome.configuration = std::move(*parsed);
        }
        return outcome;
    }
    const std::string cause = problem_cause_of(answer);
    outcome.cause = cause_of(answer.status, cause);
    const bool throttled = answer.status == 429 || answer.status == 503 ||
                           (answer.status == 403 && is_throttle(cause));
    if (throttled) {
        outcome.kind = Kind::throttled;
        outcome.retry_after = answer.retry_after;
    } else if (answer.status == 401 || answer.status == 403) {
        outcome.kind = Kind::not_authorized;
    } else if (answer.status >= 400 && answer.status < 500 && answer.status != 408 &&
               answer.status != 425) {
        outcome.kind = Kind::refused;
    }
    return outcome;
}

}  // namespace scef::nidd
