#include "scef-adapter/admin/api_call.h"

#include <algorithm>
#include <charconv>

#include "nidd/endpoint/http_policy.h"
#include "nidd/types/strict_json.h"
#include "nidd/types/t8_json.h"

namespace scef::adapter {
namespace {

constexpr std::size_t audit_change_octets_max = 1024;

bool may_be_tried_again(Errc code) {
    return code == Errc::queue_full || code == Errc::quota_exceeded || code == Errc::overloaded ||
           code == Errc::unavailable;
}

}  // namespace

std::string cause_of(Errc code) {
    std::string cause(name_of(code));
    for (char& c : cause) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return cause;
}

AuditNote ApiCall::audit_note(const Json& change) const {
    AuditNote note = caller;
    note.change = nidd::dump(change);
    return note;
}

AuditNote ApiCall::audit_note() const {
    AuditNote note = caller;
    if (!body.is_object()) return note;
    Json change = body;
    for (const char* member : {"payload", "secret", "items"}) change.erase(member);
    if (change.empty()) return note;
    note.change = nidd::dump(change);
    if (note.change.size() <= audit_change_octets_max) return note;
    std::size_t end = audit_change_octets_max;  // not within a character of UTF-8
    while (end > 0 && (static_cast<unsigned char>(note.change[end]) & 0xc0U) == 0x80) --end;
    note.change.resize(end);
    return note;
}

void ApiCall::answer(int status, const Json& document, HeaderFields fields) const {
    reply({status, "application/json", nidd::dump(document), std::move(fields)});
}

void ApiCall::answer_nothing() const { reply({204, "", "", {}}); }

void ApiCall::answer_error(const Error& error, Duration retry_after) const {
    reply(problem_response(error, retry_after));
}

std::string retry_after_text(Duration wait) {
    return std::to_string(
        std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(wait).count(), 1));
}

nidd::HttpResponse problem_response(int status, std::string_view detail, std::string_view cause) {
    return {status,
            "application/problem+json",
            nidd::problem_json(status, nidd::reason_phrase(status), detail, cause),
            {}};
}

nidd::HttpResponse problem_response(const Error& error, Duration retry_after) {
    auto response =
        problem_response(http_status_of(error.code), error.message, cause_of(error.code));
    if (retry_after > Duration::zero() && may_be_tried_again(error.code)) {
        response.headers.emplace_back("Retry-After", retry_after_text(retry_after));
    }
    return response;
}

Result<std::size_t> limit_of(const ApiCall& call, std::size_t by_default, std::size_t max) {
    const auto found = call.query.find("limit");
    if (found == call.query.end()) return by_default;
    const std::string& text = found->second;
    std::size_t limit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (error != std::errc() || end != text.data() + text.size() || limit < 1 || limit > max) {
        return fail(Errc::invalid_argument, "limit: a number from 1 to " + std::to_string(max));
    }
    return limit;
}

}  // namespace scef::adapter
