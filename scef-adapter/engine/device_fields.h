#pragma once

#include <memory>
#include <type_traits>

#include "scef-adapter/engine/device.h"

namespace scef::adapter {

/// The one list of what a device consists of. `visit_device` shows every field to `Form`, in the
/// order of the stored record, and both forms of a device are made by it: the stored record
/// (device_record.cpp) and the packed form of an idle device (packed_device.cpp). `Form` writes
/// what it is shown, or reads into it; it has a function for each kind of field: `common_text` is
/// one that many devices share, `front` an array of which only the front may be used, `deadline` an
/// instant that means nothing when it is over.
///
/// The structures are taken apart by structured bindings: a member that is new in device.h does not
/// compile until it has its place here. Stored fields are append-only (docs/HACKING.md, "A field of
/// a record"), and those that came later are asked for by `has`, for records of before; what only a
/// packed device keeps stands behind `Form::keeps_volatile`.

/// Versions of the device's record that brought new fields.
inline constexpr std::uint8_t rate_control_since = 4;

template <typename Form, typename AnyPorts>
void visit_ports(Form& form, AnyPorts& ports) {
    auto& [port_ue, port_scef] = ports;
    form.number(port_ue);
    form.number(port_scef);
}

template <typename Form, typename AnyNiddLink>
void visit_stored(Form& form, AnyNiddLink& nidd, queueing::DeviceIndex device) {
    auto& [status, configuration_id, capability, maximum_packet_bits, expires_at,
           supported_features, last_cause, rds_ports, rds_ports_asked, failures, retry_at, renew_at,
           call_open, recreated] = nidd;
    form.enumerator(status, NiddLink::Status::refused);
    form.text(configuration_id);
    form.capability(capability, device);
    form.number(maximum_packet_bits);
    form.time(expires_at);
    form.common_text(supported_features);
    form.text(last_cause);
    form.list(rds_ports, [&](auto& ports) { visit_ports(form, ports); });
}

template <typename Form, typename AnyNiddLink>
void visit_volatile(Form& form, AnyNiddLink& nidd) {
    auto& [status, configuration_id, capability, maximum_packet_bits, expires_at,
           supported_features, last_cause, rds_ports, rds_ports_asked, failures, retry_at, renew_at,
           call_open, recreated] = nidd;
    form.list(rds_ports_asked, [&](auto& ports) { visit_ports(form, ports); });
    form.number(failures);
    form.deadline(retry_at);
    form.time(renew_at);
    form.flag(call_open);
    form.flag(recreated);
}

template <typename Form, typename AnyRegistration>
void visit_registration(Form& form, AnyRegistration& registration) {
    auto& [endpoint_name, location, binding, version, lifetime_seconds, queue_mode, updated_at] =
        registration;
    form.text(endpoint_name);
    form.text(location);
    form.common_text(binding);
    form.common_text(version);
    form.number(lifetime_seconds);
    form.flag(queue_mode);
    form.time(updated_at);
}

/// An observation has a record of its own; a packed device carries its observations.
template <typename Form, typename AnyObservation>
void visit_observation(Form& form, AnyObservation& observation) {
    auto& [device_token, server_token, endpoint, peer, path] = observation;
    form.token(device_token);
    form.token(server_token);
    form.number(endpoint);
    form.address(peer);
    form.common_text(path);
}

/// So has the usage of one direction's quota, in calendar time (quota::DirectionQuota::State).
template <typename Form, typename AnyState>
void visit_usage(Form& form, AnyState& state) {
    auto& [account, exceptions_arrival, messages_total, bytes_total] = state;
    auto& [arrivals, exhausted_until, counted_at, used, rates_mark, allowances_mark] = account;
    form.front(arrivals, [&](auto& arrival) { form.moment(arrival); });
    form.moment(exhausted_until);
    form.time(counted_at);
    form.front(used, [&](auto& units) { form.number(units); });
    form.number(rates_mark);
    form.number(allowances_mark);
    form.moment(exceptions_arrival);
    form.number(messages_total);
    form.number(bytes_total);
}

template <typename Form, typename AnyReport>
void visit_rate_control(Form& form, AnyReport& report) {
    using TimeUnit = RateControlReport::TimeUnit;
    auto& [instance, apn_rate, apn_unit, exception_rate, exception_unit, plmn_rate] = report;
    form.number(instance);
    form.number(apn_rate);
    form.enumerator(apn_unit, TimeUnit::week);
    form.number(exception_rate);
    form.enumerator(exception_unit, TimeUnit::week);
    form.number(plmn_rate);
}

/// What is used of the limits of which a device told, in this process; `report` is there already.
template <typename Form, typename AnyQuota>
void visit_learned(Form& form, AnyQuota& learned, const RateControlReport& report) {
    if (!report.is_told()) return;
    if constexpr (std::is_const_v<AnyQuota>) {
        const auto positions = learned->position();
        for (const auto& position : positions) visit_usage(form, position);
    } else {
        LearnedQuota::Records<Instant> positions;
        for (auto& position : positions) visit_usage(form, position);
        learned = std::make_unique<LearnedQuota>(report);
        learned->resume(positions);
    }
}

template <typename Form, typename AnySpec, typename AnyProfile, typename AnyQuota>
void visit_spec(Form& form, AnySpec& spec, AnyProfile& profile, AnyQuota& quota) {
    auto& [external_id, profile_name, quota_name, server, servers, endpoint, opaque, groups] = spec;
    form.external_id(external_id);
    form.profile(profile_name, profile);
    form.quota(quota_name, quota);
    form.server(server);
    form.list(servers, [&](auto& name) { form.server(name); });
    form.text(endpoint);
    form.flag(opaque);
    form.list(groups, [&](auto& group) { form.common_text(group); });
}

template <typename Form, typename AnyDevice>
void visit_device(Form& form, AnyDevice& device) {
    auto& [index, spec, profile, quota, scef, paused, created_at, endpoints, nidd,
           pinned_endpoint_name, device_message_id, device_message_ids_reserved, server_message_id,
           server_message_ids_reserved, observations, dead_tokens, spent_tokens, wake_up, parked,
           frozen_until, power, rate_control, downlink_quota, uplink_quota, learned_quota,
           last_uplink, reachable_until, activity, dirty, usage_dirty] = device;
    form.index(index);
    visit_spec(form, spec, profile, quota);
    form.flag(paused);
    form.time(created_at);
    form.list(endpoints, [&](auto& endpoint) {
        auto& [endpoint_index, server_index, server_name, rds, registration] = endpoint;
        form.number(endpoint_index);
        form.server(server_name, server_index);
        if constexpr (Form::keeps_volatile) {
            form.optional(rds, [&](auto& ports) { visit_ports(form, ports); });
        }
        form.optional(registration, [&](auto& present) { visit_registration(form, present); });
    });
    visit_stored(form, nidd, index);
    form.text(pinned_endpoint_name);
    form.number(device_message_ids_reserved);
    form.number(server_message_ids_reserved);
    form.time(last_uplink);
    form.list(dead_tokens, [&](auto& token) { form.token(token); });
    form.list(spent_tokens, [&](auto& spent) {
        form.token(spent.token);
        form.time(spent.until);
    });
    auto& [wake_kind, woken_at, wake_result] = wake_up;
    form.enumerator(wake_kind, WakeUp::Kind::bootstrap);
    form.time(woken_at);
    form.common_text(wake_result);
    form.flag(parked);
    form.time(frozen_until);
    auto& [active_timer, period, cycle, window] = power;
    form.duration(active_timer);
    form.duration(period);
    form.duration(cycle);
    form.duration(window);
    if (form.has(rate_control_since)) visit_rate_control(form, rate_control);
    if constexpr (Form::keeps_volatile) {
        form.number_near(device_message_id, device_message_ids_reserved);
        form.number_near(server_message_id, server_message_ids_reserved);
        form.number(scef);
        visit_volatile(form, nidd);
        form.deadline(reachable_until);
        form.usage(downlink_quota, quota->downlink, created_at);
        form.usage(uplink_quota, quota->uplink, created_at);
        visit_learned(form, learned_quota, rate_control);
        form.observations(observations);
    }
}

}  // namespace scef::adapter
