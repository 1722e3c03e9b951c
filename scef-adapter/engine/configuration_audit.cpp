#include <algorithm>
#include <string_view>
#include <utility>

#include "lwm2m-core/vocabulary/log_fields.h"
#include "nidd/types/t8_json.h"
#include "scef-adapter/engine/engine.h"

/// The SCEF's own list of configurations, compared with ours: at start, and when a creation leaves
/// us in doubt (TS 29.122 4.4.5.2). What is ours there is taken up again, what is missing is asked
/// for by name, and what no device of ours stands behind is deleted.
namespace scef::adapter {

namespace {

constexpr std::string_view destination_path = "/t8/v1/notifications/";

}  // namespace

void Engine::on_configurations_listed(const ConfigurationsListed& event) {
    std::unordered_map<std::string_view, std::vector<const nidd::NiddConfiguration*>> by_device;
    for (const nidd::NiddConfiguration& listed : event.configurations) {
        by_device[listed.external_id].push_back(&listed);
    }
    std::vector<queueing::DeviceIndex> indexes;
    for (queueing::DeviceIndex index = 0; index < devices_.end(); ++index) {
        if (devices_.contains(index)) indexes.push_back(index);
    }
    for (const queueing::DeviceIndex index : indexes) {
        Device& device = *device_at(index);
        if (device.scef != event.scef) continue;
        const auto listed = by_device.find(device.spec.external_id.text());
        if (listed == by_device.end()) {
            confirm_configuration(device);
            continue;
        }
        audit(device, listed->second);
        by_device.erase(listed);
    }
    for (const auto& [external_id, strangers] : by_device) {
        for (const nidd::NiddConfiguration* stranger : strangers) {
            delete_orphan(event.scef, *stranger);
        }
    }
}

/// One device and all that the SCEF has for it.
void Engine::audit(Device& device, const std::vector<const nidd::NiddConfiguration*>& listed) {
    NiddLink& nidd = device.nidd;
    const std::string destination = destination_of(device);
    bool found = false;
    for (const nidd::NiddConfiguration* one : listed) {
        const auto id = nidd::configuration_id_of(one->self);
        if (!id) continue;
        const bool is_active = nidd.status == NiddLink::Status::active;
        if (is_active && *id == nidd.configuration_id) {
            found = true;
            take_terms(device, *one);
        } else if (!is_active && !nidd.call_open && !found &&
                   one->notification_destination == destination) {
            found = true;
            ++counters_.configurations_adopted;
            log(LogLine::Level::info, "CONFIGURATION_ADOPTED",
                LogFields()
                    .add("device", device.spec.external_id.text())
                    .add("configuration", *id)
                    .text());
            adopt_configuration(device, *id, *one);
        } else if (!nidd.call_open) {
            delete_orphan(device.scef, *one);
        }
    }
    if (!found) confirm_configuration(device);
}

/// It is not in the list, which may be older than the configuration: asked for by name.
void Engine::confirm_configuration(Device& device) {
    if (device.nidd.status != NiddLink::Status::active || device.nidd.call_open) return;
    call_t8(device, Purpose::read_configuration, {},
            {nidd::T8Request::Operation::read_configuration, device.nidd.configuration_id, "", ""});
}

void Engine::on_configuration_read(Device& device, const nidd::T8Answer& answer,
                                   const std::string& configuration_id) {
    if (configuration_id != device.nidd.configuration_id) return;  // another one by now
    if (answer.transport != nidd::T8Answer::Transport::answered) return;
    if (answer.status == 404 || answer.status == 410) {
        return lose_configuration(device, NiddLink::Status::pending);
    }
    if (answer.status != 200) return;
    if (const auto read = nidd::parse_configuration(answer.body)) take_terms(device, *read);
}

/// What the SCEF says of a configuration that both know.
void Engine::take_terms(Device& device, const nidd::NiddConfiguration& terms) {
    NiddLink& nidd = device.nidd;
    if (terms.status && *terms.status != "ACTIVE") {
        nidd::NiddConfigurationStatusNotification told;
        told.status = *terms.status;
        return on_configuration_status(device, told);
    }
    const std::uint32_t packet_bits = terms.maximum_packet_size.value_or(nidd.maximum_packet_bits);
    const std::string features = terms.supported_features.value_or(nidd.supported_features);
    const WallTime end = terms.duration.value_or(WallTime{});
    // A start reads the list of the whole fleet: what has not changed is not written again.
    if (packet_bits == nidd.maximum_packet_bits && features == nidd.supported_features &&
        end == nidd.expires_at) {
        return;
    }
    nidd.maximum_packet_bits = packet_bits;
    nidd.supported_features = features;
    granted(device, terms.duration);
    changed(device);
    configuration_due(device);
}

/// A configuration that carries our destination and has no device, or another one's, is ours to
/// delete: left behind by a device that was removed, or by an answer that never came. Whatever is
/// not ours stays.
void Engine::delete_orphan(std::size_t scef, const nidd::NiddConfiguration& configuration) {
    const auto id = nidd::configuration_id_of(configuration.self);
    const std::string ours = config_->notifications.public_url + std::string(destination_path);
    if (!id || !configuration.notification_destination.starts_with(ours)) return;
    ++counters_.configurations_orphaned;
    log(LogLine::Level::warning, "CONFIGURATION_ORPHANED",
        LogFields().add("external_id", configuration.external_id).add("configuration", *id).text());
    const OperationId call = next_operation_++;
    operations_.emplace(call, Operation{Purpose::delete_configuration, 0, {}, scef, *id});
    out_.effects.emplace_back(
        CallT8{call, scef, {nidd::T8Request::Operation::delete_configuration, *id, "", ""}});
}

}  // namespace scef::adapter
