#include <algorithm>
#include <utility>

#include "lwm2m-core/vocabulary/log_fields.h"
#include "nidd/types/t8_json.h"
#include "scef-adapter/engine/announcer.h"
#include "scef-adapter/engine/engine.h"

/// The NIDD configuration of each device: created, kept alive, created anew when the SCEF lost it
/// (TS 29.122 4.4.5.2).
namespace scef::adapter {

namespace {

constexpr std::uint32_t configurations_open_max = 4;  ///< calls in flight per shard
constexpr Duration retry_first = std::chrono::seconds(1);
constexpr Duration retry_last = std::chrono::minutes(5);
constexpr Duration refused_retry = std::chrono::minutes(10);
constexpr Duration lost_again_retry = std::chrono::seconds(30);
constexpr Duration renewal_pause = std::chrono::seconds(10);  ///< between two renewals at least
/// 1 s doubling to 5 min.
Duration back_off_pause(NiddLink& nidd) {
    const auto doublings = std::min<std::uint32_t>(nidd.failures++, 9);
    return std::min<Duration>(retry_first * (std::int64_t{1} << doublings), retry_last);
}

/// Whether the SCEF has not been told of the RDS ports of all servers.
bool lacks_ports(const Device& device) {
    const auto ports = device.ports();
    return std::any_of(ports.begin(), ports.end(),
                       [&](const nidd::RdsPort& pair) { return !knows_ports(device.nidd, pair); });
}

}  // namespace

std::string Engine::destination_of(const Device& device) const {
    return config_->notifications.public_url + "/t8/v1/notifications/" +
           device.nidd.capability.text();
}

/// The configuration's own clock: creates, retries or renews, whichever is due.
void Engine::configuration_due(Device& device) {
    NiddLink& nidd = device.nidd;
    if (nidd.call_open || nidd.retry_at > turn_->now) return;
    if (nidd.status == NiddLink::Status::not_authorized) return;
    if (nidd.status != NiddLink::Status::active) return create_configuration(device);
    if (lacks_ports(device)) return renew_configuration(device);
    if (nidd.expires_at == WallTime{}) return;
    if (nidd.renew_at == WallTime{}) granted(device, nidd.expires_at);
    if (nidd.renew_at <= turn_->wall) return renew_configuration(device);
    schedule(instant_of(nidd.renew_at), TimerKind::configuration, device.index);
}

/// A SCEF may grant less time than we ask for: it is asked again when nine tenths are over.
void Engine::granted(Device& device, std::optional<WallTime> until) {
    NiddLink& nidd = device.nidd;
    nidd.expires_at = whole_milliseconds(until.value_or(WallTime{}));
    nidd.failures = 0;
    nidd.retry_at = {};
    const Duration left = std::max<Duration>(nidd.expires_at - turn_->wall, Duration{});
    nidd.renew_at =
        whole_milliseconds(turn_->wall + std::max<Duration>(left / 10 * 9, renewal_pause));
}

void Engine::retry_configuration(Device& device, Duration pause) {
    device.nidd.retry_at = turn_->now + pause;
    schedule(device.nidd.retry_at, TimerKind::configuration, device.index);
}

void Engine::create_configuration(Device& device) {
    if (configurations_open_ >= configurations_open_max) {
        configurations_waiting_.push_back(device.index);
        return;
    }
    ++configurations_open_;
    device.nidd.call_open = true;
    const ScefConfig& scef = config_->scefs[device.scef];
    nidd::NiddConfiguration wanted;
    std::vector<nidd::Feature> features{nidd::Feature::mt_nidd_modification_cancellation};
    if (scef.configuration.test_notification) {
        wanted.request_test_notification = true;
        features.push_back(nidd::Feature::notification_test_event);
    }
    wanted.supported_features = nidd::features_text(scef.profile, features);
    wanted.external_id = device.spec.external_id.text();
    wanted.duration = turn_->wall + scef.configuration.duration;
    wanted.rds_ports = device.nidd.rds_ports_asked = device.ports();
    wanted.reliable_data_service =
        scef.configuration.reliable_data_service || !wanted.rds_ports.empty();
    wanted.pdn_establishment_option = scef.configuration.pdn_establishment_option;
    wanted.notification_destination = destination_of(device);
    call_t8(device, Purpose::create_configuration, {},
            {nidd::T8Request::Operation::create_configuration, "", "", nidd::to_json(wanted)});
}

void Engine::create_waiting_configurations() {
    while (!configurations_waiting_.empty() && configurations_open_ < configurations_open_max) {
        Device* next = device_at(configurations_waiting_.front());
        configurations_waiting_.pop_front();
        if (next != nullptr) configuration_due(*next);
    }
}

void Engine::on_configuration_created(Device& device, const nidd::T8Answer& answer) {
    using Kind = nidd::ConfigurationOutcome::Kind;
    NiddLink& nidd = device.nidd;
    nidd.call_open = false;
    const ScefConfig& scef = config_->scefs[device.scef];
    auto outcome = nidd::classify_configuration(answer, scef.profile);
    changed(device);
    if (outcome.kind == Kind::created) {
        ++counters_.configurations_created;
        nidd.rds_ports = nidd.rds_ports_asked;
        adopt_configuration(device, outcome.configuration_id, outcome.configuration);
        // An answer that tells nothing but its Location: the rest is read.
        if (outcome.configuration.external_id.empty()) confirm_configuration(device);
        return create_waiting_configurations();
    }
    ++counters_.configurations_failed;
    nidd.last_cause = outcome.cause;
    Duration pause = back_off_pause(nidd);
    if (outcome.retry_after) pause = std::max(pause, *outcome.retry_after);
    if (outcome.kind == Kind::exists || outcome.kind == Kind::unknown) {
        // It may be there already: the SCEF's list tells, and until then nothing is asked again.
        pause = std::max(pause, lost_again_retry);
        out_.effects.emplace_back(ListConfigurations{device.scef});
    }
    if (outcome.kind == Kind::refused || outcome.kind == Kind::not_authorized) {
        const NiddLink::Status was = std::exchange(nidd.status, NiddLink::Status::refused);
        Announcer(*this, device).on_configuration(was);
        pause = std::max(pause, refused_retry);
        log(LogLine::Level::error, "CONFIGURATION_REFUSED",
            LogFields()
                .add("device", device.spec.external_id.text())
                .add("cause", outcome.cause)
                .text());
    }
    retry_configuration(device, pause);
    create_waiting_configurations();
}

/// It is there, whoever told: this device's messages go under it from now on.
void Engine::adopt_configuration(Device& device, std::string id,
                                 const nidd::NiddConfiguration& terms) {
    NiddLink& nidd = device.nidd;
    const NiddLink::Status was = std::exchange(nidd.status, NiddLink::Status::active);
    nidd.configuration_id = std::move(id);
    nidd.maximum_packet_bits = terms.maximum_packet_size.value_or(0);
    nidd.supported_features = terms.supported_features.value_or("");
    nidd.last_cause.clear();
    Announcer(*this, device).on_configuration(was);
    granted(device, terms.duration);
    changed(device);
    configuration_due(device);
    pump(device);
}

/// Its device was removed while the SCEF made it.
void Engine::withdraw_configuration(const Operation& operation, const nidd::T8Answer& answer) {
    const auto outcome = nidd::classify_configuration(answer);
    if (outcome.kind != nidd::ConfigurationOutcome::Kind::created) return;
    const OperationId id = next_operation_++;
    operations_.emplace(id, Operation{Purpose::delete_configuration,
                                      operation.device,
                                      {},
                                      operation.scef,
                                      outcome.configuration_id});
    out_.effects.emplace_back(CallT8{
        id,
        operation.scef,
        {nidd::T8Request::Operation::delete_configuration, outcome.configuration_id, "", ""}});
}

void Engine::renew_configuration(Device& device) {
    device.nidd.call_open = true;
    device.nidd.rds_ports_asked = device.ports();
    const WallTime end = turn_->wall + config_->scefs[device.scef].configuration.duration;
    call_t8(device, Purpose::renew_configuration, {},
            {nidd::T8Request::Operation::patch_configuration, device.nidd.configuration_id, "",
             nidd::configuration_patch_json(end, device.nidd.rds_ports_asked)});
}

void Engine::on_configuration_renewed(Device& device, const nidd::T8Answer& answer) {
    NiddLink& nidd = device.nidd;
    nidd.call_open = false;
    if (nidd.status != NiddLink::Status::active)
        return configuration_due(device);  // lost meanwhile
    const bool answered = answer.transport == nidd::T8Answer::Transport::answered;
    if (answered && (answer.status == 404 || answer.status == 410))
        return lose_configuration(device, NiddLink::Status::pending);
    if (answered && (answer.status == 200 || answer.status == 204)) {
        WallTime until = turn_->wall + config_->scefs[device.scef].configuration.duration;
        if (answer.status == 200) {
            if (const auto body = nidd::parse_configuration(answer.body); body && body->duration) {
                until = *body->duration;
            }
        }
        granted(device, until);
        if (!nidd.rds_ports_asked.empty()) nidd.rds_ports = nidd.rds_ports_asked;
        changed(device);
        configuration_due(device);
        return pump(device);
    }
    ++counters_.configurations_failed;
    if (answered && answer.status < 500 && lacks_ports(device)) {
        log(LogLine::Level::error, "RDS_PORTS_REFUSED",
            LogFields()
                .add("device", device.spec.external_id.text())
                .add("status", answer.status)
                .text());
    }
    const Duration pause = back_off_pause(nidd);
    retry_configuration(device, std::max(pause, answer.retry_after.value_or(pause)));
}

/// The SCEF no longer has it: messages wait, and it is created anew, at once the first time. What
/// the SCEF held for the device is lost with it.
void Engine::lose_configuration(Device& device, NiddLink::Status status) {
    NiddLink& nidd = device.nidd;
    if (nidd.status != NiddLink::Status::active) return;
    nidd.status = status;
    Announcer(*this, device).on_configuration(NiddLink::Status::active);
    nidd.configuration_id.clear();
    nidd.renew_at = {};
    changed(device);
    if (device.activity) {
        const std::vector<MessageId> ids = device.activity->messages;
        for (const MessageId& id : ids) {
            Message* message = message_at(id);
            if (message != nullptr && message->device_leg == queueing::DeviceLeg::net_buffered) {
                apply(*message, DownlinkEvent::missing_at_scef, {});
            }
        }
    }
    if (status == NiddLink::Status::not_authorized) return;  // until the SCEF or an operator says
    if (std::exchange(nidd.recreated, true)) return retry_configuration(device, lost_again_retry);
    configuration_due(device);
}

void Engine::on_configuration_status(Device& device,
                                     const nidd::NiddConfigurationStatusNotification& status) {
    if (status.status == "TERMINATED") {
        lose_configuration(device, NiddLink::Status::terminated);
    } else if (status.status == "TERMINATED_UE_NOT_AUTHORIZED") {
        device.nidd.last_cause = status.status;
        lose_configuration(device, NiddLink::Status::not_authorized);
        log(LogLine::Level::error, "CONFIGURATION_NOT_AUTHORIZED",
            LogFields().add("device", device.spec.external_id.text()).text());
    } else if (status.status == "RDS_PORT_UNKNOWN") {
        device.nidd.rds_ports.clear();  // they are told once more
        log(LogLine::Level::error, "RDS_PORTS_REFUSED",
            LogFields()
                .add("device", device.spec.external_id.text())
                .add("status", status.status)
                .text());
        retry_configuration(device, lost_again_retry);
    } else if (status.status == "ACTIVE") {
        authorize_again(device);
        pump(device);
    }
}

/// The SCEF says ACTIVE, or an operator resumed the device: what was refused is tried at once.
void Engine::authorize_again(Device& device) {
    NiddLink& nidd = device.nidd;
    nidd.retry_at = {};
    if (nidd.status == NiddLink::Status::not_authorized) {
        nidd.status = NiddLink::Status::pending;
        changed(device);
    }
    configuration_due(device);
}

}  // namespace scef::adapter
