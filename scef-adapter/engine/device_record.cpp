#include <algorithm>
#include <array>
#include <utility>

#include "queueing/record.h"
#include "scef-adapter/engine/device.h"

namespace scef::adapter {
namespace {

using queueing::RecordReader;
using queueing::RecordWriter;

constexpr std::uint8_t version = 1;
/// 2: several servers, a registration for each, RDS ports.
constexpr std::uint8_t device_version = 2;
constexpr std::size_t frame_octets_default = 1358;  // 3GPP's recommended non-IP packet

void write_spec(RecordWriter& writer, const DeviceSpec& spec) {
    writer.text(spec.external_id.text())
        .text(spec.profile)
        .text(spec.quota)
        .text(spec.server)
        .text(spec.endpoint)
        .flag(spec.opaque)
        .number(static_cast<std::uint32_t>(spec.groups.size()));
    for (const std::string& group : spec.groups) writer.text(group);
}

bool read_spec(RecordReader& reader, DeviceSpec& spec) {
    auto external_id = ExternalId::parse(reader.text());
    if (!external_id) return false;
    spec.external_id = std::move(*external_id);
    spec.profile = reader.text();
    spec.quota = reader.text();
    spec.server = reader.text();
    spec.endpoint = reader.text();
    spec.opaque = reader.flag();
    const auto groups = reader.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < groups && reader.ok(); ++i) spec.groups.push_back(reader.text());
    return reader.ok();
}

void write_nidd(RecordWriter& writer, const NiddLink& nidd) {
    writer.number(nidd.status)
        .text(nidd.configuration_id)
        .text(nidd.capability.text())
        .number(nidd.maximum_packet_bits)
        .time(nidd.expires_at)
        .text(nidd.supported_features)
        .text(nidd.last_cause);
}

bool read_nidd(RecordReader& reader, NiddLink& nidd) {
    nidd.status = reader.enumerator(NiddLink::Status::refused);
    nidd.configuration_id = reader.text();
    const auto capability = nidd::Capability::parse(reader.text());
    if (!capability) return false;
    nidd.capability = *capability;
    nidd.maximum_packet_bits = reader.number<std::uint32_t>();
    nidd.expires_at = reader.time();
    nidd.supported_features = reader.text();
    nidd.last_cause = reader.text();
    return reader.ok();
}

void write_registration(RecordWriter& writer, const std::optional<Registration>& registration) {
    writer.flag(registration.has_value());
    if (!registration) return;
    writer.text(registration->endpoint_name)
        .text(registration->location)
        .text(registration->binding)
        .text(registration->version)
        .number(registration->lifetime_seconds)
        .flag(registration->queue_mode)
        .time(registration->updated_at);
}

std::optional<Registration> read_registration(RecordReader& reader) {
    if (!reader.flag()) return std::nullopt;
    Registration registration;
    registration.endpoint_name = reader.text();
    registration.location = reader.text();
    registration.binding = reader.text();
    registration.version = reader.text();
    registration.lifetime_seconds = reader.number<std::uint32_t>();
    registration.queue_mode = reader.flag();
    registration.updated_at = reader.time();
    return registration;
}

void write_servers(RecordWriter& writer, const Device& device) {
    writer.number(static_cast<std::uint32_t>(device.spec.servers.size()));
    for (const std::string& server : device.spec.servers) writer.text(server);
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        write_registration(writer, endpoint.registration);
    }
    writer.number(static_cast<std::uint32_t>(device.nidd.rds_ports.size()));
    for (const nidd::RdsPort& ports : device.nidd.rds_ports) {
        writer.number(ports.port_ue).number(ports.port_scef);
    }
}

void read_servers(RecordReader& reader, Device& device) {
    const auto servers = reader.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < servers && reader.ok(); ++i) {
        device.spec.servers.push_back(reader.text());
    }
    for (VirtualEndpoint& endpoint : device.endpoints) {
        endpoint.registration = read_registration(reader);
    }
    const auto ports = reader.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < ports && reader.ok(); ++i) {
        nidd::RdsPort pair;
        pair.port_ue = reader.number<std::uint16_t>();
        pair.port_scef = reader.number<std::uint16_t>();
        device.nidd.rds_ports.push_back(pair);
    }
}

void write_usage(RecordWriter& writer, const quota::DirectionQuota& quota, const Turn& turn) {
    const auto state = quota.state(turn);
    writer.time(state.theoretical_arrival)
        .number(static_cast<std::uint64_t>(state.bytes.window))
        .number(state.bytes.used)
        .number(state.messages_total)
        .number(state.bytes_total);
}

quota::DirectionQuota::State read_usage(RecordReader& reader) {
    quota::DirectionQuota::State state;
    state.theoretical_arrival = reader.time();
    state.bytes.window = static_cast<std::int64_t>(reader.number<std::uint64_t>());
    state.bytes.used = reader.number<std::uint64_t>();
    state.messages_total = reader.number<std::uint64_t>();
    state.bytes_total = reader.number<std::uint64_t>();
    return state;
}

}  // namespace

std::size_t Device::frame_octets_max() const {
    return nidd.maximum_packet_bits == 0 ? frame_octets_default : nidd.maximum_packet_bits / 8;
}

const VirtualEndpoint* Device::endpoint_of(queueing::EndpointIndex endpoint) const {
    for (const VirtualEndpoint& candidate : endpoints) {
        if (candidate.index == endpoint) return &candidate;
    }
    return nullptr;
}

VirtualEndpoint* Device::endpoint_of(queueing::EndpointIndex endpoint) {
    return const_cast<VirtualEndpoint*>(std::as_const(*this).endpoint_of(endpoint));
}

const VirtualEndpoint* Device::endpoint_of_server(std::string_view name) const {
    for (const VirtualEndpoint& candidate : endpoints) {
        if (candidate.server_name == name) return &candidate;
    }
    return nullptr;
}

const VirtualEndpoint* Device::endpoint_of_ports(const nidd::RdsPort& ports) const {
    for (const VirtualEndpoint& candidate : endpoints) {
        if (candidate.rds == ports) return &candidate;
    }
    return nullptr;
}

std::vector<nidd::RdsPort> Device::ports() const {
    std::vector<nidd::RdsPort> list;
    for (const VirtualEndpoint& endpoint : endpoints) {
        if (endpoint.rds) list.push_back(*endpoint.rds);
    }
    return list;
}

std::optional<nidd::RdsPort> Device::ports_of(const queueing::Via& via) const {
    const VirtualEndpoint* endpoint = via ? endpoint_of(*via) : nullptr;
    return endpoint == nullptr ? std::nullopt : endpoint->rds;
}

bool Device::is_registered() const {
    return std::any_of(endpoints.begin(), endpoints.end(),
                       [](const VirtualEndpoint& e) { return e.registration.has_value(); });
}

bool knows_ports(const NiddLink& nidd, const nidd::RdsPort& ports) {
    return std::find(nidd.rds_ports.begin(), nidd.rds_ports.end(), ports) != nidd.rds_ports.end();
}

std::string_view name_of(NiddLink::Status status) {
    static constexpr std::array<std::string_view, 5> names{
        "PENDING", "ACTIVE", "TERMINATED", "TERMINATED_UE_NOT_AUTHORIZED", "REFUSED"};
    return names[static_cast<std::size_t>(status)];
}

Bytes device_key(queueing::DeviceIndex device) { return RecordWriter().number(device).take(); }

Bytes observation_key(queueing::DeviceIndex device, const coap::Token& token) {
    return RecordWriter().number(device).raw(token.view()).take();
}

Bytes to_record(const Device& device) {
    RecordWriter writer(device_version);
    writer.number(device.index);
    write_spec(writer, device.spec);
    writer.flag(device.paused).time(device.created_at);
    writer.number(static_cast<std::uint32_t>(device.endpoints.size()));
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        writer.number(endpoint.index).text(endpoint.server_name);
    }
    write_nidd(writer, device.nidd);
    writer.text(device.pinned_endpoint_name)
        .number(device.device_message_ids_reserved)
        .number(device.server_message_ids_reserved)
        .time(device.last_uplink);
    writer.number(static_cast<std::uint8_t>(device.dead_tokens.size()));
    for (const coap::Token& token : device.dead_tokens) writer.octets(token.view());
    writer.flag(device.parked).time(device.frozen_until);
    for (const Duration time : {device.power.active_timer, device.power.period, device.power.cycle,
                                device.power.window}) {
        writer.number(static_cast<std::uint64_t>(time.count()));
    }
    write_servers(writer, device);
    return writer.take();
}

Result<std::unique_ptr<Device>> device_from_record(ByteView record) {
    const auto corrupt = [] { return fail(Errc::corrupt, "device record is out of order"); };
    RecordReader reader(record);
    if (reader.number<std::uint8_t>() != device_version) return corrupt();
    auto device = std::make_unique<Device>();
    device->index = reader.number<queueing::DeviceIndex>();
    if (!read_spec(reader, device->spec)) return corrupt();
    device->paused = reader.flag();
    device->created_at = reader.time();
    const auto endpoints = reader.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < endpoints && reader.ok(); ++i) {
        VirtualEndpoint endpoint;
        endpoint.index = reader.number<queueing::EndpointIndex>();
        endpoint.server_name = reader.text();
        device->endpoints.push_back(std::move(endpoint));
    }
    if (!read_nidd(reader, device->nidd)) return corrupt();
    device->pinned_endpoint_name = reader.text();
    device->device_message_ids_reserved = reader.number<std::uint16_t>();
    device->device_message_id = device->device_message_ids_reserved;
    device->server_message_ids_reserved = reader.number<std::uint16_t>();
    device->server_message_id = device->server_message_ids_reserved;
    device->last_uplink = reader.time();
    const auto dead_tokens = reader.number<std::uint8_t>();
    for (unsigned i = 0; i < dead_tokens && reader.ok(); ++i) {
        device->dead_tokens.emplace_back(reader.octets());
    }
    device->parked = reader.flag();
    device->frozen_until = reader.time();
    for (Duration* time : {&device->power.active_timer, &device->power.period, &device->power.cycle,
                           &device->power.window}) {
        *time = Duration(static_cast<Duration::rep>(reader.number<std::uint64_t>()));
    }
    read_servers(reader, *device);
    if (!reader.ok()) return corrupt();
    return device;
}

Bytes to_record(const Observation& observation) {
    RecordWriter writer(version);
    writer.octets(observation.device_token.view())
        .octets(observation.server_token.view())
        .number(observation.endpoint)
        .raw(observation.peer.octets)
        .flag(observation.peer.is_ipv6)
        .number(observation.peer.port)
        .text(observation.path);
    return writer.take();
}

Result<Observation> observation_from_record(ByteView record) {
    RecordReader reader(record);
    Observation observation;
    const bool known = reader.number<std::uint8_t>() == version;
    observation.device_token = coap::Token(reader.octets());
    observation.server_token = coap::Token(reader.octets());
    observation.endpoint = reader.number<queueing::EndpointIndex>();
    const ByteView peer = reader.raw(16);
    std::copy(peer.begin(), peer.end(), observation.peer.octets.begin());
    observation.peer.is_ipv6 = reader.flag();
    observation.peer.port = reader.number<std::uint16_t>();
    observation.path = reader.text();
    if (!known || !reader.ok()) return fail(Errc::corrupt, "observation record is out of order");
    return observation;
}

Bytes usage_record(const Device& device, const Turn& turn) {
    RecordWriter writer(version);
    write_usage(writer, *device.downlink_quota, turn);
    write_usage(writer, *device.uplink_quota, turn);
    return writer.take();
}

Status restore_usage(Device& device, ByteView record, const Turn& turn) {
    RecordReader reader(record);
    const bool known = reader.number<std::uint8_t>() == version;
    const auto downlink = read_usage(reader);
    const auto uplink = read_usage(reader);
    if (!known || !reader.ok()) return fail(Errc::corrupt, "usage record is out of order");
    device.downlink_quota->restore(downlink, turn);
    device.uplink_quota->restore(uplink, turn);
    return {};
}

}  // namespace scef::adapter
