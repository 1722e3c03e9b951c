#include <algorithm>
#include <utility>

#include "queueing/operation_name.h"
#include "queueing/record.h"
#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/quota_gate.h"

/// From a server's datagram, or the API, into the device's queue (docs/life-of-a-message.md, 1-4).
namespace scef::adapter {

using queueing::DeviceLeg;
using queueing::MessageKind;
using queueing::MessageState;
using queueing::OrderClass;
using queueing::Priority;
using queueing::Reason;
using queueing::RequestHistory;
using queueing::ServerLeg;

namespace {

constexpr Duration refusal_max_age = std::chrono::seconds(30);

std::uint32_t seconds_up(Duration duration) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, 0xffff'ffff));
}

/// Begins a message's timeline. Of the messages to a group only the one to all is in the audit log;
/// each of its members tells of it here.
std::string kind_and_origin(const queueing::Message& message) {
    std::string text(queueing::operation_name(message));
    if (!message.group_message.empty()) text += ", group message " + message.group_message.text();
    return text;
}

bool continues_block_transfer(const coap::Message& request) {
    for (const std::uint16_t option : {coap::options::block1, coap::options::block2}) {
        const auto block = coap::Block::from(request, option);
        if (block && block->number > 0) return true;
    }
    return false;
}

/// D23: one block of several that its server sends.
bool is_of_block_transfer(const coap::Message& request) {
    const auto block = coap::Block::from(request, coap::options::block1);
    return continues_block_transfer(request) || (block && block->more);
}

bool triggers_registration(const coap::Message& request) {
    const auto path = request.path();
    return request.code == coap::codes::post && path.size() == 3 && path[0] == "1" &&
           (path[2] == "8" || path[2] == "9");
}

OrderClass order_class_of(const coap::Message& request, lwm2m::Operation operation) {
    using lwm2m::Operation;
    if (operation == Operation::bootstrap_write || operation == Operation::bootstrap_delete ||
        operation == Operation::bootstrap_finish || triggers_registration(request)) {
        return OrderClass::registration;
    }
    return continues_block_transfer(request) ? OrderClass::block_continuation : OrderClass::normal;
}

/// What is between server and adapter never goes on the air.
void strip_own_options(coap::Message& request) {
    request.remove(coap::options::uri_host);
    request.remove(coap::options::uri_port);
    request.remove(coap::options::ttl_seconds);
}

queueing::ServerExchange asker_of(const ServerDatagram& event, const coap::Message& request,
                                  std::uint64_t content, WallTime wall) {
    queueing::ServerExchange asker;
    asker.endpoint = event.endpoint;
    asker.peer = event.peer;
    asker.message_id = request.message_id;
    asker.token = request.token;
    asker.confirmable = request.type == coap::Type::confirmable;
    asker.datagram_hash = content;
    asker.state = asker.confirmable ? ServerLeg::open : ServerLeg::acknowledged;
    asker.asked_at = wall;
    return asker;
}

/// The largest block exponent whose request still fits the frame (RFC 7959 2.9.3).
std::uint8_t fitting_exponent(const coap::Message& request, std::size_t frame_max) {
    constexpr std::size_t block_options = 8;
    const std::size_t overhead =
        coap::serialize(request).size() - request.payload.size() + block_options;
    std::uint8_t exponent = 6;
    while (exponent > 0 && overhead + (std::size_t{16} << exponent) > frame_max) --exponent;
    return exponent;
}

}  // namespace

void Engine::on_server_datagram(const ServerDatagram& event) {
    ++counters_.server_datagrams;
    Device* device = device_with_endpoint(event.endpoint);
    if (device == nullptr) {
        ++counters_.server_datagrams_unknown_endpoint;
        return;
    }
    if (device->spec.opaque || !coap::looks_like_coap(event.octets)) {
        return on_opaque_datagram(*device, event);
    }
    auto message = coap::parse(event.octets);
    if (!message) {
        ++counters_.server_datagrams_malformed;
        if (message.error().rejection == coap::Rejection::reset) {
            send_to_server(event.endpoint, event.peer,
                           coap::serialize(coap::make_reset(message.error().message_id)));
        }
        return;
    }
    if (message->code.is_request()) {
        on_server_alive(*device, event);
        return on_server_request(*device, event, std::move(*message));
    }
    if (message->code.is_response()) return on_server_response(*device, event, std::move(*message));
    if (message->type == coap::Type::confirmable) {  // CoAP ping, RFC 7252 4.3
        return send_to_server(event.endpoint, event.peer,
                              coap::serialize(coap::make_reset(message->message_id)));
    }
    on_server_empty(*device, event, *message);
}

void Engine::on_server_request(Device& device, const ServerDatagram& event, coap::Message request) {
    const std::uint64_t content = stable_hash(event.octets);
    const auto key = RequestHistory::key(event.endpoint, event.peer, request.message_id, content);
    if (const auto outcome = server_requests_.find(key, turn_->now)) {
        ++counters_.server_retransmissions_absorbed;
        return repeat_outcome(event, request, *outcome);
    }
    server_requests_.add(key, turn_->now + coap::exchange_lifetime);

    if (const auto code = coap::refuse_request(request)) {
        if (request.type == coap::Type::confirmable) refuse(event, request, *code);
        return;
    }
    coap::drop_bad_elective(request);
    const VirtualEndpoint& endpoint = *device.endpoint_of(event.endpoint);
    const LwM2mServerConfig& server = config_->lwm2m_servers[endpoint.server];
    const auto operation = lwm2m::classify_downlink(request, server.bootstrap);

    Message message;
    message.kind = MessageKind::request;
    message.attempts_max = device.profile->max_attempts;
    message.operation = operation;
    message.order_class = order_class_of(request, operation);
    const auto ttl = request.uint_option(coap::options::ttl_seconds);
    message.expires_at = turn_->wall + (ttl ? Duration(std::chrono::seconds(*ttl))
                                            : device.profile->ttl_of(lwm2m::name_of(operation)));
    if (is_of_block_transfer(request)) {  // D23: nothing follows once its server waits no more
        message.expires_at =
            std::min(message.expires_at, turn_->wall + server.separate_response_limit);
    }
    message.server = asker_of(event, request, content, turn_->wall);
    message.via = event.endpoint;
    message.frame = request;
    strip_own_options(message.frame);
    if (answer_same_question(device, event, message.server, message.frame, message.expires_at)) {
        return;
    }
    choose_device_token(device, message);

    const std::size_t octets = coap::serialize(message.frame).size();
    if (const auto refusal = admit(device, octets, message.priority)) {
        const bool tells_when = refusal->retry_after > Duration{};
        return refuse(event, request, coap::Code::from_octet(refusal->code),
                      tells_when ? std::optional(refusal->retry_after) : std::nullopt,
                      refusal->error.code == Errc::too_large ? device.frame_octets_max() : 0);
    }
    Message& placed = enqueue(device, std::move(message));
    server_requests_.set_message(key, placed.id);
    expect_answer(device, placed, placed.server);
    pump(device);
}

/// D1: a retransmission gets the stored outcome and goes no further.
void Engine::repeat_outcome(const ServerDatagram& event, const coap::Message& request,
                            const RequestHistory::Outcome& outcome) {
    if (!outcome.answer.empty()) {
        return send_to_server(event.endpoint, event.peer,
                              Bytes(outcome.answer.begin(), outcome.answer.end()));
    }
    if (request.type != coap::Type::confirmable || outcome.message.empty()) return;
    if (Message* message = message_at(outcome.message)) {
        Device& device = *device_at(message->device);
        message->for_each_exchange([&](queueing::ServerExchange& asker) {
            if (asker.message_id != request.message_id || asker.peer != event.peer) return;
            tell(device, *message, asker, ServerEvent::asked_again, {});
        });
        return;
    }
    send_to_server(event.endpoint, event.peer, coap::serialize(coap::make_ack(request.message_id)));
}

void Engine::refuse(const ServerDatagram& event, const coap::Message& request, coap::Code code,
                    std::optional<Duration> max_age, std::size_t frame_max) {
    ++counters_.server_requests_refused;
    if (frame_max > 0) ++counters_.oversize_answered;
    coap::Message response = coap::make_response(request, code);
    if (response.type == coap::Type::non_confirmable) {
        if (Device* device = device_with_endpoint(event.endpoint)) {
            response.message_id = next_server_message_id(*device);
        }
    }
    if (max_age) response.add_uint(coap::options::max_age, seconds_up(*max_age));
    if (frame_max > 0) {
        const std::uint8_t exponent = fitting_exponent(request, frame_max);
        response.add_uint(coap::options::block1, coap::Block{0, true, exponent}.value());
        response.add_uint(coap::options::size1,
                          static_cast<std::uint32_t>(std::size_t{16} << exponent));
    }
    Bytes octets = coap::serialize(response);
    server_requests_.set_answer(RequestHistory::key(event.endpoint, event.peer, request.message_id,
                                                    stable_hash(event.octets)),
                                octets);
    send_to_server(event.endpoint, event.peer, std::move(octets));
}

/// D3-D5: why a message may not enter the queue; nothing if it may.
std::optional<inside::Refusal> Engine::admit(Device& device, std::size_t octets, Priority priority,
                                             const inside::Room& leaves) {
    const auto refusal = [](Errc why, std::string sentence) {
        const bool passes = why == Errc::queue_full || why == Errc::overloaded;
        return inside::Refusal{
            {why, std::move(sentence)}, passes ? refusal_max_age : Duration{}, coap_code_of(why)};
    };
    if (device.nidd.status == NiddLink::Status::not_authorized ||
        device.nidd.status == NiddLink::Status::refused) {
        return refusal(Errc::unavailable,
                       "the SCEF does not let us reach this device: " + device.nidd.last_cause);
    }
    if (octets > device.frame_octets_max()) {
        return refusal(Errc::too_large, "the frame has " + std::to_string(octets) +
                                            " octets; the SCEF takes " +
                                            std::to_string(device.frame_octets_max()));
    }
    const DeviceActivity& active = device.active();
    if (active.queue.size() - leaves.messages >= config_->limits.queue_messages_per_device ||
        active.queued_bytes - leaves.octets + octets > config_->limits.queue_bytes_per_device) {
        return refusal(Errc::queue_full, "the queue of this device is full");
    }
    if (messages_.size() - leaves.messages >=
        std::max<std::uint64_t>(config_->limits.queue_messages / config_->shards, 1)) {
        return refusal(Errc::overloaded, "the adapter's queue is full");
    }
    return QuotaGate(*this, device).refusal(octets, priority);
}

/// What is not CoAP goes byte for byte. The same octets again, while the first still wait, are one
/// frame.
void Engine::on_opaque_datagram(Device& device, const ServerDatagram& event) {
    const std::uint64_t content = stable_hash(event.octets);
    bool waits_already = false;
    device.active().queue.for_each([&](const MessageId& id) {
        const Message* message = message_at(id);
        waits_already =
            waits_already || (message->kind == MessageKind::opaque &&
                              message->via == event.endpoint && message->opaque == event.octets);
    });
    if (waits_already) {
        ++counters_.server_retransmissions_absorbed;
        return;
    }
    const auto refusal = admit(device, event.octets.size(), Priority::normal);
    if (event.octets.empty() || refusal) {
        ++counters_.server_requests_refused;
        if (refusal && refusal->error.code == Errc::too_large) ++counters_.oversize_rejected;
        return;
    }
    Message message;
    message.kind = MessageKind::opaque;
    message.opaque = event.octets;
    message.via = event.endpoint;
    message.attempts_max = device.profile->max_attempts;
    message.expires_at = turn_->wall + device.profile->ttl_of("default");
    message.server.endpoint = event.endpoint;
    message.server.peer = event.peer;
    message.server.confirmable = false;
    message.server.datagram_hash = content;
    message.server.state = ServerLeg::done;
    enqueue(device, std::move(message));
    pump(device);
}

Result<queueing::Message> Engine::compose(Device& device, const EnqueueMessage& event) {
    Message message;
    message.attempts_max = event.attempts_max.value_or(device.profile->max_attempts);
    message.correlation_id = event.correlation_id;
    message.collapse_key = event.collapse_key;
    message.ack = event.ack;
    message.send_now = event.send_now;
    if (event.not_before) message.not_before = *event.not_before;
    if (event.rds) {
        const auto* endpoint = device.endpoint_of_ports(*event.rds);
        if (endpoint == nullptr) {
            return fail(Errc::invalid_argument,
                        "rds: no LwM2M server of the device has these ports");
        }
        message.via = endpoint->index;
    } else if (const auto* first = device.endpoint_of_server(device.spec.server)) {
        message.via = first->index;
    }
    Duration ttl = device.profile->ttl_of("default");
    if (event.opaque) {
        message.kind = MessageKind::opaque;
        message.opaque = event.payload;
        if (event.payload.empty()) return fail(Errc::invalid_argument, "payload: it is empty");
    } else {
        auto frame = coap::parse(event.payload);
        if (!frame || !frame->code.is_request() || coap::refuse_request(*frame)) {
            return fail(Errc::invalid_argument,
                        "payload: not a CoAP request; use contentFormat opaque for other octets");
        }
        message.frame = std::move(*frame);
        coap::drop_bad_elective(message.frame);
        message.operation = lwm2m::classify_downlink(message.frame, false);
        message.order_class = order_class_of(message.frame, message.operation);
        const auto asked = message.frame.uint_option(coap::options::ttl_seconds);
        ttl = asked ? Duration(std::chrono::seconds(*asked))
                    : device.profile->ttl_of(lwm2m::name_of(message.operation));
        strip_own_options(message.frame);
        choose_device_token(device, message);
    }
    message.priority = event.priority;
    if (event.priority == Priority::low) message.order_class = OrderClass::bulk;
    message.expires_at = turn_->wall + event.ttl.value_or(ttl);
    if (message.not_before >= message.expires_at) {
        return fail(Errc::invalid_argument, "notBefore: is later than the end of the ttl");
    }
    return message;
}

/// The request that a response of the device answers: of those with its token the oldest that was
/// sent; a piggybacked one must name the message id, too, and what names RDS ports those that the
/// request went by (RFC 7252 5.3.2).
Engine::Message* Engine::open_request(Device& device, const coap::Message& response,
                                      const Via& via) {
    if (!device.activity) return nullptr;
    for (const MessageId& id : device.activity->messages) {
        Message* message = message_at(id);
        if (message == nullptr || message->kind != MessageKind::request || message->attempts == 0 ||
            message->device_leg == DeviceLeg::done || message->frame.token != response.token ||
            (via && message->via != via)) {
            continue;
        }
        const bool notifies = response.find(coap::options::observe) != nullptr;
        if (notifies && message->frame.find(coap::options::observe) == nullptr) continue;
        if (response.type != coap::Type::acknowledgement ||
            message->frame.message_id == response.message_id) {
            return message;
        }
    }
    return nullptr;
}

Engine::Message& Engine::enqueue(Device& device, Message message) {
    message.id = make_id();
    message.device = device.index;
    message.created_at = turn_->wall;
    message.handed_over_by =
        turn_->wall + (message.send_now ? Duration{} : device.profile->hold_max);
    DeviceActivity& active = device.active();
    const MessageId id = message.id;
    Message& placed = messages_.insert(std::make_unique<Message>(std::move(message)));
    active.messages.push_back(id);
    bytes_open_ += placed.octets().size();
    enter_queue(device, placed);
    note_change(device, placed);
    if (placed.kind == MessageKind::request) active.open_by_token[placed.frame.token] = id;
    counters_.scefs[device.scef].on_enqueued(placed);
    write_timeline(placed, kind_and_origin(placed));
    schedule(instant_of(placed.expires_at), TimerKind::ttl, device.index, id);
    return placed;
}

}  // namespace scef::adapter
