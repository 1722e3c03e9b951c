#include "scef-adapter/engine/device_table.h"

#include <algorithm>
#include <utility>

#include "scef-adapter/engine/resting_activity.h"

namespace scef::adapter {

using queueing::DeviceIndex;
using queueing::EndpointIndex;

namespace {

constexpr DeviceIndex none = ExternalIdIndex::none;
/// What one large turn needed is given back.
constexpr std::size_t found_kept = 4096;

DeviceView view_of(const Device& device) { return {DeviceView(), &device}; }

}  // namespace

DeviceTable::DeviceTable(std::shared_ptr<const Config> config)
    : config_(std::move(config)), packer_(*config_), packed_census_(config_->scefs.size()) {}

// ---- In a turn

Device* DeviceTable::note_found(DeviceIndex index, Live& live) {
    if (!std::exchange(live.found, true)) found_.push_back(index);
    return live.device.get();
}

Device* DeviceTable::find(DeviceIndex index) {
    if (index >= packed_.size()) return nullptr;
    if (packed_[index]) {
        Live& live = live_[index];
        live.device = packer_.unpack(packed_[index], index);
        packed_[index] = PackedDevice();
        waiting_[index] = false;
        packed_census_.leaves(*live.device);
        return note_found(index, live);
    }
    const auto live = live_.find(index);
    return live == live_.end() ? nullptr : note_found(index, live->second);
}

Device* DeviceTable::find(const ExternalId& id) { return find(index_of(id)); }

Device* DeviceTable::find_by_endpoint(EndpointIndex endpoint) {
    return endpoint < device_of_endpoint_.size() ? find(device_of_endpoint_[endpoint]) : nullptr;
}

Device& DeviceTable::insert(std::unique_ptr<Device> device, Random& random) {
    if (!by_external_id_) {
        const std::uint64_t key_low = random.next();
        by_external_id_.emplace(
            KeyedHash(key_low, random.next()),
            [this](DeviceIndex index, std::string_view name) { return is_named(index, name); });
    }
    const DeviceIndex index = device->index;
    if (packed_.size() <= index) {
        packed_.resize(index + 1);
        waiting_.resize(index + 1);
    }
    Live& live = live_[index];
    live.device = std::move(device);
    by_external_id_->insert(live.device->spec.external_id.text(), index);
    assign_endpoints(*live.device);
    return *note_found(index, live);
}

void DeviceTable::assign_endpoints(const Device& device) {
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        if (device_of_endpoint_.size() <= endpoint.index) {
            device_of_endpoint_.resize(endpoint.index + 1, none);
            server_of_endpoint_.resize(endpoint.index + 1);
        }
        device_of_endpoint_[endpoint.index] = device.index;
        server_of_endpoint_[endpoint.index] = static_cast<std::uint16_t>(endpoint.server);
    }
}

void DeviceTable::forget_endpoint(queueing::EndpointIndex endpoint) {
    if (endpoint < device_of_endpoint_.size()) device_of_endpoint_[endpoint] = none;
}

void DeviceTable::remove(Device& device) {
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        device_of_endpoint_[endpoint.index] = none;
    }
    by_external_id_->erase(device.spec.external_id.text(), device.index);
    const auto live = live_.find(device.index);
    removed_.push_back(std::move(live->second.device));
    live_.erase(live);
}

void DeviceTable::rebind(std::shared_ptr<const Config> config, Instant now,
                         const std::function<void(Device&)>& rebind) {
    DevicePacker packer(*config);
    for (std::size_t i = 0; i < packed_.size(); ++i) {
        const auto index = static_cast<DeviceIndex>(i);
        if (packed_[i]) {
            const auto device = packer_.unpack(packed_[i], index);
            rebind(*device);
            packed_[i] = packer.pack(*device, now);
        } else if (const auto live = live_.find(index); live != live_.end()) {
            rebind(*live->second.device);
        }
    }
    packer_ = std::move(packer);
    config_ = std::move(config);
}

void DeviceTable::settle(Instant now) {
    for (const DeviceIndex index : found_) {
        const auto live = live_.find(index);
        if (live == live_.end()) continue;
        live->second.found = false;
        const Device& device = *live->second.device;
        if (device.dirty || device.usage_dirty) continue;
        if (device.activity && !may_rest(*device.activity)) continue;
        packed_[index] = packer_.pack(device, now);
        waiting_[index] = device.activity != nullptr;
        packed_census_.enters(device, now);
        live_.erase(live);
    }
    found_.clear();
    if (found_.capacity() > found_kept) found_.shrink_to_fit();
    removed_.clear();
}

// ---- At any time

DeviceIndex DeviceTable::index_of(const ExternalId& id) const {
    return by_external_id_ ? by_external_id_->find(id.text()) : none;
}

bool DeviceTable::is_named(DeviceIndex index, std::string_view name) const {
    if (packed_[index]) return packer_.external_id(packed_[index]) == name;
    return live_.at(index).device->spec.external_id.text() == name;
}

bool DeviceTable::contains(DeviceIndex index) const {
    return index < packed_.size() && (packed_[index] || live_.contains(index));
}

DeviceView DeviceTable::view(DeviceIndex index) const {
    if (index >= packed_.size()) return nullptr;
    if (packed_[index]) return packer_.unpack(packed_[index], index);
    const auto live = live_.find(index);
    return live == live_.end() ? nullptr : view_of(*live->second.device);
}

DeviceView DeviceTable::view(const ExternalId& id) const { return view(index_of(id)); }

std::vector<DeviceView> DeviceTable::page(DeviceIndex from, std::size_t limit) const {
    std::vector<DeviceView> page;
    for (std::size_t i = from; i < packed_.size() && page.size() < limit; ++i) {
        if (auto device = view(static_cast<DeviceIndex>(i))) page.push_back(std::move(device));
    }
    return page;
}

std::vector<DeviceView> DeviceTable::page_of_busy(DeviceIndex from, std::size_t limit) const {
    std::vector<DeviceIndex> indexes;
    for (const auto& [index, live] : live_) {
        if (index >= from) indexes.push_back(index);
    }
    std::size_t waiting = 0;  // in order, so that these are enough
    for (std::size_t i = from; i < waiting_.size() && waiting < limit; ++i) {
        if (!waiting_[i]) continue;
        indexes.push_back(static_cast<DeviceIndex>(i));
        ++waiting;
    }
    const auto end = indexes.begin() + static_cast<std::ptrdiff_t>(std::min(limit, indexes.size()));
    std::partial_sort(indexes.begin(), end, indexes.end());
    indexes.erase(end, indexes.end());
    std::vector<DeviceView> page;
    for (const DeviceIndex index : indexes) page.push_back(view(index));
    return page;
}

std::optional<std::size_t> DeviceTable::server_of(EndpointIndex endpoint) const {
    if (endpoint >= device_of_endpoint_.size() || device_of_endpoint_[endpoint] == none) {
        return std::nullopt;
    }
    return server_of_endpoint_[endpoint];
}

DeviceCounts DeviceTable::counts(Instant now) const {
    DeviceCounts counts = packed_census_.counts(now);
    for (const auto& [index, live] : live_) DeviceCensus::add(counts, *live.device, now);
    return counts;
}

std::size_t DeviceTable::scef_of(DeviceIndex index) const {
    if (const auto live = live_.find(index); live != live_.end()) return live->second.device->scef;
    const DeviceView device = view(index);
    return device ? device->scef : 0;
}

}  // namespace scef::adapter
