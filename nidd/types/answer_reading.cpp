#include "nidd/types/answer_reading.h"

#include <algorithm>
#include <cctype>

#include "nidd/types/member_reader.h"
#include "nidd/types/t8_json.h"
#include "nidd/types/text_picker.h"

namespace scef::nidd {
namespace {

constexpr std::size_t cause_octets = 64;

bool fits(const OperatorProfile::Rule& rule, int status, const AnswerProblem& problem) {
    return (rule.status == 0 || rule.status == status) &&
           (rule.cause.empty() || rule.cause == problem.cause) &&
           problem.detail.starts_with(rule.detail);
}

}  // namespace

LooseBody read_loosely(std::string_view body) {
    TextPicker picker({"self", "deliveryStatus", "status"},
                      {std::size_t{256} * 1024, 16, 1024, 64});
    if (!picker.read(body)) return {};
    const auto word = [&](std::size_t index) {
        const auto& text = picker.text(index);
        return text && is_word(*text) ? text : std::nullopt;
    };
    LooseBody loose;
    loose.self = picker.text(0).value_or("");
    auto status = word(1);
    if (!status) status = word(2);
    loose.status = std::move(status).value_or("");
    return loose;
}

AnswerProblem problem_of(const T8Answer& answer) {
    if (auto failure = parse_delivery_failure(answer.body)) {
        return {std::move(failure->problem_detail.cause),
                std::move(failure->problem_detail.detail)};
    }
    auto problem = parse_problem(answer.body);
    if (!problem) return {};
    return {std::move(problem->cause), std::move(problem->detail)};
}

std::string cause_of(int status, const std::string& told) {
    const bool token = !told.empty() && told.size() <= cause_octets &&
                       std::all_of(told.begin(), told.end(), [](char octet) {
                           return std::isalnum(static_cast<unsigned char>(octet)) != 0 ||
                                  octet == '_' || octet == '-';
                       });
    return token ? told : "HTTP " + std::to_string(status);
}

const OperatorProfile::Rule* rule_for(const OperatorProfile& profile, const T8Answer& answer,
                                      const AnswerProblem& problem) {
    if (answer.transport != T8Answer::Transport::answered || answer.status < 400) return nullptr;
    const auto found =
        std::find_if(profile.rules.begin(), profile.rules.end(),
                     [&](const auto& rule) { return fits(rule, answer.status, problem); });
    return found == profile.rules.end() ? nullptr : &*found;
}

std::string cause_of(int status, const AnswerProblem& problem, const OperatorProfile::Rule* rule) {
    const bool by_detail = problem.cause.empty() && rule != nullptr;
    return cause_of(status, by_detail ? rule->detail : problem.cause);
}

bool is_throttle(std::string_view cause) {
    return cause == "QUOTA_EXCEEDED" || cause == "RATE_EXCEEDED";
}

bool is_held_back(const T8Answer& answer) {
    return answer.transport == T8Answer::Transport::not_sent && answer.retry_after.has_value();
}

}  // namespace scef::nidd
