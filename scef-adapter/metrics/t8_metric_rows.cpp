#include "scef-adapter/metrics/metric_labels.h"
#include "scef-adapter/metrics/metric_table.h"

/// Rows of the metric table about SCEFs and quotas.
namespace scef::adapter {

using Type = MetricInfo::Type;

namespace {

MetricLabel operation() {
    return {"operation", labels::names<nidd::T8Request::Operation>(nidd::t8_operation_count)};
}

MetricLabel outcome() {
    return {"outcome", labels::names<nidd::CallOutcome>(nidd::call_outcome_count)};
}

MetricLabel code() {
    std::vector<std::string> codes;
    for (const nidd::CallResult& result : nidd::call_results) {
        if (codes.empty() || codes.back() != result.code) codes.emplace_back(result.code);
    }
    return {"code", std::move(codes)};
}

MetricLabel notification_kind() {
    return {"kind", labels::names_by(notification_kinds, notification_name)};
}

std::vector<MetricLabel> limit_labels() {
    return {{"scope", {}, "`account`, `scef:NAME`, `group:NAME` of the configuration"},
            {"direction", {"downlink", "uplink"}},
            {"unit", {"messages", "octets"}},
            {"limit", {}, "the limit's text"}};
}

std::vector<MetricInfo> call_metrics() {
    return {
        {"t8_up",
         Type::gauge,
         "1 if so",
         {labels::scef()},
         "Whether the SCEF answers: 0 if a worker's last call, within 10 minutes, got no answer or "
         "one of a gateway.",
         "0 for minutes"},
        {"t8_requests_total",
         Type::counter,
         "calls",
         {labels::scef(), operation(), outcome(), code()},
         "Calls to SCEFs by operation, outcome and HTTP status.",
         "`throttled`, `ambiguous` and `server_error`"},
        {"t8_request_duration_seconds",
         Type::histogram,
         "seconds",
         {labels::scef(), operation()},
         "From the call to the SCEF's answer.",
         ""},
        {"t8_breakers_open",
         Type::gauge,
         "workers",
         {labels::scef()},
         "Workers whose circuit breaker to the SCEF is open or half open.",
         ""},
        {"t8_breaker_opened_total",
         Type::counter,
         "times",
         {labels::scef()},
         "Times that a circuit breaker opened.",
         ""},
        {"t8_requests_shed_total",
         Type::counter,
         "calls",
         {labels::scef()},
         "Calls held back because the SCEF answers 429 or 503; they go later.",
         ""},
        {"t8_requests_blocked_total",
         Type::counter,
         "calls",
         {labels::scef()},
         "Calls held back because the circuit breaker was open; they go later.",
         ""},
        {"t8_creations_waiting",
         Type::gauge,
         "configurations",
         {labels::scef()},
         "NIDD configurations that wait for their turn to be created.",
         ""},
        {"t8_token_expiry_seconds",
         Type::gauge,
         "seconds",
         {labels::scef()},
         "Time until the access token ends that ends first of those the workers hold, 0 if it is "
         "over; only with `auth.oauth2`, and once a token came.",
         ""},
        {"t8_token_requests_total",
         Type::counter,
         "requests",
         {labels::scef(), {"result", {"granted", "failed"}}},
         "Requests for an access token; only with `auth.oauth2`.",
         "`failed`: the token server is down, or the secret is wrong"}};
}

std::vector<MetricInfo> delivery_metrics() {
    return {{"t8_deliveries_posted_total",
             Type::counter,
             "calls",
             {},
             "Downlink deliveries POSTed to a SCEF, repetitions included.",
             ""},
            {"t8_deliveries_repeated_total",
             Type::counter,
             "calls",
             {},
             "Deliveries POSTed again with the same octets.",
             "each is a risk that the device sees them twice"},
            {"t8_deliveries_in_doubt_total",
             Type::counter,
             "calls",
             {},
             "POSTs whose outcome was not known and had to be found out.",
             "time-outs of the SCEF"}};
}

std::vector<MetricInfo> notification_metrics() {
    return {{"t8_notifications_total",
             Type::counter,
             "notifications",
             {labels::scef(), notification_kind(), {"result", {"accepted", "refused"}}},
             "Notifications of SCEFs under a known capability, by whether they were accepted.",
             "`refused`: a SCEF that knows configurations or transfers which this store does not"},
            {"t8_notifications_unknown_total",
             Type::counter,
             "notifications",
             {{"reason", {"capability", "configuration", "transfer"}}},
             "Notifications that named what is not there, by what that is.",
             "a SCEF with old state, or somebody who guesses (`NOTIFICATIONS_UNKNOWN`)"},
            {"t8_notifications_throttled_total",
             Type::counter,
             "notifications",
             {},
             "Of those with a wrong capability, the ones answered 429.",
             ""},
            {"t8_notifications_unauthorized_total",
             Type::counter,
             "notifications",
             {},
             "Notifications without a right token; only with `notifications.tokens_file`.",
             ""},
            {"nidd_configurations",
             Type::gauge,
             "configurations",
             {labels::scef(), {"status", labels::names<NiddLink::Status>(5)}},
             "NIDD configurations by status.",
             "anything but ACTIVE that stays"},
            {"nidd_configuration_expiry_seconds",
             Type::gauge,
             "seconds",
             {labels::scef()},
             "Time until the first NIDD configuration ends, 0 if it is over; of idle devices up to "
             "an hour early. Absent while none has an end.",
             "less than an hour while `nidd_configuration_failures_total` rises"},
            {"nidd_configurations_created_total",
             Type::counter,
             "configurations",
             {},
             "NIDD configurations created at SCEFs.",
             ""},
            {"nidd_configuration_failures_total",
             Type::counter,
             "calls",
             {},
             "NIDD configurations that a SCEF did not create or renew.",
             ""},
            {"nidd_configurations_adopted_total",
             Type::counter,
             "configurations",
             {},
             "NIDD configurations found at a SCEF whose creation was never answered.",
             ""},
            {"nidd_configurations_orphaned_total",
             Type::counter,
             "configurations",
             {},
             "NIDD configurations of ours deleted because no device stands behind them.",
             ""}};
}

}  // namespace

MetricGroup t8_metrics() {
    MetricGroup group{"SCEFs", call_metrics()};
    for (const auto& more : {delivery_metrics(), notification_metrics()}) {
        group.metrics.insert(group.metrics.end(), more.begin(), more.end());
    }
    return group;
}

MetricGroup quota_metrics() {
    return {"Quotas",
            {{"quota_limit", Type::gauge, "messages or octets", limit_labels(),
              "Limits of the shared scopes that the configuration names; of a rate the burst.", ""},
             {"quota_used", Type::gauge, "messages or octets", limit_labels(),
              "Of these limits, what is used, and what shards hold to be used soon.", ""},
             {"quota_remaining", Type::gauge, "messages or octets", limit_labels(),
              "Of these limits, what may pass now.", ""},
             {"quota_forecast_seconds", Type::gauge, "seconds", limit_labels(),
              "Time until an allowance is used up if it goes on like this; +Inf: not before it "
              "begins anew.",
              "anything but +Inf"},
             {"quota_throttled_seconds_total",
              Type::counter,
              "seconds",
              {labels::scef(), {"scope", {"device", "group", "scef", "account"}}},
              "Time that messages waited for a quota, all of them added up, by whose quota it was.",
              "quotas that do not fit the traffic"},
             {"quota_waits_total",
              Type::counter,
              "times",
              {},
              "Times that a message had to wait for a quota.",
              ""},
             {"uplink_over_quota_total",
              Type::counter,
              "frames",
              {},
              "Uplink frames beyond the uplink quota; counted, never delayed.",
              ""}}};
}

}  // namespace scef::adapter
