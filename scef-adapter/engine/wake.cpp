#include <algorithm>
#include <utility>

#include "lwm2m-core/coap/codec.h"
#include "nidd/types/t8_json.h"
#include "scef-adapter/engine/engine.h"

/// What is done for a message that waits for its sleeping device: the SCEF is asked to tell when
/// the device can be reached (TS 29.122 4.4.2), and in the end the device is woken by SMS (4.4.6).
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

std::string Engine::destination_of(const Device& device) const {
    return config_->notifications.public_url + "/t8/v1/notifications/" +
           device.nidd.capability.text();
}

// ---- Triggers

void Engine::on_wake(const WakeDevice& event) {
    Device* device = device_named(event.external_id);
    if (device == nullptr) return reply(event.reply, fail(Errc::not_found, "no such device"));
    send_trigger(*device,
                 event.bootstrap ? WakeUp::Kind::bootstrap : WakeUp::Kind::registration_update);
    reply(event.reply, CommandDone{CommandDone::Kind::updated, {}, 0});
}

void Engine::send_trigger(Device& device, WakeUp::Kind kind) {
    device.wake_up = {kind, turn_->wall, "REQUESTED"};
    changed(device);
    ++counters_.triggers_sent;
    const auto& wanted = config_->scefs[device.scef].trigger;
    nidd::DeviceTriggering trigger;
    trigger.external_id = device.spec.external_id.text();
    trigger.validity_period = seconds_of(wanted.validity);
    trigger.application_port_id = wanted.port;
    trigger.trigger_payload = trigger_payload(kind, next_device_message_id(device));
    trigger.notification_destination = destination_of(device);
    call_t8(device, Purpose::trigger, {},
            {nidd::T8Request::Operation::create_trigger, "", "", nidd::to_json(trigger)});
}

void Engine::on_trigger_answer(Device& device, const nidd::T8Answer& answer) {
    const auto outcome = nidd::classify_resource(answer);
    // A report may have overtaken the answer.
    if (device.wake_up.result != "REQUESTED") return;
    const bool taken = outcome.kind == nidd::ResourceOutcome::Kind::created;
    device.wake_up.result = taken ? "TRIGGERED" : "REFUSED";
    changed(device);
    if (taken) return;
    ++counters_.triggers_failed;
    log(LogLine::Level::warning, "WAKE_UP_FAILED",
        "device=" + device.spec.external_id.text() + " result=REFUSED cause=" + outcome.cause);
}

/// DeviceTriggeringDeliveryReportNotification: of the last trigger, for the capability is the
/// device's own.
void Engine::on_trigger_report(Device& device, const nidd::DeviceTriggeringDeliveryReport& report) {
    constexpr std::size_t longest = 32;
    device.wake_up.result = report.result.substr(0, longest);
    changed(device);
    if (report.result == "SUCCESS") {
        ++counters_.triggers_delivered;
    } else if (report.result != "TRIGGERED") {
        ++counters_.triggers_failed;
        log(LogLine::Level::warning, "WAKE_UP_FAILED",
            "device=" + device.spec.external_id.text() + " result=" + device.wake_up.result);
    }
}

// ---- Messages that wait for a window

/// When the device shall be woken for a message that waits; `never` by default.
Instant Engine::wake_due(const Device& device, const Message& message) const {
    const Duration patience = device.profile->wake_after;
    if (patience <= Duration{} || message.is_reply()) return never;
    const WallTime waited = message.created_at + patience;
    if (device.wake_up.at == WallTime{} || device.wake_up.at > turn_->wall) {
        return instant_of(waited);
    }
    return instant_of(std::max(waited, device.wake_up.at + device.profile->wake_pause));
}

/// A message waits for its device's window: what can be done besides waiting.
void Engine::seek_window(Device& device, const Message& message) {
    if (config_->scefs[device.scef].monitoring.ue_reachability) {
        watch(device, message, "UE_REACHABILITY");
    }
    const Instant due = wake_due(device, message);
    if (due == never) return;
    if (due > turn_->now) return pump_later(device, due);
    send_trigger(device, WakeUp::Kind::registration_update);
    pump_later(device, turn_->now + device.profile->wake_pause);
}

/// One report is asked for, as long as the message lives. It is not taken back when the device
/// comes by itself: a report that says what we know already costs nothing.
void Engine::watch(Device& device, const Message& message, std::string_view monitoring_type) {
    DeviceActivity& active = device.active();
    if (active.watched_until > turn_->now) return;
    const WallTime end = std::min(message.expires_at, turn_->wall + watch_longest);
    active.watched_until = instant_of(end);
    nidd::MonitoringEventSubscription wanted;
    wanted.external_id = device.spec.external_id.text();
    wanted.monitoring_type = monitoring_type;
    if (monitoring_type == "UE_REACHABILITY") wanted.reachability_type = "DATA";
    wanted.maximum_number_of_reports = 1;
    wanted.monitor_expire_time = end;
    wanted.idle_status_indication = true;
    wanted.notification_destination = destination_of(device);
    ++counters_.subscriptions_made;
    call_t8(device, Purpose::watch, {},
            {nidd::T8Request::Operation::create_subscription, "", "", nidd::to_json(wanted)});
}

void Engine::on_watch_answer(Device& device, const nidd::T8Answer& answer) {
    const auto outcome = nidd::classify_resource(answer);
    if (outcome.kind == nidd::ResourceOutcome::Kind::created) {
        if (answer.status != 200) return;
        if (const auto report = nidd::parse_immediate_report(outcome.body)) {
            on_monitoring(device, *report);
        } else if (outcome.resource_id.empty()) {  // neither a report nor what will send one
            device.active().watched_until = turn_->now + watch_refused;
        }
        return;
    }
    device.active().watched_until =
        turn_->now + std::max<Duration>(outcome.retry_after.value_or(Duration{}), watch_refused);
    log(LogLine::Level::warning, "REACHABILITY_NOT_WATCHED",
        "device=" + device.spec.external_id.text() + " cause=" + outcome.cause);
}

/// The SCEF says that the device can be reached, or ends the subscription.
void Engine::on_monitoring(Device& device, const nidd::MonitoringNotification& notification) {
    if (device.activity) device.active().watched_until = turn_->now + watch_again;
    for (const nidd::MonitoringEventReport& report : notification.reports) {
        if (report.idle_status_info) learn_idle_status(device, *report.idle_status_info);
        const bool reachable = report.monitoring_type == "UE_REACHABILITY" ||
                               report.monitoring_type == "AVAILABILITY_AFTER_DDN_FAILURE";
        if (!reachable) continue;
        ++counters_.reachability_reports;
        std::optional<Duration> remains;
        if (report.max_ue_availability_time) {
            remains = std::max<Duration>(*report.max_ue_availability_time - turn_->wall, {});
        }
        open_window(device, remains);
    }
}

/// The network's own word on the device's power saving.
void Engine::learn_idle_status(Device& device, const nidd::IdleStatusInfo& info) {
    PowerReport report = device.power;
    report.active_timer = info.active_time.value_or(report.active_timer);
    report.period = info.periodic_au_timer.value_or(report.period);
    report.cycle = info.edrx_cycle_length.value_or(report.cycle);
    if (report == device.power) return;
    device.power = report;
    changed(device);
}

/// What waited for the device, also for another attempt, may go now.
void Engine::open_window(Device& device, std::optional<Duration> remains) {
    const Duration usual =
        effective_reachability(device.profile->reachability, device.power).active_timer;
    device.reachable_until =
        std::max(device.reachable_until, whole_milliseconds(turn_->now + remains.value_or(usual)));
    end_retry_waits(device, true);
    pump(device);
}

}  // namespace scef::adapter
