#include <algorithm>
#include <utility>

#include "scef-adapter/engine/engine.h"

/// From the SCEF's notification to the LwM2M server, and the server's answer back into the device's
/// queue (docs/life-of-a-message.md, "Uplink").
namespace scef::adapter {

using queueing::DeviceLeg;
using queueing::MessageKind;
using queueing::OrderClass;
using queueing::Priority;
using queueing::Reason;
using queueing::RecordKind;
using queueing::RequestHistory;
using queueing::UplinkKind;
using queueing::UplinkState;

namespace {

constexpr Duration reply_life = std::chrono::seconds(93);         // a device's MAX_TRANSMIT_WAIT
constexpr Duration registration_life = std::chrono::seconds(60);  // U4
/// The record of an opaque frame outlives its sending by this, so that a crash between the commit
/// and the datagram repeats it instead of losing it.
constexpr Duration opaque_settle = std::chrono::milliseconds(100);
constexpr Duration opaque_deduplication = std::chrono::seconds(5);  // an HTTP retry
constexpr Duration data_life = std::chrono::hours(24);
constexpr Duration register_deduplication = std::chrono::seconds(60);
constexpr Duration retry_first = std::chrono::seconds(30);
constexpr Duration retry_last = std::chrono::minutes(10);

bool is_registration(lwm2m::Operation operation) {
    using lwm2m::Operation;
    return operation == Operation::register_ || operation == Operation::update ||
           operation == Operation::deregister || operation == Operation::bootstrap_request ||
           operation == Operation::bootstrap_pack_request;
}

std::string location_of(const coap::Message& answer) {
    std::string location;
    for (const coap::Option& option : answer.options) {
        if (option.number == coap::options::location_path)
            location += '/' + std::string(option.text());
    }
    return location;
}

}  // namespace

// ---- Notifications of the SCEF

void Engine::on_notification(const ScefNotification& event) {
    const nidd::Capability& capability = event.notification.capability;
    Device* device = device_at(capability.device);
    const bool proven = device != nullptr && capability.proves(device->nidd.capability);
    const int status = proven ? judge_notification(*device, event.notification) : 404;
    ++(status == 204 ? counters_.notifications_accepted : counters_.notifications_refused);
    out_.effects.emplace_back(NotificationReply{event.reply, {status, std::nullopt}});
}

int Engine::judge_notification(Device& device, const nidd::IncomingNotification& notification) {
    // While there is no configuration of ours the id is not known yet: the capability is proof
    // enough.
    const auto is_ours = [&](const std::string& link) {
        if (device.nidd.configuration_id.empty()) return true;
        return nidd::configuration_id_of(link) == device.nidd.configuration_id;
    };
    const auto names_device = [&](const std::string& external_id) {
        if (external_id.empty()) return true;  // by MSISDN: the capability names the device
        const auto id = ExternalId::parse(external_id);
        return id && *id == device.spec.external_id;
    };
    if (const auto* uplink = std::get_if<nidd::NiddUplinkDataNotification>(&notification.body)) {
        if (!is_ours(uplink->nidd_configuration) || !names_device(uplink->external_id)) return 404;
        on_uplink(device, *uplink);
        return 204;
    }
    if (const auto* status =
            std::get_if<nidd::NiddDownlinkDataDeliveryStatusNotification>(&notification.body)) {
        return on_delivery_status(device, *status);
    }
    if (const auto* status =
            std::get_if<nidd::NiddConfigurationStatusNotification>(&notification.body)) {
        if (!is_ours(status->nidd_configuration) || !names_device(status->external_id)) return 404;
        on_configuration_status(device, *status);
        return 204;
    }
    return 204;  // TestNotification
}

void Engine::on_uplink(Device& device, const nidd::NiddUplinkDataNotification& notification) {
    ++counters_.uplinks;
    counters_.uplink_bytes += notification.data.size();
    if (device.uplink_quota->earliest(*turn_, notification.data.size()) > turn_->now) {
        ++counters_.uplink_over_quota;
    }
    device.uplink_quota->charge(*turn_, notification.data.size());
    usage_changed(device);
    device.last_uplink = turn_->wall;
    changed(device);
    const bool is_leaving = leaves(device, notification.data);
    device.reachable_until =
        turn_->now + (is_leaving ? Duration{} : device.profile->reachability.active_timer);
    on_uplink_frame(device, notification.data);
    if (!device.activity) return visit(device);
    for (const MessageId& id : device.activity->messages) {
        Message* message = message_at(id);  // D18: the device is there, so waiting for a retry ends
        if (message != nullptr && message->queued_here && (!is_leaving || message->is_reply()) &&
            message->retry_at > turn_->wall) {
            message->retry_at = turn_->wall;
            changed(*message);
        }
    }
    pump(device);
}

/// D18: a De-register opens no window; the device waits for its answer only.
bool Engine::leaves(const Device& device, ByteView octets) const {
    if (device.spec.opaque) return false;
    const auto frame = coap::parse(octets);
    return frame && frame->code.is_request() &&
           lwm2m::classify_uplink(*frame) == lwm2m::Operation::deregister;
}

void Engine::on_uplink_frame(Device& device, ByteView octets) {
    if (device.spec.opaque || !coap::looks_like_coap(octets))
        return on_opaque_uplink(device, octets);
    auto frame = coap::parse(octets);
    if (!frame) {
        ++counters_.uplink_malformed;
        if (frame.error().rejection == coap::Rejection::reset) {
            reply_to_device(device, coap::make_reset(frame.error().message_id), std::nullopt);
        }
        return;
    }
    if (frame->code.is_empty()) return on_device_empty(device, *frame);
    const std::uint64_t content = stable_hash(octets);
    if (frame->type == coap::Type::confirmable || frame->type == coap::Type::non_confirmable) {
        const RequestHistory::Key key{device.index, 0, frame->message_id};
        if (const auto* entry = device_requests_.find(key, content, turn_->now)) {
            ++counters_.uplink_duplicates;
            return repeat_answer(device, *entry);
        }
        const bool is_register = frame->code.is_request() &&
                                 lwm2m::classify_uplink(*frame) == lwm2m::Operation::register_;
        device_requests_.add(
            key, {content,
                  {},
                  {},
                  turn_->now + (is_register ? register_deduplication : coap::exchange_lifetime)});
    }
    if (frame->code.is_request()) return on_device_request(device, std::move(*frame), content);
    on_device_response(device, *frame, content);
}

/// U1, U2: the answer once more if there is one and it does not wait already; otherwise nothing.
void Engine::repeat_answer(Device& device, const RequestHistory::Entry& entry) {
    if (entry.answer.empty()) return;
    for (const MessageId& id : device.active().messages) {
        const Message* message = message_at(id);
        if (message != nullptr && message->is_reply() && message->octets() == entry.answer) return;
    }
    if (auto frame = coap::parse(entry.answer)) {
        reply_to_device(device, std::move(*frame), std::nullopt, true);
    }
}

// ---- Requests of the device

const VirtualEndpoint* Engine::endpoint_for(const Device& device, bool bootstrap) const {
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        if (config_->lwm2m_servers[endpoint.server].bootstrap == bootstrap) return &endpoint;
    }
    return nullptr;
}

void Engine::on_device_request(Device& device, coap::Message request, std::uint64_t content) {
    const lwm2m::Operation operation = lwm2m::classify_uplink(request);
    const bool to_bootstrap = operation == lwm2m::Operation::bootstrap_request ||
                              operation == lwm2m::Operation::bootstrap_pack_request;
    const VirtualEndpoint* endpoint = endpoint_for(device, to_bootstrap);
    if (endpoint == nullptr) {
        if (request.type == coap::Type::confirmable) {
            reply_to_device(device, coap::make_response(request, coap::codes::not_found),
                            Settles{request.message_id, content});
        }
        return;
    }
    if (operation == lwm2m::Operation::register_ && !accept_registration(device, request)) {
        if (request.type == coap::Type::confirmable) {
            reply_to_device(device, coap::make_response(request, coap::codes::bad_request),
                            Settles{request.message_id, content});
        }
        return;
    }
    if (operation == lwm2m::Operation::register_ || operation == lwm2m::Operation::update) {
        rewrite_binding(device, request);
    }
    Uplink uplink;
    uplink.endpoint = endpoint->index;
    uplink.kind = UplinkKind::request;
    uplink.operation = operation;
    uplink.device_type = request.type;
    uplink.device_message_id = request.message_id;
    uplink.device_token = request.token;
    uplink.content = content;
    uplink.expires_at = turn_->wall + (is_registration(operation) ? registration_life : data_life);
    Uplink& placed = forward(device, std::move(uplink), std::move(request));
    if (placed.device_type == coap::Type::confirmable) {
        schedule(turn_->now + device_ack_hint, TimerKind::uplink_slow, device.index, placed.id);
    }
}

/// U10: the endpoint name is provisioned, or learned at the first Register and pinned.
bool Engine::accept_registration(Device& device, coap::Message& request) {
    const auto name = request.query("ep");
    const std::string& expected =
        device.spec.endpoint.empty() ? device.pinned_endpoint_name : device.spec.endpoint;
    if (!name) {
        if (!expected.empty()) request.add_text(coap::options::uri_query, "ep=" + expected);
        return true;
    }
    if (expected.empty()) {
        device.pinned_endpoint_name = std::string(*name);
        changed(device);
        return true;
    }
    if (*name == expected) return true;
    ++counters_.endpoint_name_mismatches;
    log(LogLine::Level::warning, "ENDPOINT_NAME_MISMATCH",
        "device=" + device.spec.external_id.text() + " expected=" + to_hex(as_bytes(expected)) +
            " got=" + to_hex(as_bytes(*name)) + " (hexadecimal)");
    return false;
}

/// U14: servers that refuse `N`, or fall silent because of `Q`.
void Engine::rewrite_binding(const Device& device, coap::Message& request) const {
    const VirtualEndpoint* endpoint = endpoint_for(device, false);
    const BindingRewrite rewrite = config_->lwm2m_servers[endpoint->server].binding_rewrite;
    if (rewrite == BindingRewrite::keep || request.find(coap::options::oscore) != nullptr) return;
    std::vector<std::string> queries;
    for (const coap::Option& option : request.options) {
        if (option.number == coap::options::uri_query) queries.emplace_back(option.text());
    }
    request.remove(coap::options::uri_query);
    for (std::string& query : queries) {
        if (query == "Q") continue;
        if (rewrite == BindingRewrite::udp && query.starts_with("b=")) query = "b=U";
        request.add_text(coap::options::uri_query, query);
    }
}

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
            end_observations(device);  // Core TS 6.4
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

// ---- Answers of the device

/// D10-D12, D24; a response that answers nothing open is a notification, or nothing.
void Engine::on_device_response(Device& device, const coap::Message& response,
                                std::uint64_t content) {
    const bool confirmable = response.type == coap::Type::confirmable;
    const Settles settles{response.message_id, content};
    if (Message* message = open_request(device, response)) {
        if (confirmable) reply_to_device(device, coap::make_ack(response.message_id), settles);
        return apply(*message, DownlinkEvent::answered, {.answer = &response});
    }
    if (const auto observation = device.observations.find(response.token);
        observation != device.observations.end() && response.type != coap::Type::acknowledgement) {
        return forward_notification(device, observation->second, response, content);
    }
    visit(device);
    for (const LateAnswer& late : device.active().late_answers) {
        if (late.device_token != response.token || late.forget_at <= turn_->now) continue;
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

// ---- Opaque frames

void Engine::on_opaque_uplink(Device& device, ByteView octets) {
    const VirtualEndpoint* endpoint = endpoint_for(device, false);
    if (endpoint == nullptr) return;
    const std::uint64_t content = stable_hash(octets);
    const RequestHistory::Key key{device.index, content | 1, 0};
    if (device_requests_.find(key, content, turn_->now) != nullptr) {
        ++counters_.uplink_duplicates;
        return;
    }
    device_requests_.add(key, {content, {}, {}, turn_->now + opaque_deduplication});
    Uplink uplink;
    uplink.id = make_id();
    uplink.device = device.index;
    uplink.endpoint = endpoint->index;
    uplink.kind = UplinkKind::opaque;
    uplink.created_at = turn_->wall;
    uplink.expires_at = turn_->wall + data_life;
    uplink.datagram.assign(octets.begin(), octets.end());
    const MessageId id = uplink.id;
    Uplink& placed = *(uplinks_[id] = std::make_unique<Uplink>(std::move(uplink)));
    device.active().uplinks.push_back(id);
    changed(placed);
    transmit(device, placed);
}

}  // namespace scef::adapter
