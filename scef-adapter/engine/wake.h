#pragma once

#include <optional>
#include <string_view>

#include "scef-adapter/engine/engine.h"

namespace scef::adapter {

/// What is done for a message that waits for its sleeping device: the SCEF is asked to tell when
/// the device can be reached (TS 29.122 4.4.2), and in the end the device is woken by SMS (4.4.6).
///
/// The part of `Engine` that does this, and its friend: made for a device in a turn, not kept.
class Wake {
public:
    Wake(Engine& engine, Device& device) : engine_(engine), device_(device) {}

    /// An SMS with LwM2M's own request to register or to bootstrap, now.
    void trigger(WakeUp::Kind kind);
    void on_trigger_answer(const nidd::T8Answer& answer);
    /// Of the last trigger, for the capability is the device's own.
    void on_trigger_report(const nidd::DeviceTriggeringDeliveryReport& report);

    /// A message waits for the device's window: what can be done besides waiting.
    void seek_window(const queueing::Message& message);
    /// Asks for one report, as long as the message lives. It is not taken back when the device
    /// comes by itself: a report that says what we know already costs nothing.
    void watch(const queueing::Message& message, std::string_view monitoring_type);
    void on_watch_answer(const nidd::T8Answer& answer);
    /// The SCEF says that the device can be reached, or ends the subscription.
    void on_monitoring(const nidd::MonitoringNotification& notification);
    /// The device can hear now, for so long, or as after an uplink: what waited for it, also for
    /// another attempt, may go.
    void open_window(std::optional<Duration> remains);

private:
    using Message = queueing::Message;

    Instant wake_due(const Message& message) const;
    void learn_idle_status(const nidd::IdleStatusInfo& info);

    Engine& engine_;
    Device& device_;
};

}  // namespace scef::adapter
