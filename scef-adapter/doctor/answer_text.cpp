#include <algorithm>

#include "nidd/types/answer_reading.h"
#include "scef-adapter/doctor/judgement.h"

/// Answers as text for people.
namespace scef::adapter::doctor {
namespace {

constexpr std::size_t foreign_octets = 120;

/// Text of the SCEF: one line of ASCII, not too long.
std::string tamed(std::string_view text) {
    std::string tame(text.substr(0, foreign_octets));
    std::replace_if(
        tame.begin(), tame.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text.size() > foreign_octets ? tame + "..." : tame;
}

}  // namespace

std::string told(const nidd::T8Answer& answer) {
    if (answer.transport == nidd::T8Answer::Transport::not_sent) return answer.error;
    if (answer.transport == nidd::T8Answer::Transport::ambiguous) {
        return "no answer: " + answer.error;
    }
    std::string text = std::to_string(answer.status);
    if (answer.status < 400) return text;
    const nidd::AnswerProblem problem = nidd::problem_of(answer);
    if (!problem.cause.empty()) text += ' ' + tamed(problem.cause);
    if (!problem.detail.empty()) text += " (" + tamed(problem.detail) + ')';
    return text;
}

bool has_status(const nidd::T8Answer& answer, std::initializer_list<int> statuses) {
    return answer.transport == nidd::T8Answer::Transport::answered &&
           std::find(statuses.begin(), statuses.end(), answer.status) != statuses.end();
}

bool is_absent(const nidd::T8Answer& answer) { return has_status(answer, {404, 405, 501}); }

}  // namespace scef::adapter::doctor
