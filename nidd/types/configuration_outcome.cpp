#include "nidd/types/answer_reading.h"
#include "nidd/types/t8_json.h"

/// What the answers to the creation of resources mean: configurations, triggers, subscriptions.
namespace scef::nidd {
namespace {

/// The causes that SCEFs give for a second configuration of one device are not standardised; they
/// say that it exists or is a duplicate.
bool says_exists(std::string_view cause) {
    return cause.find("EXIST") != std::string_view::npos ||
           cause.find("DUPLICATE") != std::string_view::npos;
}

bool is_throttled(int status, std::string_view cause) {
    return status == 429 || status == 503 || (status == 403 && is_throttle(cause));
}

/// 4xx but those that tell of a connection, not of the request.
bool is_refusal(int status) {
    return status >= 400 && status < 500 && status != 408 && status != 425;
}

ConfigurationOutcome::Kind kind_of(OperatorProfile::Meaning meaning) {
    using Kind = ConfigurationOutcome::Kind;
    using Meaning = OperatorProfile::Meaning;
    switch (meaning) {
        case Meaning::throttled:
            return Kind::throttled;
        case Meaning::too_large:
        case Meaning::refused:
        case Meaning::configuration_lost:
            return Kind::refused;
        case Meaning::not_authorized:
            return Kind::not_authorized;
        case Meaning::retry_later:
            return Kind::retry;
        case Meaning::in_doubt:
            return Kind::unknown;
        case Meaning::exists:
            break;
    }
    return Kind::exists;
}

ConfigurationOutcome::Kind kind_of_error(int status, std::string_view cause) {
    using Kind = ConfigurationOutcome::Kind;
    if (is_throttled(status, cause)) return Kind::throttled;
    if (status == 409 || (status == 403 && says_exists(cause))) return Kind::exists;
    if (status == 401 || status == 403) return Kind::not_authorized;
    if (status == 502 || status == 504) return Kind::unknown;
    return is_refusal(status) ? Kind::refused : Kind::retry;
}

ConfigurationOutcome classify_success(const T8Answer& answer) {
    ConfigurationOutcome outcome;
    auto id = configuration_id_of(answer.location);
    if (!id) id = configuration_id_of(read_loosely(answer.body).self);
    if (!id) {
        outcome.kind = ConfigurationOutcome::Kind::unknown;
        outcome.cause = "NO_USABLE_LINK";
        return outcome;
    }
    outcome.kind = ConfigurationOutcome::Kind::created;
    outcome.configuration_id = *id;
    outcome.cause = cause_of(answer.status, "");
    if (auto parsed = parse_configuration(answer.body)) outcome.configuration = std::move(*parsed);
    return outcome;
}

/// Held back by our own gate, never sent, or sent and not answered, which is `lost`.
template <typename Outcome>
bool is_unanswered(const T8Answer& answer, Outcome& outcome, typename Outcome::Kind lost) {
    if (is_held_back(answer)) {
        outcome.kind = Outcome::Kind::throttled;
        outcome.retry_after = answer.retry_after;
        outcome.cause = "HELD_BACK";
        return true;
    }
    if (answer.transport == T8Answer::Transport::answered) return false;
    const bool unsent = answer.transport == T8Answer::Transport::not_sent;
    outcome.kind = unsent ? Outcome::Kind::retry : lost;
    outcome.cause = unsent ? "NOT_SENT" : "NO_ANSWER";
    return true;
}

/// The id in a link of a collection that either of the two APIs has.
std::string resource_id_of(std::string_view link) {
    auto id = transaction_id_of(link);
    if (!id) id = subscription_id_of(link);
    return id.value_or("");
}

}  // namespace

ConfigurationOutcome classify_configuration(const T8Answer& answer,
                                            const OperatorProfile& profile) {
    using Kind = ConfigurationOutcome::Kind;
    ConfigurationOutcome outcome;
    if (is_unanswered(answer, outcome, Kind::unknown)) return outcome;
    if (answer.status / 100 == 2) return classify_success(answer);
    const AnswerProblem problem = problem_of(answer);
    const OperatorProfile::Rule* rule = rule_for(profile, answer, problem);
    outcome.kind =
        rule != nullptr ? kind_of(rule->means) : kind_of_error(answer.status, problem.cause);
    outcome.cause = cause_of(answer.status, problem, rule);
    if (outcome.kind == Kind::throttled) outcome.retry_after = answer.retry_after;
    return outcome;
}

ResourceOutcome classify_resource(const T8Answer& answer) {
    using Kind = ResourceOutcome::Kind;
    ResourceOutcome outcome;
    if (is_unanswered(answer, outcome, Kind::retry)) return outcome;
    if (answer.status == 200 || answer.status == 201) {
        outcome.kind = Kind::created;
        outcome.resource_id = resource_id_of(answer.location);
        if (outcome.resource_id.empty()) {
            outcome.resource_id = resource_id_of(read_loosely(answer.body).self);
        }
        outcome.cause = cause_of(answer.status, "");
        outcome.body = answer.body;
        return outcome;
    }
    const std::string cause = problem_of(answer).cause;
    outcome.cause = cause_of(answer.status, cause);
    if (is_throttled(answer.status, cause)) {
        outcome.kind = Kind::throttled;
        outcome.retry_after = answer.retry_after;
    } else if (is_refusal(answer.status)) {
        outcome.kind = Kind::refused;
    }
    return outcome;
}

}  // namespace scef::nidd
