#include "tests/simulation/t8_answers.h"

#include <array>

namespace scef::simulation {
namespace {

using Takes = T8AnswerKind::Takes;
using Link = T8AnswerKind::Link;
constexpr auto answered = nidd::T8Answer::Transport::answered;
constexpr auto not_sent = nidd::T8Answer::Transport::not_sent;
constexpr auto ambiguous = nidd::T8Answer::Transport::ambiguous;

constexpr const char* failure_body = R"({"problemDetail":{"cause":"TEMPORARILY_NOT_REACHABLE"}})";

constexpr std::array answers{
    T8AnswerKind{"200 with an empty body", answered, 200, "", Takes::yes, Link::none,
                 Told::delivered},
    T8AnswerKind{"200 without a status", answered, 200, "{}", Takes::yes, Link::none,
                 Told::delivered},
    T8AnswerKind{"200 with a pending status", answered, 200, R"({"deliveryStatus":"BUFFERING"})",
                 Takes::yes, Link::right, Told::buffered},
    T8AnswerKind{"200 TRIGGERED", answered, 200, R"({"deliveryStatus":"TRIGGERED"})", Takes::yes,
                 Link::right, Told::buffered},
    T8AnswerKind{"200 FAILURE", answered, 200, R"({"deliveryStatus":"FAILURE"})", Takes::perhaps,
                 Link::right, Told::doubtful},
    T8AnswerKind{"201 SUCCESS", answered, 201, R"({"deliveryStatus":"SUCCESS"})", Takes::yes,
                 Link::right, Told::delivered},
    T8AnswerKind{"201 SUCCESS_ACKNOWLEDGED", answered, 201,
                 R"({"deliveryStatus":"SUCCESS_ACKNOWLEDGED"})", Takes::yes, Link::right,
                 Told::delivered},
    T8AnswerKind{"201 FAILURE_NEXT_HOP", answered, 201, R"({"deliveryStatus":"FAILURE_NEXT_HOP"})",
                 Takes::perhaps, Link::right, Told::doubtful},
    T8AnswerKind{"201 without a link", answered, 201, R"({"deliveryStatus":"BUFFERING"})",
                 Takes::yes, Link::none, Told::doubtful, false, 8},
    T8AnswerKind{"201 with another configuration's link", answered, 201, "{}", Takes::yes,
                 Link::other_configuration, Told::doubtful},
    T8AnswerKind{"201 with an unknown status", answered, 201, R"({"deliveryStatus":"PONDERING"})",
                 Takes::yes, Link::right, Told::buffered},
    T8AnswerKind{"302", answered, 302, "", Takes::no, Link::none, Told::doubtful, false, 1},
    T8AnswerKind{"400", answered, 400, "{}", Takes::no, Link::none, Told::refused, false, 2},
    T8AnswerKind{"401", answered, 401, "", Takes::no, Link::none, Told::not_taken, false, 1},
    T8AnswerKind{"403 QUOTA_EXCEEDED", answered, 403, R"({"cause":"QUOTA_EXCEEDED"})", Takes::no,
                 Link::none, Told::not_taken},
    T8AnswerKind{"403 RATE_EXCEEDED", answered, 403, R"({"cause":"RATE_EXCEEDED"})", Takes::no,
                 Link::none, Told::not_taken},
    T8AnswerKind{"403 DATA_TOO_LARGE", answered, 403, R"({"cause":"DATA_TOO_LARGE"})", Takes::no,
                 Link::none, Told::refused, false, 1},
    T8AnswerKind{"403 RDS_PORT_UNKNOWN", answered, 403, R"({"cause":"RDS_PORT_UNKNOWN"})",
                 Takes::no, Link::none, Told::refused, false, 2},
    T8AnswerKind{"403 OPERATION_PROHIBITED", answered, 403, R"({"cause":"OPERATION_PROHIBITED"})",
                 Takes::no, Link::none, Told::not_taken, false, 1},
    T8AnswerKind{"404", answered, 404, "", Takes::no, Link::none, Told::not_taken, false, 2},
    T8AnswerKind{"408", answered, 408, "", Takes::perhaps, Link::none, Told::doubtful},
    T8AnswerKind{"410", answered, 410, "", Takes::no, Link::none, Told::not_taken, false, 1},
    T8AnswerKind{"411", answered, 411, "", Takes::no, Link::none, Told::refused, false, 1},
    T8AnswerKind{"413", answered, 413, "", Takes::no, Link::none, Told::refused, false, 1},
    T8AnswerKind{"415", answered, 415, "", Takes::no, Link::none, Told::refused, false, 1},
    T8AnswerKind{"418", answered, 418, "", Takes::no, Link::none, Told::refused, false, 1},
    T8AnswerKind{"425", answered, 425, "", Takes::perhaps, Link::none, Told::doubtful},
    T8AnswerKind{"429", answered, 429, "", Takes::no, Link::none, Told::not_taken},
    T8AnswerKind{"500 without a reason", answered, 500, "", Takes::perhaps, Link::none,
                 Told::doubtful, false, 8},
    T8AnswerKind{"500 delivery failure", answered, 500, failure_body, Takes::no, Link::none,
                 Told::not_taken, false, 8},
    T8AnswerKind{"500 with requestedRetransmissionTime", answered, 500, failure_body, Takes::no,
                 Link::none, Told::not_taken, true, 8},
    T8AnswerKind{"502", answered, 502, "<html>", Takes::perhaps, Link::none, Told::doubtful},
    T8AnswerKind{"503", answered, 503, "", Takes::no, Link::none, Told::not_taken},
    T8AnswerKind{"504", answered, 504, "", Takes::perhaps, Link::none, Told::doubtful},
    T8AnswerKind{"connection refused", not_sent, 0, "", Takes::no, Link::none, Told::not_taken},
    T8AnswerKind{"connection broken", ambiguous, 0, "", Takes::perhaps, Link::none, Told::doubtful,
                 false, 12},
};

constexpr std::array put_answers{
    T8AnswerKind{"200 with an empty body", answered, 200, "", Takes::yes, Link::none,
                 Told::buffered},
    T8AnswerKind{"200 with a pending status", answered, 200, R"({"deliveryStatus":"BUFFERING"})",
                 Takes::yes, Link::none, Told::buffered},
    T8AnswerKind{"200 SUCCESS", answered, 200, R"({"deliveryStatus":"SUCCESS"})", Takes::yes,
                 Link::none, Told::delivered},
    T8AnswerKind{"200 FAILURE", answered, 200, R"({"deliveryStatus":"FAILURE"})", Takes::perhaps,
                 Link::none, Told::doubtful},
    T8AnswerKind{"302", answered, 302, "", Takes::no, Link::none, Told::doubtful, false, 1},
    T8AnswerKind{"400", answered, 400, "{}", Takes::no, Link::none, Told::not_taken, false, 2},
    T8AnswerKind{"401", answered, 401, "", Takes::no, Link::none, Told::not_taken, false, 1},
    T8AnswerKind{"403 QUOTA_EXCEEDED", answered, 403, R"({"cause":"QUOTA_EXCEEDED"})", Takes::no,
                 Link::none, Told::not_taken},
    T8AnswerKind{"403 OPERATION_PROHIBITED", answered, 403, R"({"cause":"OPERATION_PROHIBITED"})",
                 Takes::no, Link::none, Told::not_taken, false, 2},
    T8AnswerKind{"404", answered, 404, R"({"cause":"ALREADY_DELIVERED"})", Takes::no, Link::none,
                 Told::not_taken, false, 8},
    T8AnswerKind{"405", answered, 405, "", Takes::no, Link::none, Told::not_taken, false, 2},
    T8AnswerKind{"408", answered, 408, "", Takes::perhaps, Link::none, Told::doubtful},
    T8AnswerKind{"409", answered, 409, R"({"cause":"SENDING"})", Takes::no, Link::none,
                 Told::not_taken, false, 12},
    T8AnswerKind{"410", answered, 410, "", Takes::no, Link::none, Told::not_taken, false, 1},
    T8AnswerKind{"415", answered, 415, "", Takes::no, Link::none, Told::not_taken, false, 1},
    T8AnswerKind{"429", answered, 429, "", Takes::no, Link::none, Told::not_taken},
    T8AnswerKind{"500 without a reason", answered, 500, "", Takes::perhaps, Link::none,
                 Told::doubtful, false, 8},
    T8AnswerKind{"500 delivery failure", answered, 500, failure_body, Takes::no, Link::none,
                 Told::not_taken},
    T8AnswerKind{"501", answered, 501, "", Takes::no, Link::none, Told::doubtful},
    T8AnswerKind{"502", answered, 502, "<html>", Takes::perhaps, Link::none, Told::doubtful},
    T8AnswerKind{"503", answered, 503, "", Takes::no, Link::none, Told::not_taken},
    T8AnswerKind{"504", answered, 504, "", Takes::perhaps, Link::none, Told::doubtful},
    T8AnswerKind{"connection refused", not_sent, 0, "", Takes::no, Link::none, Told::not_taken},
    T8AnswerKind{"connection broken", ambiguous, 0, "", Takes::perhaps, Link::none, Told::doubtful,
                 false, 12},
};

constexpr std::array success{"SUCCESS", "SUCCESS_NEXT_HOP_ACKNOWLEDGED",
                             "SUCCESS_NEXT_HOP_UNACKNOWLEDGED", "SUCCESS_ACKNOWLEDGED",
                             "SUCCESS_UNACKNOWLEDGED"};
constexpr std::array failure{"FAILURE", "FAILURE_RDS_DISABLED", "FAILURE_NEXT_HOP",
                             "FAILURE_TIMEOUT", "FAILURE_TEMPORARILY_NOT_REACHABLE"};
constexpr std::array pending{"TRIGGERED", "BUFFERING", "BUFFERING_TEMPORARILY_NOT_REACHABLE",
                             "SENDING", "PONDERING"};

}  // namespace

std::span<const T8AnswerKind> unusual_t8_answers() { return answers; }
std::span<const T8AnswerKind> unusual_put_answers() { return put_answers; }
std::span<const char* const> success_statuses() { return success; }
std::span<const char* const> failure_statuses() { return failure; }
std::span<const char* const> pending_statuses() { return pending; }

}  // namespace scef::simulation
