#include "scef-adapter/engine/wake.h"

#include <algorithm>
#include <utility>

#include "lwm2m-core/coap/codec.h"
#include "lwm2m-core/vocabulary/log_fields.h"
#include "nidd/types/t8_json.h"

namespace scef::adapter {

using queueing::Reason;

namespace {

constexpr Duration watch_again = std::chrono::minutes(1);  ///< after a report
constexpr Duration watch_refused = std::chrono::minutes(10);
constexpr Duration watch_longest = std::chrono::hours(24);

/// The CoAP request of LwM2M's triggers (Core TS 6.2.3, object 1): Execute on Registration Update
/// Trigger or Bootstrap-Request Trigger. As NON, for an acknowledgement would be an SMS, too.
Bytes trigger_payload(WakeUp::Kind kind, std::uint16_t message_id) {
    coap::Message execute;
    execute.type = coap::Type::non_confirmable;
    execute.code = coap::codes::post;
    execute.message_id = message_id;
    for (const char* segment : {"1", "0", kind == WakeUp::Kind::bootstrap ? "9" : "8"}) {
        execute.add_text(coap::options::uri_path, segment);
    }
    return coap::serialize(execute);
}

std::uint32_t seconds_of(Duration duration) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, 0x7fff'ffff));
}

}  // namespace

// ---- Triggers

void Wake::trigger(WakeUp::Kind kind) {
    device_.wake_up = {kind, engine_.turn_->wall, "REQUESTED"};
    engine_.changed(device_);
    ++engine_.counters_.triggers_sent;
    const auto& wanted = engine_.config_->scefs[device_.scef].trigger;
    nidd::DeviceTriggering triggering;
    triggering.external_id = device_.spec.external_id.text();
    triggering.validity_period = seconds_of(wanted.validity);
    triggering.application_port_id = wanted.port;
    triggering.trigger_payload = trigger_payload(kind, engine_.next_device_message_id(device_));
    triggering.notification_destination = engine_.destination_of(device_);
    engine_.call_t8(
        device_, inside::Purpose::trigger, {},
        {nidd::T8Request::Operation::create_trigger, "", "", nidd::to_json(triggering)});
}

void Wake::on_trigger_answer(const nidd::T8Answer& answer) {
    const auto outcome = nidd::classify_resource(answer);
    // A report may have overtaken the answer.
    if (device_.wake_up.result != "REQUESTED") return;
    const bool taken = outcome.kind == nidd::ResourceOutcome::Kind::created;
    device_.wake_up.result = taken ? "TRIGGERED" : "REFUSED";
    engine_.changed(device_);
    if (taken) return;
    ++engine_.counters_.triggers_failed;
    engine_.log(LogLine::Level::warning, "WAKE_UP_FAILED",
                LogFields()
                    .add("device", device_.spec.external_id.text())
                    .add("result", "REFUSED")
                    .add("cause", outcome.cause)
                    .text());
}

/// DeviceTriggeringDeliveryReportNotification: of the last trigger, for the capability is the
/// device's own.
void Wake::on_trigger_report(const nidd::DeviceTriggeringDeliveryReport& report) {
    constexpr std::size_t longest = 32;
    device_.wake_up.result = report.result.substr(0, longest);
    engine_.changed(device_);
    if (report.result == "SUCCESS") {
        ++engine_.counters_.triggers_delivered;
    } else if (report.result != "TRIGGERED") {
        ++engine_.counters_.triggers_failed;
        engine_.log(LogLine::Level::warning, "WAKE_UP_FAILED",
                    LogFields()
                        .add("device", device_.spec.external_id.text())
                        .add("result", device_.wake_up.result)
                        .text());
    }
}

// ---- Messages that wait for a window

/// When the device shall be woken for a message that waits; `never` by default.
Instant Wake::wake_due(const Message& message) const {
    const Duration patience = device_.profile->wake_after;
    if (patience <= Duration{} || message.is_reply()) return never;
    const WallTime waited = message.created_at + patience;
    if (device_.wake_up.at == WallTime{} || device_.wake_up.at > engine_.turn_->wall) {
        return engine_.instant_of(waited);
    }
    return engine_.instant_of(std::max(waited, device_.wake_up.at + device_.profile->wake_pause));
}

/// A message waits for its device's window: what can be done besides waiting.
void Wake::seek_window(const Message& message) {
    if (engine_.config_->scefs[device_.scef].monitoring.ue_reachability) {
        watch(message, "UE_REACHABILITY");
    }
    const Instant due = wake_due(message);
    if (due == never) return;
    if (due > engine_.turn_->now) return engine_.pump_later(device_, due);
    trigger(WakeUp::Kind::registration_update);
    engine_.pump_later(device_, engine_.turn_->now + device_.profile->wake_pause);
}

/// One report is asked for, as long as the message lives. It is not taken back when the device
/// comes by itself: a report that says what we know already costs nothing.
void Wake::watch(const Message& message, std::string_view monitoring_type) {
    DeviceActivity& active = device_.active();
    if (active.watched_until > engine_.turn_->now) return;
    const WallTime end = std::min(message.expires_at, engine_.turn_->wall + watch_longest);
    active.watched_until = engine_.instant_of(end);
    nidd::MonitoringEventSubscription wanted;
    wanted.external_id = device_.spec.external_id.text();
    wanted.monitoring_type = monitoring_type;
    if (monitoring_type == "UE_REACHABILITY") wanted.reachability_type = "DATA";
    wanted.maximum_number_of_reports = 1;
    wanted.monitor_expire_time = end;
    wanted.idle_status_indication = true;
    wanted.notification_destination = engine_.destination_of(device_);
    ++engine_.counters_.subscriptions_made;
    engine_.call_t8(
        device_, inside::Purpose::watch, {},
        {nidd::T8Request::Operation::create_subscription, "", "", nidd::to_json(wanted)});
}

void Wake::on_watch_answer(const nidd::T8Answer& answer) {
    const auto outcome = nidd::classify_resource(answer);
    if (outcome.kind == nidd::ResourceOutcome::Kind::created) {
        if (answer.status != 200) return;
        if (const auto report = nidd::parse_immediate_report(outcome.body)) {
            on_monitoring(*report);
        } else if (outcome.resource_id.empty()) {  // neither a report nor what will send one
            device_.active().watched_until = engine_.turn_->now + watch_refused;
        }
        return;
    }
    device_.active().watched_until =
        engine_.turn_->now +
        std::max<Duration>(outcome.retry_after.value_or(Duration{}), watch_refused);
    engine_.log(LogLine::Level::warning, "REACHABILITY_NOT_WATCHED",
                LogFields()
                    .add("device", device_.spec.external_id.text())
                    .add("cause", outcome.cause)
                    .text());
}

/// The SCEF says that the device can be reached, or ends the subscription.
void Wake::on_monitoring(const nidd::MonitoringNotification& notification) {
    if (device_.activity) device_.active().watched_until = engine_.turn_->now + watch_again;
    for (const nidd::MonitoringEventReport& report : notification.reports) {
        if (report.idle_status_info) learn_idle_status(*report.idle_status_info);
        const bool reachable = report.monitoring_type == "UE_REACHABILITY" ||
                               report.monitoring_type == "AVAILABILITY_AFTER_DDN_FAILURE";
        if (!reachable) continue;
        ++engine_.counters_.reachability_reports;
        std::optional<Duration> remains;
        if (report.max_ue_availability_time) {
            remains =
                std::max<Duration>(*report.max_ue_availability_time - engine_.turn_->wall, {});
        }
        open_window(remains);
    }
}

/// The network's own word on the device's power saving.
void Wake::learn_idle_status(const nidd::IdleStatusInfo& info) {
    PowerReport report = device_.power;
    report.active_timer = info.active_time.value_or(report.active_timer);
    report.period = info.periodic_au_timer.value_or(report.period);
    report.cycle = info.edrx_cycle_length.value_or(report.cycle);
    if (report == device_.power) return;
    device_.power = report;
    engine_.changed(device_);
}

/// What waited for the device, also for another attempt, may go now.
void Wake::open_window(std::optional<Duration> remains) {
    const Duration usual =
        effective_reachability(device_.profile->reachability, device_.power).active_timer;
    device_.reachable_until = std::max(
        device_.reachable_until, whole_milliseconds(engine_.turn_->now + remains.value_or(usual)));
    engine_.end_retry_waits(device_, true);
    engine_.pump(device_);
}

}  // namespace scef::adapter
