#include <algorithm>
#include <utility>

#include "scef-adapter/engine/announcer.h"
#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/replacement.h"

/// What the adapter learns from requests that a server accepted: registrations and their end (D21),
/// the binding (D22), a bootstrap (U13).
namespace scef::adapter {

using queueing::DeviceLeg;
using queueing::Reason;
using queueing::RecordKind;
using queueing::ServerLeg;

namespace {

/// D21: the Update that keeps a registration may need this long to its server.
constexpr Duration lifetime_grace = coap::max_transmit_wait;

WallTime lifetime_end(const Registration& registration) {
    return registration.updated_at + std::chrono::seconds(registration.lifetime_seconds) +
           lifetime_grace;
}

std::string location_of(const coap::Message& answer) {
    std::string location;
    for (const coap::Option& option : answer.options) {
        if (option.number == coap::options::location_path)
            location += '/' + std::string(option.text());
    }
    return location;
}

std::optional<std::uint32_t> lifetime_of(const coap::Message& request) {
    const std::string text(request.query("lt").value_or(""));
    if (text.empty() || text.size() > 9) return std::nullopt;
    if (text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    return static_cast<std::uint32_t>(std::stoul(text));
}

}  // namespace

/// A request of the device was answered with success.
void Engine::on_accepted(Device& device, const Uplink& uplink, const coap::Message& answer) {
    using lwm2m::Operation;
    const auto request = coap::parse(uplink.datagram);
    if (!request) return;
    switch (uplink.operation) {
        case Operation::register_:
            on_registered(device, uplink, *request, answer);
            break;
        case Operation::update:
            on_updated(device, uplink, *request);
            break;
        case Operation::deregister:
            end_registration(device, uplink.endpoint);
            break;
        case Operation::bootstrap_request:
            device.frozen_until = turn_->wall + inside::bootstrap_max;
            break;
        default:
            return;
    }
    changed(device);
}

void Engine::on_registered(Device& device, const Uplink& uplink, const coap::Message& request,
                           const coap::Message& answer) {
    VirtualEndpoint* endpoint = device.endpoint_of(uplink.endpoint);
    if (endpoint == nullptr) return;
    // D21: the server dropped what belonged to the registration before this one.
    const bool is_watched = endpoint->registration.has_value();
    const WallTime watched_until = is_watched ? lifetime_end(*endpoint->registration) : WallTime{};
    if (is_watched) end_requests(device, uplink.endpoint, uplink.created_at);
    Registration registration;
    registration.endpoint_name = std::string(request.query("ep").value_or(""));
    registration.location = location_of(answer);
    registration.binding = uplink.binding.empty() ? "U" : uplink.binding;
    registration.version = std::string(request.query("lwm2m").value_or("1.0"));
    registration.queue_mode = request.query("Q").has_value();
    registration.lifetime_seconds = lifetime_of(request).value_or(86400);
    registration.updated_at = whole_milliseconds(turn_->wall);
    device.parked = false;
    if (!is_watched || lifetime_end(registration) < watched_until) {
        schedule_lifetime(device, registration);
    }
    Announcer(*this, device)
        .on_registration(*endpoint, RegistrationChange::Kind::registered,
                         registration.endpoint_name);
    endpoint->registration = std::move(registration);
}

void Engine::on_updated(Device& device, const Uplink& uplink, const coap::Message& request) {
    VirtualEndpoint* endpoint = device.endpoint_of(uplink.endpoint);
    if (endpoint == nullptr || !endpoint->registration) return;
    Registration& registration = *endpoint->registration;
    const WallTime watched_until = lifetime_end(registration);
    registration.updated_at = whole_milliseconds(turn_->wall);
    if (const auto lifetime = lifetime_of(request)) registration.lifetime_seconds = *lifetime;
    if (lifetime_end(registration) < watched_until) schedule_lifetime(device, registration);
    if (uplink.binding.empty()) return;
    const bool had_nidd = registration.binding.find('N') != std::string::npos;
    const bool has_nidd = uplink.binding.find('N') != std::string::npos;
    registration.binding = uplink.binding;
    device.parked = had_nidd && !has_nidd;  // D22
}

void Engine::schedule_lifetime(Device& device, const Registration& registration) {
    schedule(instant_of(lifetime_end(registration)), TimerKind::registration, device.index);
}

/// D21: a registration that was not updated in time is over for its server, too.
void Engine::lifetime_due(Device& device) {
    for (VirtualEndpoint& endpoint : device.endpoints) {
        if (!endpoint.registration) continue;
        if (lifetime_end(*endpoint.registration) > turn_->wall) continue;
        end_registration(device, endpoint.index);
        changed(device);
    }
    schedule_lifetimes(device);
}

void Engine::schedule_lifetimes(Device& device) {
    std::optional<WallTime> first;
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        if (!endpoint.registration) continue;
        const WallTime end = lifetime_end(*endpoint.registration);
        first = first ? std::min(*first, end) : end;
    }
    if (first) schedule(instant_of(*first), TimerKind::registration, device.index);
}

/// D21: a device that left its server gets nothing more from it.
void Engine::end_registration(Device& device, queueing::EndpointIndex endpoint) {
    end_observations(device, endpoint);
    end_requests(device, endpoint, WallTime::max());
    // Last: what the server is told depends on it.
    VirtualEndpoint* of = device.endpoint_of(endpoint);
    if (of == nullptr || !of->registration) return;
    Announcer(*this, device)
        .on_registration(*of, RegistrationChange::Kind::ended, of->registration->endpoint_name);
    of->registration.reset();
}

/// What a server asked before.
void Engine::end_requests(Device& device, queueing::EndpointIndex endpoint, WallTime before) {
    std::vector<MessageId> ids;
    if (device.activity) ids = device.activity->messages;
    for (const MessageId& id : ids) {
        Message* message = message_at(id);
        if (message == nullptr || message->is_reply() || message->server.state == ServerLeg::none ||
            message->server.endpoint != endpoint || message->created_at >= before) {
            continue;
        }
        if (message->device_leg == DeviceLeg::queued ||
            message->device_leg == DeviceLeg::retry_wait) {
            cancel_waiting(device, *message, Reason::deregistered);
        } else if (message->device_leg == DeviceLeg::net_buffered &&
                   !Replacement(*this, device).is_contested(*message)) {
            cancel_buffered(device, *message, Reason::deregistered);
        }
    }
}

/// Those of one server; the others' go on.
void Engine::end_observations(Device& device, queueing::EndpointIndex endpoint) {
    std::erase_if(device.observations, [&](const auto& entry) {
        if (entry.second.endpoint != endpoint) return false;
        out_.batch.erase(RecordKind::observation, observation_key(device.index, entry.first));
        return true;
    });
}

/// U13: while its bootstrap server writes to it; a clock that was set back makes it no longer.
bool Engine::is_frozen(const Device& device) const {
    const Duration left = device.frozen_until - turn_->wall;
    return left > Duration{} && left <= inside::bootstrap_max;
}

/// U13: Bootstrap-Finish was answered.
void Engine::end_bootstrap(Device& device) {
    device.frozen_until = {};
    changed(device);
    pump_later(device, turn_->now);
}

}  // namespace scef::adapter
