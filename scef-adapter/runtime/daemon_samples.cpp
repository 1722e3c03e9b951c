#include "scef-adapter/runtime/daemon.h"

/// What `/metrics` tells of the daemon itself; names and help are in the metric table.
namespace scef::adapter {

decltype(MetricsPage::Sources::listeners) Daemon::listener_counters() const {
    return {{"notifications", [this] { return notification_listener_->counters(); }},
            {"admin", [this] {
                 const nidd::HttpListener* admin = counted_admin_listener_;
                 return admin == nullptr ? nidd::HttpListener::Counters() : admin->counters();
             }}};
}

/// What the sockets dropped and refused; each shard is asked on its own thread.
std::vector<Sample> Daemon::socket_samples() {
    std::uint64_t dropped = 0, refused = 0;
    for (const auto& shard : shards_) {
        dropped += shard->datagrams_dropped();
        refused += shard->datagrams_refused();
    }
    return {{"server_datagrams_dropped_total", {}, static_cast<double>(dropped)},
            {"server_datagrams_refused_total", {}, static_cast<double>(refused)}};
}

/// Notifications answered 404, 429 or 401, by what they named that is not there.
std::vector<Sample> Daemon::refusal_samples() const {
    const RefusalWatch::Counts counts = refusals_.counts();
    std::vector<Sample> samples;
    for (const auto kind :
         {nidd::Unknown::capability, nidd::Unknown::configuration, nidd::Unknown::transfer}) {
        samples.push_back({"t8_notifications_unknown_total",
                           {{"reason", std::string(nidd::name_of(kind))}},
                           static_cast<double>(counts.of(kind))});
    }
    samples.push_back(
        {"t8_notifications_throttled_total", {}, static_cast<double>(counts.throttled)});
    samples.push_back({"t8_notifications_unauthorized_total",
                       {},
                       static_cast<double>(notification_guard_->refused())});
    return samples;
}

/// What was told, and to whom it could not be.
std::vector<Sample> Daemon::event_samples() const {
    const Webhooks::Counts counts = webhooks_->counts();
    constexpr auto deliveries = "webhook_deliveries_total";
    return {{"events_total", {}, static_cast<double>(feed_->told())},
            {deliveries, {{"result", "delivered"}}, static_cast<double>(counts.delivered)},
            {deliveries, {{"result", "failed"}}, static_cast<double>(counts.failed)},
            {"webhook_lag_seconds", {}, counts.lag_seconds}};
}

std::vector<Sample> Daemon::reload_samples() const {
    return {{"config_reload_success", {}, reload_succeeded_ ? 1.0 : 0.0},
            {"config_last_reload_timestamp_seconds", {}, reloaded_at_}};
}

std::vector<ScefCalls> Daemon::scef_calls() const {
    std::vector<ScefCalls> all;
    for (std::size_t i = 0; i < config_->scefs.size(); ++i) {
        ScefCalls& calls = all.emplace_back();
        calls.scef = config_->scefs[i].name;
        for (const auto& worker : workers_) {
            calls.gates.push_back(worker->gate_counters(i));
            if (const auto tokens = worker->token_counts(i)) calls.tokens.push_back(*tokens);
        }
    }
    return all;
}

}  // namespace scef::adapter
