#include <algorithm>
#include <utility>

#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/quota_gate.h"
#include "scef-adapter/engine/uplink_rules.h"

/// What a device answers and notifies, and the frames that go back to it first of all
/// (docs/life-of-a-message.md, "Uplink").
namespace scef::adapter {

using queueing::DeviceLeg;
using queueing::MessageKind;
using queueing::OrderClass;
using queueing::Priority;
using queueing::RequestHistory;
using queueing::UplinkKind;

namespace {

/// RFC 7641 3.4: by their 24-bit numbers, or by time when more than 128 s lie between them; by
/// steady time, for the wall clock may have been set.
bool is_older(const coap::Message& notification, const queueing::Uplink& pending, Instant now) {
    constexpr Duration order_by_number = std::chrono::seconds(128);
    const auto frame = coap::parse(pending.datagram);
    if (!frame || now - pending.held_since > order_by_number) return false;
    const auto mine = notification.uint_option(coap::options::observe);
    const auto theirs = frame->uint_option(coap::options::observe);
    if (!mine || !theirs) return false;
    return ((*theirs - *mine) & 0xff'ffffu) - 1 < 0x7f'ffffu;
}

}  // namespace

/// D10-D12, D24; a response that answers nothing open is a notification, or nothing.
void Engine::on_device_response(Device& device, const coap::Message& response,
                                std::uint64_t content, const Via& via) {
    if (Message* message = open_request(device, response, via)) {
        usage_ledger_.received_is_about(Charge::Subject::message, message->id);
        const bool was_told = message->server.state == queueing::ServerLeg::responding ||
                              message->server.state == queueing::ServerLeg::done ||
                              message->server.state == queueing::ServerLeg::gone;
        // Before the ACK, which looks at the queue: this request may wait there for its repetition.
        apply(*message, DownlinkEvent::answered, {.answer = &response});
        const auto made = device.observations.find(response.token);
        if (was_told && made != device.observations.end() &&
            response.type != coap::Type::acknowledgement) {
            // D15: who asked was told otherwise; to it, this is the first notification.
            return forward_notification(device, made->second, response, content, via);
        }
        if (response.type == coap::Type::confirmable) {
            reply_to_device(device, coap::make_ack(response.message_id), via,
                            Settles{response.message_id, content});
        }
        return;
    }
    if (const auto observation = device.observations.find(response.token);
        observation != device.observations.end() && response.type != coap::Type::acknowledgement &&
        (!via || observation->second.endpoint == *via)) {
        return forward_notification(device, observation->second, response, content, via);
    }
    if (on_late_answer(device, response, content, via)) return;
    if (on_dead_notification(device, response, via, {response.message_id, content})) {
        return;
    }
    const VirtualEndpoint* endpoint = via ? device.endpoint_of(*via) : endpoint_for(device, false);
    const bool notifies = response.find(coap::options::observe) != nullptr &&
                          response.type != coap::Type::acknowledgement;
    if (notifies && endpoint != nullptr) {
        // An observation made before our time: the server knows it, or its RST ends it.
        const Observation unknown{response.token, response.token, endpoint->index,
                                  config_->lwm2m_servers[endpoint->server].address, ""};
        return forward_notification(device, unknown, response, content, via);
    }
    ++counters_.uplink_unmatched;
}

/// U8: a notification of an observation that no server knows any more. One that the device does not
/// wait for is answered only if that costs no debt, and goes to the server otherwise.
bool Engine::on_dead_notification(Device& device, const coap::Message& response, const Via& via,
                                  const Settles& settles) {
    auto& dead = device.dead_tokens;
    const auto found = std::find(dead.begin(), dead.end(), response.token);
    if (found == dead.end() || response.type == coap::Type::acknowledgement) return false;
    if (response.type != coap::Type::confirmable && QuotaGate(*this, device).is_short())
        return false;
    ++counters_.uplink_unmatched;
    dead.erase(found);
    changed(device);
    reply_to_device(device, coap::make_reset(response.message_id), via, settles);
    return true;
}

/// D20: the answer to a NON request that is over.
bool Engine::on_late_answer(Device& device, const coap::Message& response, std::uint64_t content,
                            const Via& via) {
    for (const LateAnswer& late : device.active().late_answers) {
        if (late.request.token != response.token || late.forget_at <= turn_->now) continue;
        if (response.type == coap::Type::acknowledgement) continue;  // it answers no NON
        if (via && late.server.endpoint != *via) continue;
        update_observation(device, late.request, late.server, response);
        if (const auto made = device.observations.find(response.token);
            made != device.observations.end()) {  // its first notification, as lasting as the next
            forward_notification(device, made->second, response, content, via);
            return true;
        }
        coap::Message answer = response;
        answer.token = late.server.token;
        answer.type = coap::Type::non_confirmable;
        answer.message_id = next_server_message_id(device);
        send_to_server(late.server.endpoint, late.server.peer, coap::serialize(answer));
        if (response.type == coap::Type::confirmable) {
            reply_to_device(device, coap::make_ack(response.message_id), via,
                            Settles{response.message_id, content});
        }
        return true;
    }
    return false;
}

/// U5-U7: a newer notification of the same observation replaces an older one that its server has
/// not acknowledged.
void Engine::forward_notification(Device& device, const Observation& observation,
                                  const coap::Message& notification, std::uint64_t content,
                                  const Via& via) {
    bool overtaken = false;
    const std::vector<MessageId> ids = device.active().uplinks;
    for (const MessageId& id : ids) {
        Uplink* older = uplink_at(id);
        if (older != nullptr && older->kind == UplinkKind::notification &&
            older->device_token == notification.token && older->endpoint == observation.endpoint) {
            overtaken = overtaken || is_older(notification, *older, turn_->now);
            if (overtaken) continue;
            apply(device, *older, UplinkEvent::superseded);
        }
    }
    Uplink uplink;
    uplink.endpoint = observation.endpoint;
    uplink.via = via;
    uplink.kind = UplinkKind::notification;
    uplink.operation = lwm2m::Operation::other;
    uplink.device_type = notification.type;
    uplink.device_message_id = notification.message_id;
    uplink.device_token = notification.token;
    uplink.content = content;
    uplink.expires_at = turn_->wall + data_life;
    uplink.superseded = overtaken;  // its server tells by the number; one round is enough
    coap::Message frame = notification;
    frame.token = observation.server_token;
    learn_in_passing(device, observation.path, notification);
    Uplink& placed = forward(device, std::move(uplink), std::move(frame));
    if (device.profile->local_ack) acknowledge_device(device, placed);  // U6: it is recorded
}

/// D13, D14 and the device's word on our separate answers to it.
void Engine::on_device_empty(Device& device, const coap::Message& empty, const Via& via) {
    if (empty.type == coap::Type::confirmable) {  // CoAP ping
        return reply_to_device(device, coap::make_reset(empty.message_id), via, std::nullopt);
    }
    if (device.activity) {
        for (const MessageId& id : device.activity->messages) {
            Message* message = message_at(id);
            if (message == nullptr || message->kind == MessageKind::opaque ||
                !message->frame_numbered || message->attempts == 0 ||
                message->device_leg == DeviceLeg::done ||
                message->frame.type == coap::Type::acknowledgement ||
                message->frame.type == coap::Type::reset ||
                message->frame.message_id != empty.message_id || (via && message->via != via)) {
                continue;
            }
            usage_ledger_.received_is_about(Charge::Subject::message, message->id);
            if (empty.type == coap::Type::reset) {
                return apply(*message, DownlinkEvent::reset, {.answer = &empty});
            }
            return apply(*message, DownlinkEvent::acknowledged, {});
        }
    }
    ++counters_.uplink_unmatched;
}

/// One frame to the device by the ports that what it answers came by, before everything else that
/// waits for it. A repetition keeps its message id.
void Engine::reply_to_device(Device& device, coap::Message frame, const Via& via,
                             std::optional<Settles> settles, bool is_repetition) {
    Message message;
    message.kind = MessageKind::reply;
    message.order_class = OrderClass::reply;
    message.priority = Priority::high;
    message.frame = std::move(frame);
    message.via = via;
    message.attempts_max = device.profile->max_attempts;
    message.expires_at = turn_->wall + device.profile->device_answer_wait;
    message.frame_numbered = is_repetition;
    message.settles = settles;
    if (settles) {
        number_frame(device, message);
        const auto key =
            device_request_key(device.index, via, settles->message_id, settles->content);
        device_requests_.set_answer(key, coap::serialize(message.frame));
    }
    enqueue(device, std::move(message));
    pump(device);
}

}  // namespace scef::adapter
