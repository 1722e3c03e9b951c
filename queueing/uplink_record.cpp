
#include "queueing/record.h"
#include "queueing/uplink.h"

namespace scef::queueing {
namespace {

constexpr std::uint8_t version = 2;

}  // namespace

Bytes to_record(const Uplink& uplink) {
    RecordWriter writer(version);
    writer.raw(uplink.id.octets())
        .number(uplink.device)
        .number(uplink.endpoint)
        .number(uplink.kind)
        .number(uplink.state)
        .number(uplink.operation)
        .number(uplink.device_type)
        .number(uplink.device_message_id)
        .octets(uplink.device_token.view())
        .number(uplink.content)
        .flag(uplink.device_acknowledged)
        .octets(uplink.datagram)
        .number(uplink.server_message_id)
        .octets(uplink.server_token.view())
        .text(uplink.binding)
        .time(uplink.created_at)
        .time(uplink.expires_at)
        .number(uplink.rounds)
        .flag(uplink.via.has_value())
        .number(uplink.via.value_or(0));
    return writer.take();
}

Result<Uplink> uplink_from_record(ByteView record) {
    RecordReader reader(record);
    if (reader.number<std::uint8_t>() != version) {
        return fail(Errc::corrupt, "uplink record of an unknown version");
    }
    Uplink uplink;
    const ByteView id = reader.raw(16);
    if (id.size() != 16) return fail(Errc::corrupt, "uplink record is too short");
    uplink.id = MessageId::from_octets(id);
    uplink.device = reader.number<DeviceIndex>();
    uplink.endpoint = reader.number<EndpointIndex>();
    uplink.kind = reader.enumerator(UplinkKind::opaque);
    uplink.state = reader.enumerator(UplinkState::waiting);
    uplink.operation = reader.enumerator(lwm2m::Operation::other);
    uplink.device_type = reader.enumerator(coap::Type::reset);
    uplink.device_message_id = reader.number<std::uint16_t>();
    uplink.device_token = coap::Token(reader.octets());
    uplink.content = reader.number<std::uint64_t>();
    uplink.device_acknowledged = reader.flag();
    const ByteView datagram = reader.octets();
    uplink.datagram.assign(datagram.begin(), datagram.end());
    uplink.server_message_id = reader.number<std::uint16_t>();
    uplink.server_token = coap::Token(reader.octets());
    uplink.binding = reader.text();
    uplink.created_at = reader.time();
    uplink.expires_at = reader.time();
    uplink.rounds = reader.number<std::uint32_t>();
    const bool has_via = reader.flag();
    const auto endpoint = reader.number<EndpointIndex>();
    if (has_via) uplink.via = endpoint;
    if (!reader.ok()) return fail(Errc::corrupt, "uplink record breaks off or is out of range");
    return uplink;
}

}  // namespace scef::queueing
