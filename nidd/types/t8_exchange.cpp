#include "nidd/types/t8_exchange.h"

#include "nidd/types/answer_reading.h"
#include "nidd/types/t8_json.h"

namespace scef::nidd {
namespace {

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

DeliveryOutcome::Kind kind_of(OperatorProfile::Meaning meaning) {
    using Kind = DeliveryOutcome::Kind;
    using Meaning = OperatorProfile::Meaning;
    switch (meaning) {
        case Meaning::throttled:
            return Kind::throttled;
        case Meaning::too_large:
            return Kind::too_large;
        case Meaning::refused:
            return Kind::refused;
        case Meaning::not_authorized:
            return Kind::not_authorized;
        case Meaning::configuration_lost:
            return Kind::configuration_lost;
        case Meaning::retry_later:
            return Kind::retry_later;
        case Meaning::in_doubt:
        case Meaning::exists:
            break;
    }
    return Kind::in_doubt;
}

/// What an error means: the profile's rule, else for a 500 whether it tells of a delivery's
/// failure, else the status and the cause.
DeliveryOutcome classify_error(const T8Answer& answer, const OperatorProfile& profile) {
    using Kind = DeliveryOutcome::Kind;
    DeliveryOutcome outcome;
    const AnswerProblem problem = problem_of(answer);
    const OperatorProfile::Rule* rule = rule_for(profile, answer, problem);
    const bool ruled = rule != nullptr && rule->means != OperatorProfile::Meaning::exists;
    const auto failure = parse_delivery_failure(answer.body);
    if (ruled) {
        outcome.kind = kind_of(rule->means);
    } else if (answer.status == 500) {
        outcome.kind = failure ? Kind::retry_later : Kind::in_doubt;
    } else {
        outcome.kind = kind_of_status(answer.status, problem.cause);
    }
    outcome.cause = cause_of(answer.status, problem, ruled ? rule : nullptr);
    if (outcome.kind == Kind::throttled) {
        outcome.retry_after = answer.retry_after;
        outcome.quota_is_used_up = answer.status != 503;
    }
    if (outcome.kind == Kind::retry_later && failure) {
        outcome.retry_at = failure->requested_retransmission_time;
    }
    return outcome;
}

}  // namespace

DeliveryOutcome classify_delivery(const T8Answer& answer, std::string_view configuration_id,
                                  const OperatorProfile& profile) {
    using Kind = DeliveryOutcome::Kind;
    DeliveryOutcome outcome;
    if (is_held_back(answer)) {
        outcome.kind = Kind::throttled;
        outcome.held_back = true;
        outcome.retry_after = answer.retry_after;
        outcome.cause = "HELD_BACK";
        return outcome;
    }
    if (answer.transport == T8Answer::Transport::not_sent) {
        outcome.kind = Kind::not_sent;
        outcome.cause = "NOT_SENT";
        return outcome;
    }
    if (answer.transport == T8Answer::Transport::expired) {
        outcome.kind = Kind::expired;
        outcome.cause = "TTL_OVER";
        return outcome;
    }
    if (answer.transport == T8Answer::Transport::ambiguous) {
        outcome.kind = Kind::in_doubt;
        outcome.cause = "NO_ANSWER";
        return outcome;
    }
    if (answer.status == 200 || answer.status == 201) {
        return classify_success(answer, configuration_id);
    }
    return classify_error(answer, profile);
}

ReplacementOutcome classify_replacement(const T8Answer& answer, const OperatorProfile& profile) {
    using Kind = ReplacementOutcome::Kind;
    ReplacementOutcome outcome;
    if (answer.transport == T8Answer::Transport::expired) {
        outcome.kind = Kind::expired;
        outcome.cause = "TTL_OVER";
        return outcome;
    }
    if (answer.transport != T8Answer::Transport::answered) {
        const bool unsent = answer.transport == T8Answer::Transport::not_sent;
        outcome.kind = unsent ? Kind::not_sent : Kind::unknown;
        outcome.cause = is_held_back(answer) ? "HELD_BACK" : unsent ? "NOT_SENT" : "NO_ANSWER";
        outcome.retry_after = answer.retry_after;
        return outcome;
    }
    if (answer.status == 200 || answer.status == 204) {
        outcome.status.text = read_loosely(answer.body).status;
        const bool contradicts = outcome.status.is_failure();
        outcome.kind = outcome.status.is_success() ? Kind::delivered
                       : contradicts               ? Kind::unknown
                                                   : Kind::replaced;
        outcome.cause = cause_of(answer.status, contradicts ? outcome.status.text : "");
        return outcome;
    }
    const DeliveryOutcome error = classify_error(answer, profile);
    outcome.cause = error.cause;
    outcome.retry_after = error.retry_after;
    if (answer.status == 409) {
        outcome.kind = Kind::too_late;
    } else if (error.kind == DeliveryOutcome::Kind::configuration_lost) {
        outcome.kind = Kind::gone;
    } else if (error.kind == DeliveryOutcome::Kind::throttled) {
        outcome.kind = Kind::not_sent;
    } else {
        outcome.kind =
            error.kind == DeliveryOutcome::Kind::in_doubt ? Kind::unknown : Kind::refused;
    }
    return outcome;
}

}  // namespace scef::nidd
