#include <algorithm>
#include <utility>

#include "lwm2m-core/vocabulary/log_fields.h"
#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/quota_gate.h"
#include "scef-adapter/engine/uplink_rules.h"

/// A device's frame on its way to its server: rounds of transmission, and how the server settles it
/// (docs/life-of-a-message.md, "Uplink").
namespace scef::adapter {

using queueing::RequestHistory;
using queueing::UplinkAction;
using queueing::UplinkEvent;
using queueing::UplinkKind;
using queueing::UplinkState;

namespace {

/// The record of an opaque frame outlives its sending by this, so that a crash between the commit
/// and the datagram repeats it instead of losing it.
constexpr Duration opaque_settle = std::chrono::milliseconds(100);
constexpr Duration retry_first = std::chrono::seconds(30);
constexpr Duration retry_last = std::chrono::minutes(10);

}  // namespace

/// To the server as a confirmable message of its own, from the device's virtual endpoint.
Engine::Uplink& Engine::forward(Device& device, Uplink uplink, coap::Message frame) {
    uplink.id = make_id();
    uplink.device = device.index;
    uplink.created_at = turn_->wall;
    uplink.held_since = turn_->now;
    frame.type = coap::Type::confirmable;
    uplink.server_message_id = frame.message_id = next_server_message_id(device);
    uplink.server_token = frame.token;
    uplink.datagram = coap::serialize(frame);
    const MessageId id = uplink.id;
    Uplink& placed = *(uplinks_[id] = std::make_unique<Uplink>(std::move(uplink)));
    device.active().uplinks.push_back(id);
    usage_ledger_.received_is_about(Charge::Subject::uplink, id);
    device_requests_.set_message(
        device_request_key(device.index, placed.via, placed.device_message_id, placed.content), id);
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

/// What happened to an uplink, by the table of queueing/uplink_table.h.
void Engine::apply(Device& device, Uplink& uplink, UplinkEvent event,
                   const coap::Message* response) {
    queueing::UplinkContext context;
    context.stale = uplink.created_at + device.profile->device_answer_wait <= turn_->wall;
    context.late = uplink.created_at + inside::device_ack_hint <= turn_->wall;
    const VirtualEndpoint* endpoint = device.endpoint_of(uplink.endpoint);
    context.tells_of_outage =
        endpoint != nullptr &&
        config_->lwm2m_servers[endpoint->server].unreachable == Unreachable::service_unavailable;
    const queueing::UplinkRow* row = queueing::find_row(uplink, event, context);
    if (row == nullptr) return;
    const bool starts_again = row->to == UplinkState::sending;
    if (row->to && !starts_again) {
        uplink.state = *row->to;
        uplink.retransmission = {};
        changed(uplink);
    }
    const MessageId id = uplink.id;
    for (const UplinkAction action : row->actions) {
        perform(action, device, uplink, response);
        if (uplink_at(id) == nullptr) return;
    }
}

void Engine::perform(UplinkAction action, Device& device, Uplink& uplink,
                     const coap::Message* response) {
    switch (action) {
        case UplinkAction::acknowledge_device:
            return acknowledge_device(device, uplink);
        case UplinkAction::answer_device:
            return answer_device(device, uplink, *response);
        case UplinkAction::reset_device:
            return reset_device(device, uplink);
        case UplinkAction::refuse_device: {
            coap::Message refusal;
            refusal.code = coap::codes::service_unavailable;
            return answer_device(device, uplink, refusal);
        }
        case UplinkAction::end_observation:
            return forget_observation(device, uplink.device_token, false);
        case UplinkAction::learn:
            if (response->code.code_class() == 2) on_accepted(device, uplink, *response);
            return;
        case UplinkAction::transmit:
            return transmit(device, uplink);
        case UplinkAction::back_off: {
            const auto round = std::min<std::uint32_t>(uplink.rounds++, 8);
            uplink.retry_at =
                turn_->now +
                std::min<Duration>(retry_first * (std::int64_t{1} << round), retry_last);
            return schedule(uplink.retry_at, TimerKind::uplink_retry, device.index, uplink.id);
        }
        case UplinkAction::mark_superseded:
            uplink.superseded = true;
            return;
        case UplinkAction::count_stale:
            ++counters_.stale_answers;
            return;
        case UplinkAction::count_unanswered:
            ++counters_.uplinks_unanswered;
            return;
        case UplinkAction::end:
            return end_uplink(device, uplink);
    }
}

void Engine::uplink_copy_due(Device& device, Uplink& uplink, Instant due) {
    if (uplink.state != UplinkState::sending || uplink.retransmission.due() != due) return;
    if (!uplink.retransmission.advance({}, turn_->now)) {
        return apply(device, uplink, UplinkEvent::copies_over);
    }
    ++counters_.server_copies;
    send_to_server(uplink.endpoint, server_of(device, uplink), uplink.datagram);
    schedule(uplink.retransmission.due(), TimerKind::uplink_copy, device.index, uplink.id);
}

/// The server lives: what waited for it goes now.
void Engine::on_server_alive(Device& device, const ServerDatagram& event) {
    if (!device.activity || device.activity->uplinks.empty()) return;
    const std::vector<MessageId> ids = device.activity->uplinks;
    for (const MessageId& id : ids) {
        Uplink* uplink = uplink_at(id);
        if (uplink != nullptr && uplink->endpoint == event.endpoint &&
            server_of(device, *uplink) == event.peer) {
            apply(device, *uplink, UplinkEvent::server_spoke);
        }
    }
}

// ---- The frame back to the device

void Engine::acknowledge_device(Device& device, Uplink& uplink) {
    if (uplink.device_acknowledged || uplink.device_type != coap::Type::confirmable) return;
    uplink.device_acknowledged = true;
    changed(uplink);
    reply_to_device(device, coap::make_ack(uplink.device_message_id), uplink.via,
                    Settles{uplink.device_message_id, uplink.content});
}

/// The server's answer becomes one frame.
void Engine::answer_device(Device& device, const Uplink& uplink, coap::Message frame) {
    const bool confirmable = uplink.device_type == coap::Type::confirmable;
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
    reply_to_device(device, std::move(frame), uplink.via,
                    Settles{uplink.device_message_id, uplink.content});
}

/// U8: at once, unless the device does not wait for a frame and its quota is short, or it has our
/// ACK already: then its next notification is answered so.
void Engine::reset_device(Device& device, const Uplink& uplink) {
    const bool waits = uplink.device_type == coap::Type::confirmable && !uplink.device_acknowledged;
    if (!waits && (uplink.device_acknowledged || QuotaGate(*this, device).is_short())) {
        return remember_dead(device, uplink.device_token);
    }
    reply_to_device(device, coap::make_reset(uplink.device_message_id), uplink.via,
                    Settles{uplink.device_message_id, uplink.content});
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
    ++counters_.oversize_rejected;
    log(LogLine::Level::warning, "RESPONSE_TOO_LARGE",
        LogFields()
            .add("device", device.spec.external_id.text())
            .add("octets", octets)
            .add("octets_max", octets_max)
            .add("fitting_szx", exponent)
            .text());
    return false;
}

void Engine::end_uplink(Device& device, Uplink& uplink) {
    server_messages_.erase({uplink.endpoint, uplink.server_message_id});
    auto& ids = device.active().uplinks;
    ids.erase(std::remove(ids.begin(), ids.end(), uplink.id), ids.end());
    pump_later(device, turn_->now);
    const auto found = uplinks_.find(uplink.id);
    if (found == uplinks_.end()) return;
    ended_uplinks_.push_back(std::move(found->second));
    uplinks_.erase(found);
}

}  // namespace scef::adapter
