#include "scef-adapter/ctl/quota_settings.h"

#include <ostream>

#include "nidd/types/strict_json.h"
#include "scef-adapter/ctl/quota_view.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

std::string path_of(const QuotaOptions& options) {
    return "/api/v1/quotas/" + path_segment(options.scope);
}

/// What `PUT` takes; the error is a sentence.
Result<json> body_of(const QuotaOptions& options) {
    const int given = (options.quota.empty() ? 0 : 1) + (options.limits.empty() ? 0 : 1) +
                      (options.is_default ? 1 : 0);
    if (given != 1) {
        return fail(Errc::invalid_argument, "give one of --quota, --limits and --default");
    }
    if (options.is_default) return json{{"quota", nullptr}};
    if (!options.quota.empty()) return json{{"quota", options.quota}};
    auto limits = nidd::parse_strict_json(options.limits);
    if (!limits || !limits->is_object()) {
        return fail(Errc::invalid_argument,
                    "--limits: a JSON object such as {\"downlink\": {\"messages\": \"10/hour\"}}");
    }
    return json{{"quota", std::move(*limits)}};
}

}  // namespace

int quota_show(const Session& session, const QuotaOptions& options) {
    return session.run([&](ApiClient& client) { return client.get(path_of(options)); },
                       [&](const json& quota) { session.out << quota_text(quota); });
}

int quota_set(const Session& session, const QuotaOptions& options) {
    const auto body = body_of(options);
    if (!body) return session.complain(body.error().message);
    return session.run([&](ApiClient& client) { return client.put(path_of(options), *body); },
                       [&](const json& quota) { session.out << quota_text(quota); });
}

}  // namespace scef::ctl
