#include "scef-adapter/admin/usage_resource.h"

#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/admin/usage_export.h"

namespace scef::adapter {
namespace {

constexpr std::size_t rows_max = 10'000;

Result<bool> wants_summary(const ApiCall& call) {
    const auto found = call.query.find("summary");
    if (found == call.query.end() || found->second == "false") return false;
    if (found->second == "true") return true;
    return fail(Errc::invalid_argument, "summary: true or false");
}

}  // namespace

std::vector<Route> UsageResource::routes() {
    return {
        {"GET",
         "/api/v1/quotas/{+scope}/usage",
         Role::read,
         false,
         {"from", "to", "summary", "limit", "cursor"},
         [this](const ApiCallPtr& call) { show(call); }},
    };
}

void UsageResource::show(const ApiCallPtr& call) const {
    if (!config_->usage.ledger) {
        return call->answer_error(
            {Errc::not_found, "no usage is recorded: usage.ledger is false in the configuration"});
    }
    auto scope = quota_scope_named(call->path.find("scope")->second, *config_.get());
    if (!scope) return call->answer_error(scope.error());
    const WallTime now = wall_();
    const auto period = usage_period(call->query, now);
    if (!period) return call->answer_error(period.error());
    const auto summary = wants_summary(*call);
    if (!summary) return call->answer_error(summary.error());
    const auto limit = limit_of(*call, rows_max, rows_max);
    if (!limit) return call->answer_error(limit.error());
    export_usage(shards_, cold_, config_.get(), call,
                 {std::move(*scope), *period, now - config_->store.retention, *summary, *limit});
}

}  // namespace scef::adapter
