#include <algorithm>
#include <array>
#include <utility>

#include "queueing/record.h"
#include "scef-adapter/engine/device_fields.h"

namespace scef::adapter {
namespace {

using queueing::RecordReader;
using queueing::RecordWriter;

constexpr std::uint8_t version = 4, version_oldest = 3;
constexpr std::uint8_t observation_version = 3;
constexpr std::uint8_t usage_version = 5;  ///< 4: without what is learned
constexpr std::uint8_t usage_version_oldest = 4;
constexpr std::uint8_t usage_version_before_calendars = 3;
constexpr std::size_t frame_octets_default = 1358;  // 3GPP's recommended non-IP packet

/// Writes the fields that it is shown into a record.
class RecordOut {
public:
    static constexpr bool keeps_volatile = false;

    explicit RecordOut(std::uint8_t of_version) : writer_(of_version) {}
    static constexpr bool has(std::uint8_t) { return true; }
    Bytes take() { return writer_.take(); }

    template <typename T>
    void number(T value) {
        writer_.number(value);
    }
    void signed_number(std::int64_t value) { writer_.number(static_cast<std::uint64_t>(value)); }
    template <typename T>
    void enumerator(T value, T) {
        writer_.number(value);
    }
    void index(queueing::DeviceIndex value) { writer_.number(value); }
    void flag(bool value) { writer_.flag(value); }
    void time(WallTime value) { writer_.time(value); }
    void moment(WallTime value) { writer_.time(value); }
    void duration(Duration value) { signed_number(value.count()); }
    void text(const std::string& value) { writer_.text(value); }
    void common_text(const std::string& value) { writer_.text(value); }
    void external_id(const ExternalId& value) { writer_.text(value.text()); }
    void profile(const std::string& name, const ProfileConfig*) { writer_.text(name); }
    void quota(const std::string& name, const QuotaConfig*) { writer_.text(name); }
    void server(const std::string& name, std::size_t = 0) { writer_.text(name); }
    void capability(const nidd::Capability& value, queueing::DeviceIndex) {
        writer_.text(value.text());
    }
    void token(const coap::Token& value) { writer_.octets(value.view()); }
    void address(const SocketAddress& value) {
        writer_.raw(value.octets).flag(value.is_ipv6).number(value.port);
    }
    template <typename T, typename Each>
    void list(const std::vector<T>& values, Each each) {
        writer_.number(static_cast<std::uint32_t>(values.size()));
        for (const T& value : values) each(value);
    }
    template <typename T, typename Each>
    void optional(const std::optional<T>& value, Each each) {
        writer_.flag(value.has_value());
        if (value) each(*value);
    }

    /// Up to the last value that is not zero.
    template <typename Array, typename Each>
    void front(const Array& values, Each each) {
        std::size_t size = values.size();
        while (size > 0 && values[size - 1] == typename Array::value_type{}) --size;
        writer_.number(static_cast<std::uint8_t>(size));
        for (std::size_t i = 0; i < size; ++i) each(values[i]);
    }

private:
    RecordWriter writer_;
};

/// Reads a record into the fields that it is shown.
class RecordIn {
public:
    static constexpr bool keeps_volatile = false;

    RecordIn(ByteView record, std::uint8_t oldest, std::uint8_t newest)
        : reader_(record), version_(reader_.number<std::uint8_t>()) {
        valid_ = oldest <= version_ && version_ <= newest;
    }
    bool has(std::uint8_t since) const { return version_ >= since; }
    /// The record was whole, of a known version, and all of its fields were good.
    bool ok() const { return valid_ && reader_.ok(); }

    template <typename T>
    void number(T& value) {
        value = reader_.number<T>();
    }
    void signed_number(std::int64_t& value) {
        value = static_cast<std::int64_t>(reader_.number<std::uint64_t>());
    }
    template <typename T>
    void enumerator(T& value, T last) {
        value = reader_.enumerator(last);
    }
    void index(queueing::DeviceIndex& value) { number(value); }
    void flag(bool& value) { value = reader_.flag(); }
    void time(WallTime& value) { value = reader_.time(); }
    void moment(WallTime& value) { value = reader_.time(); }
    void duration(Duration& value) {
        value = Duration(static_cast<Duration::rep>(reader_.number<std::uint64_t>()));
    }
    void text(std::string& value) { value = reader_.text(); }
    void common_text(std::string& value) { value = reader_.text(); }
    void external_id(ExternalId& value) {
        if (auto parsed = ExternalId::parse(reader_.text())) {
            value = std::move(*parsed);
        } else {
            valid_ = false;
        }
    }
    void profile(std::string& name, const ProfileConfig*) { name = reader_.text(); }
    void quota(std::string& name, const QuotaConfig*) { name = reader_.text(); }
    void server(std::string& name, std::size_t = 0) { name = reader_.text(); }
    void capability(nidd::Capability& value, queueing::DeviceIndex) {
        const auto parsed = nidd::Capability::parse(reader_.text());
        valid_ = valid_ && parsed;
        value = parsed.value_or(nidd::Capability{});
    }
    void token(coap::Token& value) { value = coap::Token(reader_.octets()); }
    void address(SocketAddress& value) {
        const ByteView octets = reader_.raw(value.octets.size());
        std::copy(octets.begin(), octets.end(), value.octets.begin());
        value.is_ipv6 = reader_.flag();
        value.port = reader_.number<std::uint16_t>();
    }
    template <typename T, typename Each>
    void list(std::vector<T>& values, Each each) {
        const auto count = reader_.number<std::uint32_t>();
        for (std::uint32_t i = 0; i < count && ok(); ++i) each(values.emplace_back());
    }
    template <typename T, typename Each>
    void optional(std::optional<T>& value, Each each) {
        if (reader_.flag()) each(value.emplace());
    }
    template <typename Array, typename Each>
    void front(Array& values, Each each) {
        const auto size = reader_.number<std::uint8_t>();
        valid_ = valid_ && size <= values.size();
        for (std::size_t i = 0; i < size && ok(); ++i) each(values[i]);
    }

private:
    RecordReader reader_;
    std::uint8_t version_;
    bool valid_ = true;
};

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
    RecordOut record(version);
    visit_device(record, device);
    return record.take();
}

Result<std::unique_ptr<Device>> device_from_record(ByteView octets) {
    RecordIn record(octets, version_oldest, version);
    auto device = std::make_unique<Device>();
    visit_device(record, *device);
    if (!record.ok()) return fail(Errc::corrupt, "device record is out of order");
    device->device_message_id = device->device_message_ids_reserved;
    device->server_message_id = device->server_message_ids_reserved;
    return device;
}

Bytes to_record(const Observation& observation) {
    RecordOut record(observation_version);
    visit_observation(record, observation);
    return record.take();
}

Result<Observation> observation_from_record(ByteView octets) {
    RecordIn record(octets, observation_version, observation_version);
    Observation observation;
    visit_observation(record, observation);
    if (!record.ok()) return fail(Errc::corrupt, "observation record is out of order");
    return observation;
}

Bytes usage_record(const Device& device, const quota::QuotaTime& time) {
    RecordOut record(usage_version);
    const auto downlink = device.downlink_quota->state(time);
    const auto uplink = device.uplink_quota->state(time);
    visit_usage(record, downlink);
    visit_usage(record, uplink);
    record.flag(device.learned_quota != nullptr);
    if (device.learned_quota) {
        const auto learned = device.learned_quota->state(time);
        for (const auto& state : learned) visit_usage(record, state);
    }
    return record.take();
}

namespace {

/// Of version 3: one rate, and one allowance whose windows were counted from the epoch. Its marks
/// tell that the rate may have been another one.
quota::DirectionQuota::State old_usage(RecordReader& reader, const quota::QuotaLimits& limits) {
    using Kind = quota::CalendarPeriod::Kind;
    quota::DirectionQuota::State state;
    state.account.arrivals[0] = reader.time();
    state.account.rates_mark = 1;
    const auto window = static_cast<Duration::rep>(reader.number<std::uint64_t>());
    state.account.used[0] = reader.number<std::uint64_t>();
    state.messages_total = reader.number<std::uint64_t>();
    state.bytes_total = reader.number<std::uint64_t>();
    if (limits.allowances.empty()) return state;
    const quota::CalendarPeriod& period = limits.allowances[0].period;
    const Duration length = period.kind == Kind::fixed ? period.length
                            : period.kind == Kind::day ? Duration(std::chrono::days(1))
                                                       : Duration(std::chrono::weeks(1));
    if (window > 0 && window < WallTime::max().time_since_epoch() / length) {
        state.account.counted_at = WallTime(length * window);
    }
    return state;
}

Status restore_old_usage(Device& device, ByteView octets, const quota::QuotaTime& time) {
    RecordReader reader(octets.subspan(1));
    const auto downlink = old_usage(reader, device.quota->downlink);
    const auto uplink = old_usage(reader, device.quota->uplink);
    if (!reader.ok()) return fail(Errc::corrupt, "usage record is out of order");
    device.downlink_quota->restore(downlink, time);
    device.uplink_quota->restore(uplink, time);
    return {};
}

}  // namespace

Status restore_usage(Device& device, ByteView octets, const quota::QuotaTime& time) {
    if (!octets.empty() && octets[0] == usage_version_before_calendars) {
        return restore_old_usage(device, octets, time);
    }
    RecordIn record(octets, usage_version_oldest, usage_version);
    quota::DirectionQuota::State downlink;
    quota::DirectionQuota::State uplink;
    visit_usage(record, downlink);
    visit_usage(record, uplink);
    bool has_learned = false;
    if (record.has(usage_version)) record.flag(has_learned);
    LearnedQuota::Records<WallTime> learned;
    for (std::size_t i = 0; has_learned && i < learned.size(); ++i) visit_usage(record, learned[i]);
    if (!record.ok()) return fail(Errc::corrupt, "usage record is out of order");
    device.downlink_quota->restore(downlink, time);
    device.uplink_quota->restore(uplink, time);
    if (has_learned && device.learned_quota) device.learned_quota->restore(learned, time);
    return {};
}

}  // namespace scef::adapter
