#pragma once

#include <string>
#include <string_view>

#include "nidd/types/operator_profile.h"
#include "nidd/types/t8_exchange.h"

/// What the functions that classify answers have in common. Pure.
namespace scef::nidd {

/// What an answer's body tells, as far as it can be read: a SCEF's slips in members that do not
/// matter must not turn a delivered message into a doubtful one.
struct LooseBody {
    std::string self;
    std::string status;
};
LooseBody read_loosely(std::string_view body);

/// `cause` and `detail` of the problem in an error's body, be it the body itself or its
/// `problemDetail`; empty where there is none.
struct AnswerProblem {
    std::string cause;
    std::string detail;
};
AnswerProblem problem_of(const T8Answer& answer);

/// A cause fit for logs and timelines: the SCEF's token if it is one, else the HTTP status.
std::string cause_of(int status, const std::string& told);

/// The first rule of the profile that fits an error, or null. What is no error has no rule.
const OperatorProfile::Rule* rule_for(const OperatorProfile& profile, const T8Answer& answer,
                                      const AnswerProblem& problem);

/// The same with the operator's own code from the detail, if a rule knows the problem by it.
std::string cause_of(int status, const AnswerProblem& problem, const OperatorProfile::Rule* rule);

/// 403 causes that mean "later": QUOTA_EXCEEDED, RATE_EXCEEDED.
bool is_throttle(std::string_view cause);

/// Whether the client itself held the call back to spare the SCEF (`ScefGate`).
bool is_held_back(const T8Answer& answer);

}  // namespace scef::nidd
