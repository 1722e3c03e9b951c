#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "nidd/endpoint/http_listener.h"
#include "scef-adapter/admin/request_target.h"
#include "scef-adapter/audit/audit_record.h"

namespace scef::adapter {

using Json = nlohmann::json;
using HeaderFields = std::vector<std::pair<std::string, std::string>>;

/// One request that found its route, and the way to answer it. Shared by the steps that lead to its
/// answer, which run one after another on different threads.
struct ApiCall {
    std::map<std::string, std::string, std::less<>> path;  ///< variables of the route's pattern
    QueryParameters query;
    std::map<std::string, std::string, std::less<>> headers;
    Json body;         ///< an object, if the route takes one
    AuditNote caller;  ///< who asks, by which method and path; without a change
    nidd::HttpReply reply;

    /// What the audit log keeps of it if it changes something.
    AuditNote audit_note() const;
    /// The same of one of the many changes that it asks for.
    AuditNote audit_note(const Json& change) const;

    /// Exactly one of these, exactly once.
    void answer(int status, const Json& document, HeaderFields headers = {}) const;
    void answer_nothing() const;  ///< 204
    void answer_error(const Error& error, Duration retry_after = {}) const;
};

using ApiCallPtr = std::shared_ptr<ApiCall>;

/// RFC 9457: status, title and cause come from the error's kind.
nidd::HttpResponse problem_response(const Error& error, Duration retry_after = {});
/// For what has no `Errc`: 405, or 429 for credentials.
nidd::HttpResponse problem_response(int status, std::string_view detail, std::string_view cause);

/// The word for programs in `cause`: `QUOTA_EXCEEDED`.
std::string cause_of(Errc code);

/// Whole seconds, rounded up, at least 1.
std::string retry_after_text(Duration wait);

/// `limit` of a list: from 1 on.
Result<std::size_t> limit_of(const ApiCall& call, std::size_t by_default = 100,
                             std::size_t max = 1000);

}  // namespace scef::adapter
