#include "scef-adapter/admin/enqueue_refusal.h"

#include <charconv>

#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/strict_json.h"
#include "scef-adapter/admin/rate_limit_fields.h"
#include "scef-adapter/engine/quota_scope.h"

namespace scef::adapter {

nidd::HttpResponse enqueue_refusal(const CommandReply& reply, const Turn& turn,
                                   const ExternalId& device, HeaderFields limits) {
    nidd::HttpResponse response = problem_response(reply.result.error(), reply.retry_after);
    const std::string& scope = reply.quota_scope;
    if (scope.empty()) return response;
    Json document = Json::parse(response.body);
    document["scope"] = scope;
    document["resetsAt"] = to_rfc3339(turn.wall + reply.retry_after);
    response.body = nidd::dump(document);
    const bool is_of_device = scope == device_scope(device);
    HeaderFields fields =
        is_of_device ? std::move(limits) : rate_limit_fields(scope, reply.retry_after);
    for (auto& field : fields) response.headers.push_back(std::move(field));
    return response;
}

Json problem_member(const nidd::HttpResponse& refusal) {
    Json problem = Json::parse(refusal.body);
    for (const auto& [name, value] : refusal.headers) {
        if (name != "Retry-After") continue;
        unsigned seconds = 0;
        std::from_chars(value.data(), value.data() + value.size(), seconds);
        problem["retryAfter"] = seconds;
    }
    return problem;
}

Json problem_member(const Error& error) { return problem_member(problem_response(error)); }

}  // namespace scef::adapter
