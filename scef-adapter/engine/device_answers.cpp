#include <utility>

#include "scef-adapter/engine/engine.h"
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
using queueing::UplinkState;

/// D10-D12, D24; a response that answers nothing open is a notification, or nothing.
void Engine::on_device_response(Device& device, const coap::Message& response,
                                std::uint64_t content) {
    const bool confirmable = response.type == coap::Type::confirmable;
    const Settles settles{response.message_id, content};
    if (Message* message = open_request(device, response)) {
        // Before the ACK, which looks at the queue: this request may wait there for its repetition.
        apply(*message, DownlinkEvent::answered, {.answer = &response});
        if (confirmable) reply_to_device(device, coap::make_ack(response.message_id), settles);
        return;
    }
    if (const auto observation = device.observations.find(response.token);
        observation != device.observations.end() && response.type != coap::Type::acknowledgement) {
        return forward_notification(device, observation->second, response, content);
    }
    visit(device);
    for (const LateAnswer& late : device.active().late_answers) {
        if (late.request.token != response.token || late.forget_at <= turn_->now ||
            response.type == coap::Type::acknowledgement) {  // which answers no NON
            continue;
        }
        update_observation(device, late.request, late.server, response);
        coap::Message answer = response;
        answer.token = late.server.token;
        answer.type = coap::Type::non_confirmable;
        answer.message_id = next_server_message_id(device);
        send_to_server(late.server.endpoint, late.server.peer, coap::serialize(answer));
        if (confirmable) reply_to_device(device, coap::make_ack(response.message_id), settles);
        return;
    }
    const VirtualEndpoint* endpoint = endpoint_for(device, false);
    const bool notifies = response.find(coap::options::observe) != nullptr &&
                          response.type != coap::Type::acknowledgement;
    if (notifies && endpoint != nullptr) {
        // An observation made before our time: the server knows it, or its RST ends it.
        const Observation unknown{response.token, response.token, endpoint->index,
                                  config_->lwm2m_servers[endpoint->server].address, ""};
        return forward_notification(device, unknown, response, content);
    }
    ++counters_.uplink_unmatched;
}

/// U5-U7: a newer notification of the same observation replaces an older one that its server has
/// not acknowledged.
void Engine::forward_notification(Device& device, const Observation& observation,
                                  const coap::Message& notification, std::uint64_t content) {
    const std::vector<MessageId> ids = device.active().uplinks;
    for (const MessageId& id : ids) {
        Uplink* older = uplink_at(id);
        if (older != nullptr && older->kind == UplinkKind::notification &&
            older->device_token == notification.token) {
            older->superseded = true;
            if (older->state == UplinkState::waiting) end_uplink(device, *older);
        }
    }
    Uplink uplink;
    uplink.endpoint = observation.endpoint;
    uplink.kind = UplinkKind::notification;
    uplink.operation = lwm2m::Operation::other;
    uplink.device_type = notification.type;
    uplink.device_message_id = notification.message_id;
    uplink.device_token = notification.token;
    uplink.content = content;
    uplink.expires_at = turn_->wall + data_life;
    coap::Message frame = notification;
    frame.token = observation.server_token;
    forward(device, std::move(uplink), std::move(frame));
}

/// D13, D14 and the device's word on our separate answers to it.
void Engine::on_device_empty(Device& device, const coap::Message& empty) {
    if (empty.type == coap::Type::confirmable) {  // CoAP ping
        return reply_to_device(device, coap::make_reset(empty.message_id), std::nullopt);
    }
    if (device.activity) {
        for (const MessageId& id : device.activity->messages) {
            Message* message = message_at(id);
            if (message == nullptr || message->kind == MessageKind::opaque ||
                !message->frame_numbered || message->attempts == 0 ||
                message->device_leg == DeviceLeg::done ||
                message->frame.type == coap::Type::acknowledgement ||
                message->frame.type == coap::Type::reset ||
                message->frame.message_id != empty.message_id) {
                continue;
            }
            if (empty.type == coap::Type::reset) {
                return apply(*message, DownlinkEvent::reset, {.answer = &empty});
            }
            return apply(*message, DownlinkEvent::acknowledged, {});
        }
    }
    ++counters_.uplink_unmatched;
}

/// One frame to the device, before everything else that waits for it. A repetition keeps its
/// message id.
void Engine::reply_to_device(Device& device, coap::Message frame, std::optional<Settles> settles,
                             bool is_repetition) {
    Message message;
    message.kind = MessageKind::reply;
    message.order_class = OrderClass::reply;
    message.priority = Priority::high;
    message.frame = std::move(frame);
    message.attempts_max = device.profile->max_attempts;
    message.expires_at = turn_->wall + reply_life;
    message.frame_numbered = is_repetition;
    if (settles) {
        number_frame(device, message);
        const RequestHistory::Key key{device.index, 0, settles->message_id};
        device_requests_.set_answer(key, settles->content, coap::serialize(message.frame));
    }
    enqueue(device, std::move(message));
    pump(device);
}

}  // namespace scef::adapter
