#include "scef-adapter/metrics/engine_metrics.h"

#include <algorithm>
#include <chrono>

#include "scef-adapter/metrics/metric_labels.h"

namespace scef::adapter {

using queueing::DeliveryLevel;
using queueing::MessageKind;
using queueing::MessageState;
using queueing::Reason;

namespace {

struct CounterRow {
    std::string_view name;
    std::uint64_t EngineCounters::*value;
};

constexpr CounterRow counter_rows[] = {
    {"server_datagrams_total", &EngineCounters::server_datagrams},
    {"server_datagrams_unknown_endpoint_total", &EngineCounters::server_datagrams_unknown_endpoint},
    {"server_requests_refused_total", &EngineCounters::server_requests_refused},
    {"custody_acks_total", &EngineCounters::custody_acks},
    {"server_copies_total", &EngineCounters::server_copies},
    {"t8_deliveries_posted_total", &EngineCounters::deliveries_posted},
    {"t8_deliveries_repeated_total", &EngineCounters::deliveries_repeated},
    {"t8_deliveries_in_doubt_total", &EngineCounters::deliveries_in_doubt},
    {"uplinks_total", &EngineCounters::uplinks},
    {"uplink_unmatched_total", &EngineCounters::uplink_unmatched},
    {"uplink_over_quota_total", &EngineCounters::uplink_over_quota},
    {"uplinks_unanswered_total", &EngineCounters::uplinks_unanswered},
    {"uplinks_unknown_rds_ports_total", &EngineCounters::uplink_unknown_ports},
    {"stale_answers_total", &EngineCounters::stale_answers},
    {"late_results_total", &EngineCounters::late_results},
    {"late_answers_served_total", &EngineCounters::late_answers_served},
    {"questions_attached_total", &EngineCounters::questions_attached},
    {"endpoint_name_mismatches_total", &EngineCounters::endpoint_name_mismatches},
    {"quota_waits_total", &EngineCounters::quota_waits},
    {"events_ignored_total", &EngineCounters::events_ignored},
    {"nidd_configurations_created_total", &EngineCounters::configurations_created},
    {"nidd_configuration_failures_total", &EngineCounters::configurations_failed},
    {"nidd_configurations_adopted_total", &EngineCounters::configurations_adopted},
    {"nidd_configurations_orphaned_total", &EngineCounters::configurations_orphaned},
    {"wake_ups_total", &EngineCounters::triggers_sent},
    {"wake_ups_delivered_total", &EngineCounters::triggers_delivered},
    {"wake_ups_failed_total", &EngineCounters::triggers_failed},
    {"reachability_subscriptions_total", &EngineCounters::subscriptions_made},
    {"reachability_reports_total", &EngineCounters::reachability_reports},
    {"corrupt_records_total", &EngineCounters::corrupt_records},
};

/// Two counters that are one metric with two values of a label.
struct LabelledRow {
    std::string_view name, label, value;
    std::uint64_t EngineCounters::*count;
};

constexpr LabelledRow labelled_rows[] = {
    {"duplicates_suppressed_total", "kind", "server_retransmission",
     &EngineCounters::server_retransmissions_absorbed},
    {"duplicates_suppressed_total", "kind", "device_retransmission",
     &EngineCounters::uplink_duplicates},
    {"duplicates_suppressed_total", "kind", "idempotency_key", &EngineCounters::idempotent_repeats},
    {"oversize_total", "action", "4.13", &EngineCounters::oversize_answered},
    {"oversize_total", "action", "rejected", &EngineCounters::oversize_rejected},
    {"coap_malformed_total", "origin", "server", &EngineCounters::server_datagrams_malformed},
    {"coap_malformed_total", "origin", "device", &EngineCounters::uplink_malformed},
};

std::string text(std::string_view view) { return std::string(view); }

/// Ends that are shown from the start, with 0: a counter that begins with its first count hides it
/// from `rate`.
constexpr MessageEnd usual_ends[] = {
    {MessageKind::request, MessageState::delivered, DeliveryLevel::coap, Reason::answered},
    {MessageKind::request, MessageState::expired, DeliveryLevel::none, Reason::ttl},
    {MessageKind::request, MessageState::expired, DeliveryLevel::scef, Reason::ttl},
    {MessageKind::request, MessageState::failed, DeliveryLevel::none, Reason::refused_by_scef},
    {MessageKind::request, MessageState::failed, DeliveryLevel::none, Reason::too_large},
    {MessageKind::request, MessageState::dead, DeliveryLevel::none, Reason::attempts},
    {MessageKind::request, MessageState::rejected, DeliveryLevel::none, Reason::quota},
    {MessageKind::request, MessageState::unconfirmed, DeliveryLevel::scef, Reason::unknown_outcome},
    {MessageKind::reply, MessageState::delivered, DeliveryLevel::scef, Reason::none},
    {MessageKind::opaque, MessageState::delivered, DeliveryLevel::scef, Reason::none},
};

void write_ends(MetricWriter& out, const std::string& scef, const ScefCounters& counters) {
    auto ends = counters.ended;
    for (const MessageEnd& end : usual_ends) ends.try_emplace(end, 0);
    for (const auto& [end, count] : ends) {
        out.value("messages_terminal_total", count,
                  {{"scef", scef},
                   {"kind", text(labels::kind_name(static_cast<std::size_t>(end.kind)))},
                   {"state", text(queueing::name_of(end.state))},
                   {"level", text(queueing::name_of(end.level))},
                   {"reason", labels::reason_name(end.reason)}});
    }
}

void write_messages(MetricWriter& out, const std::string& scef, const ScefCounters& counters) {
    for (std::size_t kind = 0; kind < message_kinds; ++kind) {
        for (std::size_t priority = 0; priority < priorities; ++priority) {
            out.value("messages_enqueued_total", counters.enqueued[kind][priority],
                      {{"scef", scef},
                       {"kind", text(labels::kind_name(kind))},
                       {"priority", text(labels::priority_name(priority))}});
        }
    }
    write_ends(out, scef, counters);
    const MetricLabels labels{{"scef", scef}};
    const auto write = [&](std::string_view name, const auto& histogram, const auto& bounds,
                           const MetricLabels& with) {
        out.histogram(name, histogram.counts, bounds, histogram.sum, with);
    };
    write("message_queue_seconds", counters.queue_seconds, life_seconds_bounds, labels);
    for (std::size_t level = 1; level < delivery_levels; ++level) {
        write("message_delivery_seconds", counters.delivery_seconds[level], life_seconds_bounds,
              {{"scef", scef}, {"level", text(name_of(static_cast<DeliveryLevel>(level)))}});
    }
    write("attempts", counters.attempts, attempt_bounds, labels);
    write("ttl_slack_seconds", counters.ttl_slack, life_seconds_bounds, labels);
}

void write_scef(MetricWriter& out, const std::string& scef, const ScefCounters& counters) {
    write_messages(out, scef, counters);
    for (std::size_t kind = 0; kind < notification_kinds; ++kind) {
        const std::string name = text(notification_name(kind));
        out.value("t8_notifications_total", counters.notifications_accepted[kind],
                  {{"scef", scef}, {"kind", name}, {"result", "accepted"}});
        out.value("t8_notifications_total", counters.notifications_refused[kind],
                  {{"scef", scef}, {"kind", name}, {"result", "refused"}});
    }
    out.value("awake_window_hits_total", counters.windows_hit,
              {{"scef", scef}, {"result", "in_window"}});
    out.value("awake_window_hits_total", counters.windows_missed,
              {{"scef", scef}, {"result", "missed"}});
    out.value("uplink_bytes_total", counters.uplink_bytes, {{"scef", scef}});
    out.value("downlink_bytes_total", counters.downlink_bytes, {{"scef", scef}});
    for (std::size_t i = 0; i < quota_holders; ++i) {
        out.value("quota_throttled_seconds_total", counters.quota_wait_seconds[i],
                  {{"scef", scef}, {"scope", text(name_of(static_cast<QuotaScope::Kind>(i)))}});
    }
}

void write_frames(MetricWriter& out, const std::string& direction,
                  const CoapCounters::Frames& frames) {
    for (std::size_t type = 0; type < CoapCounters::types; ++type) {
        for (std::size_t code = 0; code < CoapCounters::code_classes; ++code) {
            if (frames[type][code] == 0) continue;
            out.value("coap_frames_total", frames[type][code],
                      {{"direction", direction},
                       {"type", text(type_name(type))},
                       {"code_class", text(code_class_name(code))}});
        }
    }
}

void write_scef(MetricWriter& out, const std::string& scef, const ScefGauges& gauges,
                WallTime wall) {
    for (const Reason reason : labels::waiting_reasons()) {
        const auto found = gauges.queued_by_reason.find(reason);
        const std::uint64_t count = found == gauges.queued_by_reason.end() ? 0 : found->second;
        out.value("queue_messages", count,
                  {{"scef", scef}, {"reason", labels::reason_name(reason)}});
    }
    for (const MessageState state : {MessageState::queued, MessageState::sending,
                                     MessageState::accepted, MessageState::unconfirmed}) {
        out.value("messages_open", gauges.messages_by_state[static_cast<std::size_t>(state)],
                  {{"scef", scef}, {"state", text(queueing::name_of(state))}});
    }
    const MetricLabels labels{{"scef", scef}};
    out.value("queue_oldest_age_seconds", gauges.oldest_queued_seconds, labels);
    out.value("queue_near_expiry_messages", gauges.near_expiry, labels);
    out.value("t8_reports_overdue", gauges.overdue_reports, labels);
    for (std::size_t i = 0; i < gauges.devices.configurations.size(); ++i) {
        out.value("nidd_configurations", gauges.devices.configurations[i],
                  {{"scef", scef}, {"status", text(name_of(static_cast<NiddLink::Status>(i)))}});
    }
    if (const auto first = gauges.devices.first_expiry) {
        const double left = std::chrono::duration<double>(*first - wall).count();
        out.value("nidd_configuration_expiry_seconds", std::max(left, 0.0), labels);
    }
}

}  // namespace

void write_counters(MetricWriter& out, const EngineCounters& counters,
                    const std::vector<std::string>& scefs) {
    for (const CounterRow& row : counter_rows) out.value(row.name, counters.*row.value);
    for (const LabelledRow& row : labelled_rows) {
        out.value(row.name, counters.*row.count, {{text(row.label), text(row.value)}});
    }
    write_frames(out, "downlink", counters.coap.downlink);
    write_frames(out, "uplink", counters.coap.uplink);
    for (std::size_t i = 0; i < scefs.size(); ++i) write_scef(out, scefs[i], counters.scefs.at(i));
}

void write_gauges(MetricWriter& out, const EngineGauges& gauges,
                  const std::vector<std::string>& scefs, WallTime wall) {
    for (std::size_t i = 0; i < hearing_kinds; ++i) {
        out.value("devices", gauges.devices_by_hearing[i],
                  {{"reachability", text(name_of(static_cast<Hearing>(i)))}});
    }
    out.value("devices_registered", gauges.devices_registered);
    out.value("queue_bytes", gauges.bytes_open);
    out.value("uplinks_open", gauges.uplinks_open);
    for (std::size_t i = 0; i < scefs.size(); ++i) {
        write_scef(out, scefs[i], gauges.scefs.at(i), wall);
    }
}

}  // namespace scef::adapter
