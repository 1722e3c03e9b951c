#include <algorithm>

#include "queueing/message.h"
#include "queueing/record.h"

namespace scef::queueing {
namespace {

constexpr std::uint8_t version = 5;
constexpr std::uint8_t oldest_version = 2;  ///< without what D27 needs
constexpr std::uint8_t ack_mode_since = 4;
constexpr std::uint8_t kin_since = 5;

void write_address(RecordWriter& writer, const SocketAddress& address) {
    writer.raw(address.octets).flag(address.is_ipv6).number(address.port);
}

SocketAddress read_address(RecordReader& reader) {
    SocketAddress address;
    const ByteView octets = reader.raw(address.octets.size());
    std::copy(octets.begin(), octets.end(), address.octets.begin());
    address.is_ipv6 = reader.flag();
    address.port = reader.number<std::uint16_t>();
    return address;
}

void write_server_exchange(RecordWriter& writer, const ServerExchange& server) {
    writer.number(server.state);
    if (server.state == ServerLeg::none) return;
    writer.number(server.endpoint);
    write_address(writer, server.peer);
    writer.number(server.message_id)
        .octets(server.token.view())
        .flag(server.confirmable)
        .number(server.datagram_hash)
        .time(server.asked_at)
        .octets(server.response)
        .number(server.response_message_id);
}

ServerExchange read_server_exchange(RecordReader& reader) {
    ServerExchange server;
    server.state = reader.enumerator(ServerLeg::gone);
    if (server.state == ServerLeg::none) return server;
    server.endpoint = reader.number<EndpointIndex>();
    server.peer = read_address(reader);
    server.message_id = reader.number<std::uint16_t>();
    server.token = coap::Token(reader.octets());
    server.confirmable = reader.flag();
    server.datagram_hash = reader.number<std::uint64_t>();
    server.asked_at = reader.time();
    const ByteView response = reader.octets();
    server.response.assign(response.begin(), response.end());
    server.response_message_id = reader.number<std::uint16_t>();
    return server;
}

void read_exchanges(RecordReader& reader, Message& message) {
    message.server = read_server_exchange(reader);
    const auto attached = reader.number<std::uint8_t>();
    for (unsigned i = 0; i < attached && reader.ok(); ++i) {
        message.attached.push_back(read_server_exchange(reader));
    }
    if (!reader.flag()) return;
    Settles settles;
    settles.message_id = reader.number<std::uint16_t>();
    settles.content = reader.number<std::uint64_t>();
    message.settles = settles;
}

void read_progress(RecordReader& reader, Message& message) {
    message.device_leg = reader.enumerator(DeviceLeg::done);
    message.state = reader.enumerator(MessageState::unconfirmed);
    message.level = reader.enumerator(DeliveryLevel::coap);
    message.reason = reader.enumerator(Reason::last);
    message.attempts = reader.number<std::uint32_t>();
    message.attempts_max = reader.number<std::uint32_t>();
    message.frame_numbered = reader.flag();
    message.resent = reader.flag();
    message.holds_slot = reader.flag();
    message.first_submitted_at = reader.time();
    message.last_submitted_at = reader.time();
    message.transfer_id = reader.text();
    message.timeline_length = reader.number<std::uint16_t>();
}

MessageId read_id(RecordReader& reader) { return MessageId::from_octets(reader.raw(16)); }

/// Other messages that it has to do with; most have none.
void write_kin(RecordWriter& writer, const Message& message) {
    for (const MessageId* id : {&message.replay_of, &message.replayed_as, &message.group_message}) {
        writer.flag(!id->empty());
        if (!id->empty()) writer.raw(id->octets());
    }
}

void read_kin(RecordReader& reader, Message& message) {
    for (MessageId* id : {&message.replay_of, &message.replayed_as, &message.group_message}) {
        if (reader.flag()) *id = read_id(reader);
    }
}

}  // namespace

bool Message::is_taking_a_place() const {
    return !replaces.empty() &&
           (device_leg == DeviceLeg::submitting || device_leg == DeviceLeg::in_doubt ||
            device_leg == DeviceLeg::expired_in_flight);
}

bool Message::is_responding() const {
    const auto responds = [](const ServerExchange& exchange) {
        return exchange.state == ServerLeg::responding;
    };
    return responds(server) || std::any_of(attached.begin(), attached.end(), responds);
}

Bytes to_record(const Message& message) {
    RecordWriter writer(version);
    writer.raw(message.id.octets())
        .number(message.device)
        .number(message.kind)
        .number(message.order_class)
        .number(message.priority)
        .number(message.operation)
        .octets(message.octets())
        .time(message.created_at)
        .time(message.expires_at)
        .time(message.not_before)
        .time(message.handed_over_by)
        .time(message.retry_at)
        .number(message.device_leg)
        .number(message.state)
        .number(message.level)
        .number(message.reason)
        .number(message.attempts)
        .number(message.attempts_max)
        .flag(message.frame_numbered)
        .flag(message.resent)
        .flag(message.holds_slot)
        .time(message.first_submitted_at)
        .time(message.last_submitted_at)
        .text(message.transfer_id)
        .number(message.timeline_length);
    write_server_exchange(writer, message.server);
    writer.number(static_cast<std::uint8_t>(message.attached.size()));
    for (const ServerExchange& exchange : message.attached) write_server_exchange(writer, exchange);
    writer.flag(message.settles.has_value());
    if (message.settles) {
        writer.number(message.settles->message_id).number(message.settles->content);
    }
    writer.text(message.correlation_id)
        .number(message.response_code ? message.response_code->octet : std::uint8_t{0})
        .octets(message.response_payload)
        .octets(message.late_answer)
        .flag(message.via.has_value())
        .number(message.via.value_or(0))
        .text(message.collapse_key)
        .raw(message.replaces.octets())
        .raw(message.superseded_by.octets())
        .number(message.ack);
    write_kin(writer, message);
    return writer.take();
}

Result<Message> message_from_record(ByteView record) {
    RecordReader reader(record);
    const auto written_as = reader.number<std::uint8_t>();
    if (written_as < oldest_version || written_as > version) {
        return fail(Errc::corrupt, "message record of an unknown version");
    }
    Message message;
    message.id = read_id(reader);
    if (!reader.ok()) return fail(Errc::corrupt, "message record is too short");
    message.device = reader.number<DeviceIndex>();
    message.kind = reader.enumerator(MessageKind::opaque);
    message.order_class = reader.enumerator(OrderClass::bulk);
    message.priority = reader.enumerator(Priority::emergency);
    message.operation = reader.enumerator(lwm2m::Operation::other);
    const ByteView frame = reader.octets();
    message.created_at = reader.time();
    message.expires_at = reader.time();
    message.not_before = reader.time();
    message.handed_over_by = reader.time();
    message.retry_at = reader.time();
    read_progress(reader, message);
    read_exchanges(reader, message);
    message.correlation_id = reader.text();
    const auto response_code = reader.number<std::uint8_t>();
    if (response_code != 0) message.response_code = coap::Code::from_octet(response_code);
    const ByteView payload = reader.octets();
    message.response_payload.assign(payload.begin(), payload.end());
    const ByteView late_answer = reader.octets();
    message.late_answer.assign(late_answer.begin(), late_answer.end());
    const bool has_via = reader.flag();
    const auto via = reader.number<EndpointIndex>();
    if (has_via) message.via = via;
    if (written_as > oldest_version) {
        message.collapse_key = reader.text();
        message.replaces = read_id(reader);
        message.superseded_by = read_id(reader);
    }
    if (written_as >= ack_mode_since) message.ack = reader.enumerator(AckMode::full);
    if (written_as >= kin_since) read_kin(reader, message);
    if (!reader.ok()) return fail(Errc::corrupt, "message record breaks off or is out of range");
    if (message.kind == MessageKind::opaque) {
        message.opaque.assign(frame.begin(), frame.end());
        return message;
    }
    auto parsed = coap::parse(frame);
    if (!parsed) return fail(Errc::corrupt, "the frame of a message record does not parse");
    message.frame = std::move(*parsed);
    return message;
}

}  // namespace scef::queueing
