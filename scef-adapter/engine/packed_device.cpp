#include "scef-adapter/engine/packed_device.h"

#include <algorithm>
#include <cassert>

#include "scef-adapter/engine/device_fields.h"
#include "scef-adapter/engine/packed_numbers.h"
#include "scef-adapter/engine/resting_activity.h"

/// A block is: its length, the number of octets with bits, these octets, and the rest. Which fields
/// have a value other than their default is told by bits, the values by the rest.
namespace scef::adapter {

using namespace packed;
using queueing::DeviceIndex;

namespace {

/// What a shard keeps for good of texts that came once is little, whoever sends them.
constexpr std::size_t common_texts_max = 128;
constexpr std::size_t common_text_octets_max = 64;

}  // namespace

ByteView PackedDevice::octets() const {
    const std::uint8_t* begin = block_.get();
    const std::uint64_t length = take_number(begin);
    return {begin, length};
}

/// Writes the fields that it is shown into the packer's buffers.
class DevicePacker::Out {
public:
    static constexpr bool keeps_volatile = true;
    static constexpr bool has(std::uint8_t) { return true; }

    Out(DevicePacker& packer, Instant now) : packer_(packer), now_(now) {
        packer_.bits_.clear();
        packer_.octets_.clear();
    }

    template <typename T>
    void number(T value) {
        flag(value != 0);
        if (value != 0) append_number(packer_.octets_, value);
    }
    void signed_number(std::int64_t value) { number(folded(static_cast<std::uint64_t>(value))); }
    template <typename T>
    void number_near(T value, T base) {
        number(static_cast<T>(base - value));
    }
    template <typename T>
    void enumerator(T value, T) {
        number(static_cast<std::uint64_t>(value));
    }
    void index(DeviceIndex) {}
    void flag(bool value) {
        if (bit_ == 0) packer_.bits_.push_back(0);
        if (value) {
            packer_.bits_.back() = static_cast<std::uint8_t>(packer_.bits_.back() | 1u << bit_);
        }
        bit_ = (bit_ + 1) % 8;
    }
    /// As the difference to the time before it.
    void time(WallTime value) {
        flag(value != WallTime{});
        if (value == WallTime{}) return;
        const bool is_whole = is_whole_milliseconds(value);
        flag(is_whole);
        append_number(packer_.octets_,
                      folded(count_of(value, is_whole) - count_of(last_time_, is_whole)));
        last_time_ = value;
    }
    /// A deadline that is over is as good as none.
    void deadline(Instant value) {
        flag(value > now_);
        if (value <= now_) return;
        const bool is_whole = is_whole_milliseconds(value);
        flag(is_whole);
        append_number(packer_.octets_, count_of(value, is_whole));
    }
    void moment(Instant value) { deadline(value); }
    void duration(Duration value) { signed_number(value.count()); }
    void text(std::string_view value) {
        flag(!value.empty());
        if (value.empty()) return;
        const auto known = std::find_if(texts_.begin(), texts_.end(), [&](const auto& place) {
            return value == as_text(ByteView(packer_.octets_).subspan(place.first, place.second));
        });
        flag(known != texts_.end());
        if (known != texts_.end()) {
            return append_number(packer_.octets_,
                                 static_cast<std::uint64_t>(known - texts_.begin()));
        }
        append_number(packer_.octets_, value.size());
        texts_.emplace_back(packer_.octets_.size(), value.size());
        packer_.octets_.insert(packer_.octets_.end(), value.begin(), value.end());
    }
    void common_text(std::string_view value) {
        flag(!value.empty());
        if (value.empty()) return;
        auto& common = packer_.common_texts_;
        auto known = std::find(common.begin(), common.end(), value);
        if (known == common.end() && common.size() < common_texts_max &&
            value.size() <= common_text_octets_max) {
            known = common.emplace(known, value);
        }
        flag(known != common.end());
        if (known == common.end()) return text(value);
        append_number(packer_.octets_, static_cast<std::uint64_t>(known - common.begin()));
    }
    void external_id(const ExternalId& value) {
        const std::string_view whole = value.text();
        text(whole.substr(0, whole.find('@')));
        common_text(value.domain());
    }
    void profile(const std::string&, const ProfileConfig* value) {
        const auto& all = packer_.profiles_;
        position(all, [&](const auto* entry) { return &entry->second == value; });
    }
    void quota(const std::string& name, const QuotaConfig* value) {
        auto& places = packer_.quota_places_;
        const auto [place, is_new] = places.try_emplace(value, packer_.quotas_.size());
        if (is_new) packer_.quotas_.push_back(*find_quota(*packer_.config_, name));
        number(place->second);
    }
    void server(const std::string& name) {
        position(packer_.config_->lwm2m_servers,
                 [&](const LwM2mServerConfig& entry) { return entry.name == name; });
    }
    void server(const std::string&, std::size_t value) { number(value); }
    void capability(const nidd::Capability& value, DeviceIndex device) {
        number(value.shard);
        number(value.device ^ device);
        packer_.octets_.insert(packer_.octets_.end(), value.secret.begin(), value.secret.end());
    }
    void token(const coap::Token& value) { text(as_text(value.view())); }
    /// That of a server by its number plus one.
    void address(const SocketAddress& value) {
        const auto& servers = packer_.config_->lwm2m_servers;
        const auto found =
            std::find_if(servers.begin(), servers.end(),
                         [&](const LwM2mServerConfig& entry) { return entry.address == value; });
        number(found == servers.end() ? 0 : static_cast<std::size_t>(found - servers.begin()) + 1);
        if (found != servers.end()) return;
        const auto first = std::find_if(value.octets.begin(), value.octets.end(),
                                        [](std::uint8_t octet) { return octet != 0; });
        text(as_text({first, value.octets.end()}));
        flag(value.is_ipv6);
        number(value.port);
    }
    template <typename T, typename Each>
    void list(const std::vector<T>& values, Each each) {
        number(values.size());
        for (const T& value : values) each(value);
    }
    template <typename T, typename Each>
    void optional(const std::optional<T>& value, Each each) {
        flag(value.has_value());
        if (value) each(*value);
    }
    template <typename Array, typename Each>
    void front(const Array& values, Each each) {
        for (const auto& value : values) each(value);
    }
    void usage(const std::unique_ptr<quota::DirectionQuota>& value, const quota::QuotaLimits&,
               WallTime) {
        const auto state = value->position();
        visit_usage(*this, state);
    }
    void observations(const std::map<coap::Token, Observation>& values) {
        number(values.size());
        for (const auto& [token, observation] : values) visit_observation(*this, observation);
    }

private:
    template <typename List, typename IsIt>
    void position(const List& all, IsIt is_it) {
        const auto found = std::find_if(all.begin(), all.end(), is_it);
        assert(found != all.end());
        number(static_cast<std::size_t>(found - all.begin()));
    }

    DevicePacker& packer_;
    Instant now_;
    unsigned bit_ = 0;
    WallTime last_time_{};
    std::vector<std::pair<std::size_t, std::size_t>> texts_;  ///< offset and length of each
};

/// Reads them back.
class DevicePacker::In {
public:
    static constexpr bool keeps_volatile = true;
    static constexpr bool has(std::uint8_t) { return true; }

    In(const DevicePacker& packer, ByteView block, DeviceIndex index)
        : packer_(packer), index_(index), bits_(block.data()), place_(nullptr) {
        const std::uint64_t bit_octets = take_number(bits_);
        place_ = bits_ + bit_octets;
    }
    const std::uint8_t* place() const { return place_; }

    template <typename T>
    void number(T& value) {
        value = is_set() ? static_cast<T>(take_number(place_)) : T{};
    }
    void signed_number(std::int64_t& value) {
        std::uint64_t raw = 0;
        number(raw);
        value = static_cast<std::int64_t>(unfolded(raw));
    }
    template <typename T>
    void number_near(T& value, T base) {
        number(value);
        value = static_cast<T>(base - value);
    }
    template <typename T>
    void enumerator(T& value, T) {
        std::underlying_type_t<T> raw{};
        number(raw);
        value = static_cast<T>(raw);
    }
    void index(DeviceIndex& value) { value = index_; }
    void flag(bool& value) { value = is_set(); }
    void time(WallTime& value) {
        if (!is_set()) return;
        const bool is_whole = is_set();
        const std::uint64_t before = count_of(last_time_, is_whole);
        last_time_ = time_of<WallTime>(before + unfolded(take_number(place_)), is_whole);
        value = last_time_;
    }
    void deadline(Instant& value) {
        if (!is_set()) return;
        const bool is_whole = is_set();
        value = time_of<Instant>(take_number(place_), is_whole);
    }
    void moment(Instant& value) { deadline(value); }
    void duration(Duration& value) {
        std::int64_t count = 0;
        signed_number(count);
        value = Duration(count);
    }
    void text(std::string& value) { value = next_text(); }
    void common_text(std::string& value) { value = next_common_text(); }
    std::string external_id_text() {
        const std::string_view local_part = next_text();
        return std::string(local_part) + '@' + std::string(next_common_text());
    }
    void external_id(ExternalId& value) {
        auto parsed = ExternalId::parse(external_id_text());
        assert(parsed);
        value = std::move(*parsed);
    }
    void profile(std::string& name, const ProfileConfig*& value) {
        const auto* entry = packer_.profiles_[next_position()];
        name = entry->first;
        value = &entry->second;
    }
    void quota(std::string& name, const QuotaConfig*& value) {
        const auto* entry = packer_.quotas_[next_position()];
        name = entry->first;
        value = &entry->second;
    }
    void server(std::string& name) { name = packer_.config_->lwm2m_servers[next_position()].name; }
    void server(std::string& name, std::size_t& value) {
        value = next_position();
        name = packer_.config_->lwm2m_servers[value].name;
    }
    void capability(nidd::Capability& value, DeviceIndex device) {
        number(value.shard);
        number(value.device);
        value.device ^= device;
        std::copy_n(place_, value.secret.size(), value.secret.begin());
        place_ += value.secret.size();
    }
    void token(coap::Token& value) { value = coap::Token(as_bytes(next_text())); }
    void address(SocketAddress& value) {
        if (const std::size_t server = next_position(); server != 0) {
            value = packer_.config_->lwm2m_servers[server - 1].address;
            return;
        }
        const ByteView octets = as_bytes(next_text());
        std::copy_backward(octets.begin(), octets.end(), value.octets.end());
        flag(value.is_ipv6);
        number(value.port);
    }
    template <typename T, typename Each>
    void list(std::vector<T>& values, Each each) {
        values.resize(next_position());
        for (T& value : values) each(value);
    }
    template <typename T, typename Each>
    void optional(std::optional<T>& value, Each each) {
        if (is_set()) each(value.emplace());
    }
    template <typename Array, typename Each>
    void front(Array& values, Each each) {
        for (auto& value : values) each(value);
    }
    void usage(std::unique_ptr<quota::DirectionQuota>& value, const quota::QuotaLimits& limits,
               WallTime effective_since) {
        quota::DirectionQuota::Position state;
        visit_usage(*this, state);
        value = std::make_unique<quota::DirectionQuota>(limits, effective_since);
        value->resume(state);
    }
    void observations(std::map<coap::Token, Observation>& values) {
        for (std::size_t left = next_position(); left > 0; --left) {
            Observation observation;
            visit_observation(*this, observation);
            const coap::Token token = observation.device_token;
            values.emplace_hint(values.end(), token, std::move(observation));
        }
    }

private:
    bool is_set() {
        const bool set = (*bits_ >> bit_ & 1u) != 0;
        if (++bit_ == 8) {
            ++bits_;
            bit_ = 0;
        }
        return set;
    }
    std::size_t next_position() {
        std::size_t value = 0;
        number(value);
        return value;
    }
    std::string_view next_text() {
        if (!is_set()) return {};
        if (is_set()) return texts_[take_number(place_)];
        const std::uint64_t length = take_number(place_);
        texts_.push_back(as_text({place_, length}));
        place_ += length;
        return texts_.back();
    }

    std::string_view next_common_text() {
        if (!is_set()) return {};
        return is_set() ? packer_.common_texts_[take_number(place_)] : next_text();
    }

    const DevicePacker& packer_;
    DeviceIndex index_;
    const std::uint8_t* bits_;
    unsigned bit_ = 0;
    const std::uint8_t* place_;
    WallTime last_time_{};
    std::vector<std::string_view> texts_;
};

DevicePacker::DevicePacker(const Config& config) : config_(&config) {
    for (const auto& entry : config.profiles) profiles_.push_back(&entry);
    for (const auto& entry : config.quotas) {
        quota_places_[&entry.second] = quotas_.size();
        quotas_.push_back(&entry);
    }
}

PackedDevice DevicePacker::pack(const Device& device, Instant now) {
    Out out(*this, now);
    visit_device(out, device);
    const Bytes waiting = device.activity ? packed_activity(*device.activity, now) : Bytes();
    out.text(as_text(waiting));
    Bytes head;
    append_number(head, bits_.size());
    const std::size_t length = head.size() + bits_.size() + octets_.size();
    Bytes length_head;
    append_number(length_head, length);
    auto block = std::make_unique_for_overwrite<std::uint8_t[]>(length_head.size() + length);
    std::uint8_t* place = block.get();
    for (const Bytes* part : {&length_head, &head, &bits_, &octets_}) {
        place = std::copy(part->begin(), part->end(), place);
    }
    return PackedDevice(std::move(block));
}

std::unique_ptr<Device> DevicePacker::unpack(const PackedDevice& packed, DeviceIndex index) const {
    auto device = std::make_unique<Device>();
    const ByteView octets = packed.octets();
    In in(*this, octets, index);
    visit_device(in, *device);
    std::string waiting;
    in.text(waiting);
    if (!waiting.empty()) device->activity = unpacked_activity(as_bytes(waiting));
    assert(in.place() == octets.data() + octets.size());
    return device;
}

std::string DevicePacker::external_id(const PackedDevice& packed) const {
    return In(*this, packed.octets(), 0).external_id_text();  // it is the first field
}

}  // namespace scef::adapter
