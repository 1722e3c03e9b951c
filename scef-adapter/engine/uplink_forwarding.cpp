#include <algorithm>
#include <utility>

#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/uplink_rules.h"

/// A device's frame on its way to its server: rounds of transmission, and how the server settles it
/// (docs/life-of-a-message.md, "Uplink").
namespace scef::adapter {

using queueing::DeviceLeg;
using queueing::Reason;
using queueing::RecordKind;
using queueing::RequestHistory;
using queueing::ServerLeg;
using queueing::UplinkKind;
using queueing::UplinkState;

namespace {

/// The record of an opaque frame outlives its sending by this, so that a crash between the commit
/// and the datagram repeats it instead of losing it.
constexpr Duration opaque_settle = std::chrono::milliseconds(100);
constexpr Duration retry_first = std::chrono::seconds(30);
constexpr Duration retry_last = std::chrono::minutes(10);

std::string location_of(const coap::Message& answer) {
    std::string location;
    for (const coap::Option& option : answer.options) {
        if (option.number == coap::options::location_path)
            location += '/' + std::string(option.text());
    }
    return location;
}

}  // namespace

/// To the server as a confirmable message of its own, from the device's virtual endpoint.
Engine::Uplink& Engine::forward(Device& device, Uplink uplink, coap::Message frame) {
    uplink.id = make_id();
    uplink.device = device.index;
    uplink.created_at = turn_->wall;
    frame.type = coap::Type::confirmable;
    uplink.server_message_id = frame.message_id = next_server_message_id(device);
    uplink.server_token = frame.token;
    uplink.datagram = coap::serialize(frame);
    const MessageId id = uplink.id;
    Uplink& placed = *(uplinks_[id] = std::make_unique<Uplink>(std::move(uplink)));
    device.active().uplinks.push_back(id);
    const RequestHistory::Key key{device.index, 0, placed.device_message_id};
    if (auto* entry = device_requests_.find(key, placed.content, turn_->now)) entry->message = id;
    changed(placed);
    schedule(instant_of(placed.expires_at), TimerKind::uplink_ttl, device.index, id);
    transmit(device, placed);
    return placed;
}

/// The LwM2M server, or who else made the observation.
SocketAddress Engine::server_of(const Device& device, const Uplink& uplink) const {
    const auto observation = device.observations.find(uplink.device_token);
    if (uplink.kind == UplinkKind::notification && observation != device.observations.end()) {
        return observation->second.peer;
    }
    return config_->lwm2m_servers[device.endpoint_of(uplink.endpoint)->server].address;
}

/// One round of transmissions, RFC 7252 4.2. Opaque octets are sent once.
void Engine::transmit(Device& device, Uplink& uplink) {
    const VirtualEndpoint* endpoint = device.endpoint_of(uplink.endpoint);
    if (endpoint == nullptr) return end_uplink(device, uplink);
    const SocketAddress peer = server_of(device, uplink);
    if (uplink.kind == UplinkKind::opaque) {
        send_to_server(uplink.endpoint, peer, uplink.datagram);
        return schedule(turn_->now + opaque_settle, TimerKind::uplink_sent, device.index,
                        uplink.id);
    }
    if (uplink.state == UplinkState::waiting) {  // a new round is a new message to the server
        server_messages_.erase({uplink.endpoint, uplink.server_message_id});
        if (auto frame = coap::parse(uplink.datagram)) {
            uplink.server_message_id = frame->message_id = next_server_message_id(device);
            uplink.datagram = coap::serialize(*frame);
        }
        changed(uplink);
    }
    uplink.state = UplinkState::sending;
    uplink.retransmission = coap::Retransmission({}, *turn_);
    server_messages_[{uplink.endpoint, uplink.server_message_id}] = uplink.id;
    send_to_server(uplink.endpoint, peer, uplink.datagram);
    schedule(uplink.retransmission.due(), TimerKind::uplink_copy, device.index, uplink.id);
}

void Engine::uplink_copy_due(Uplink& uplink, Instant due) {
    if (uplink.state != UplinkState::sending || uplink.retransmission.due() != due) return;
    Device& device = *device_at(uplink.device);
    if (uplink.retransmission.advance({}, turn_->now)) {
        ++counters_.server_copies;
        send_to_server(uplink.endpoint, server_of(device, uplink), uplink.datagram);
        return schedule(uplink.retransmission.due(), TimerKind::uplink_copy, device.index,
                        uplink.id);
    }
    if (is_registration(uplink.operation) ||
        uplink.superseded) {  // U4: the device asks again by itself
        ++counters_.uplinks_unanswered;
        return end_uplink(device, uplink);
    }
    uplink.state = UplinkState::waiting;
    const auto round = std::min<std::uint32_t>(uplink.rounds++, 8);
    uplink.retry_at =
        turn_->now + std::min<Duration>(retry_first * (std::int64_t{1} << round), retry_last);
    schedule(uplink.retry_at, TimerKind::uplink_retry, device.index, uplink.id);
    changed(uplink);
}

/// The server lives: what waited for it goes now.
void Engine::on_server_alive(Device& device, const ServerDatagram& event) {
    if (!device.activity || device.activity->uplinks.empty()) return;
    const std::vector<MessageId> ids = device.activity->uplinks;
    for (const MessageId& id : ids) {
        Uplink* uplink = uplink_at(id);
        if (uplink != nullptr && uplink->endpoint == event.endpoint &&
            uplink->state == UplinkState::waiting && server_of(device, *uplink) == event.peer) {
            transmit(device, *uplink);
        }
    }
}

/// U3: the server is slow; the device is told that its request arrived.
void Engine::acknowledge_slow(Device& device, Uplink& uplink) {
    if (uplink.device_acknowledged || uplink.kind != UplinkKind::request) return;
    // U4: a server that has not acknowledged a registration may be down; then the device shall ask
    // again.
    if (uplink.state != UplinkState::acknowledged && is_registration(uplink.operation)) return;
    uplink.device_acknowledged = true;
    changed(uplink);
    reply_to_device(device, coap::make_ack(uplink.device_message_id),
                    Settles{uplink.device_message_id, uplink.content});
}

/// The server has dealt with it; its answer, if any, becomes one frame to the device.
void Engine::settle_uplink(Device& device, Uplink& uplink, const coap::Message* answer) {
    const bool confirmable = uplink.device_type == coap::Type::confirmable;
    const Settles settles{uplink.device_message_id, uplink.content};
    if (uplink.created_at + reply_life <= turn_->wall) {
        ++counters_.stale_answers;  // U9
    } else if (answer == nullptr) {
        if (confirmable && !uplink.device_acknowledged) {
            reply_to_device(device, coap::make_ack(uplink.device_message_id), settles);
        }
    } else {
        coap::Message frame = *answer;
        frame.token = uplink.device_token;
        frame.message_id = uplink.device_message_id;
        frame.type = !confirmable                 ? coap::Type::non_confirmable
                     : uplink.device_acknowledged ? coap::Type::confirmable
                                                  : coap::Type::acknowledgement;
        if (!fits(device, frame)) {  // D26
            frame.code = coap::codes::internal_server_error;
            frame.options.clear();
            frame.payload.clear();
        }
        reply_to_device(device, std::move(frame), settles);
    }
    if (answer != nullptr && answer->code.code_class() == 2) on_registered(device, uplink, *answer);
    end_uplink(device, uplink);
}

bool Engine::fits(const Device& device, const coap::Message& frame) {
    const std::size_t octets = coap::serialize(frame).size();
    const std::size_t octets_max = device.frame_octets_max();
    if (octets <= octets_max) return true;
    unsigned exponent = 6;
    while (exponent > 0 &&
           octets - frame.payload.size() + (std::size_t{16} << exponent) > octets_max) {
        --exponent;
    }
    log(LogLine::Level::warning, "RESPONSE_TOO_LARGE",
        "device=" + device.spec.external_id.text() + " octets=" + std::to_string(octets) +
            " octets_max=" + std::to_string(octets_max) +
            " fitting_szx=" + std::to_string(exponent));
    return false;
}

void Engine::on_registered(Device& device, const Uplink& uplink, const coap::Message& answer) {
    using lwm2m::Operation;
    const auto request = coap::parse(uplink.datagram);
    if (!request) return;
    switch (uplink.operation) {
        case Operation::register_: {
            Registration registration;
            registration.endpoint_name = std::string(request->query("ep").value_or(""));
            registration.location = location_of(answer);
            registration.binding = std::string(request->query("b").value_or("U"));
            registration.version = std::string(request->query("lwm2m").value_or("1.0"));
            registration.queue_mode = request->query("Q").has_value();
            const std::string lifetime(request->query("lt").value_or("86400"));
            if (!lifetime.empty() && lifetime.size() < 10 &&
                lifetime.find_first_not_of("0123456789") == std::string::npos) {
                registration.lifetime_seconds = static_cast<std::uint32_t>(std::stoul(lifetime));
            }
            registration.updated_at = turn_->wall;
            device.registration = std::move(registration);
            break;
        }
        case Operation::update:
            if (device.registration) device.registration->updated_at = turn_->wall;
            break;
        case Operation::deregister:
            device.registration.reset();
            purge_deregistered(device, uplink.endpoint);
            break;
        default:
            return;
    }
    changed(device);
}

void Engine::end_observations(Device& device) {
    for (const auto& [token, observation] : device.observations) {
        out_.batch.erase(RecordKind::observation, observation_key(device.index, token));
    }
    device.observations.clear();
}

/// D21: a device that left its server gets nothing more from it.
void Engine::purge_deregistered(Device& device, queueing::EndpointIndex endpoint) {
    end_observations(device);
    const std::vector<MessageId> ids = device.active().messages;
    for (const MessageId& id : ids) {
        Message* message = message_at(id);
        if (message == nullptr || message->is_reply() ||
            message->server.state == queueing::ServerLeg::none ||
            message->server.endpoint != endpoint) {
            continue;
        }
        if (message->device_leg == DeviceLeg::queued ||
            message->device_leg == DeviceLeg::retry_wait) {
            cancel_waiting(device, *message, Reason::deregistered);
        } else if (message->device_leg == DeviceLeg::net_buffered) {
            cancel_buffered(device, *message, Reason::deregistered);
        }
    }
}

void Engine::end_uplink(Device& device, Uplink& uplink) {
    server_messages_.erase({uplink.endpoint, uplink.server_message_id});
    auto& ids = device.active().uplinks;
    ids.erase(std::remove(ids.begin(), ids.end(), uplink.id), ids.end());
    visit(device);
    pump_later(device, turn_->now);
    const auto found = uplinks_.find(uplink.id);
    if (found == uplinks_.end()) return;
    ended_uplinks_.push_back(std::move(found->second));
    uplinks_.erase(found);
}

}  // namespace scef::adapter
