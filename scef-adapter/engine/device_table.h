#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "scef-adapter/engine/device_census.h"
#include "scef-adapter/engine/external_id_index.h"
#include "scef-adapter/engine/packed_device.h"

namespace scef::adapter {

/// A device as it was when it was asked for. Of a busy device good until the next turn, of a packed
/// one as long as it is held.
using DeviceView = std::shared_ptr<const Device>;

/// All devices of a shard. Nearly all of them are idle nearly always: these are kept packed, about
/// a tenth of their size. One that is found is unpacked, and what is handed out stays where it is
/// until `settle`, at the end of the turn, packs those that are idle again. Owned by the shard's
/// engine. Pure.
class DeviceTable {
public:
    explicit DeviceTable(std::shared_ptr<const Config> config);
    DeviceTable(const DeviceTable&) = delete;
    DeviceTable& operator=(const DeviceTable&) = delete;

    // ---- In a turn. Null: there is no such device.
    Device* find(queueing::DeviceIndex index);
    Device* find(const ExternalId& id);
    Device* find_by_endpoint(queueing::EndpointIndex endpoint);
    /// The device knows its index, its name and its endpoints, all of them new. `random` is asked
    /// once in the life of a table.
    Device& insert(std::unique_ptr<Device> device, Random& random);
    /// Endpoints that a device got since; one that it lost.
    void assign_endpoints(const Device& device);
    void forget_endpoint(queueing::EndpointIndex endpoint);
    /// The device is no longer found, but lives until `settle`.
    void remove(Device& device);

    /// Another configuration: `rebind` lets a device point into it instead of the old one, which
    /// must live as long as this call. Every device is seen once, in order of its index.
    void rebind(std::shared_ptr<const Config> config, Instant now,
                const std::function<void(Device&)>& rebind);
    /// At the end of a turn: packs the devices that were found in it and are idle, which is to have
    /// no activity, or one that may rest, and nothing left to write. Ends the life of every
    /// reference.
    void settle(Instant now);
    /// The devices that were found or inserted in this turn.
    template <typename Visit>
    void for_each_found(Visit visit) {
        for (std::size_t i = 0; i < found_.size(); ++i) {
            if (const auto live = live_.find(found_[i]); live != live_.end()) {
                visit(*live->second.device);
            }
        }
    }

    // ---- At any time; nothing is unpacked for good.
    bool contains(queueing::DeviceIndex index) const;
    DeviceView view(queueing::DeviceIndex index) const;
    DeviceView view(const ExternalId& id) const;
    /// In order of their index, from `from` on.
    std::vector<DeviceView> page(queueing::DeviceIndex from, std::size_t limit) const;
    /// The same of the devices that have something open; others are packed and nothing waits.
    std::vector<DeviceView> page_of_busy(queueing::DeviceIndex from, std::size_t limit) const;
    /// The LwM2M server that an endpoint in use belongs to.
    std::optional<std::size_t> server_of(queueing::EndpointIndex endpoint) const;
    /// How many there are of what kind, at that time.
    DeviceCounts counts(Instant now) const;
    /// The place of a device's SCEF in the configuration; zero if there is no such device.
    std::size_t scef_of(queueing::DeviceIndex index) const;
    /// Behind the last index.
    queueing::DeviceIndex end() const { return static_cast<queueing::DeviceIndex>(packed_.size()); }

private:
    struct Live {
        std::unique_ptr<Device> device;
        bool found = false;  ///< in this turn
    };

    queueing::DeviceIndex index_of(const ExternalId& id) const;
    bool is_named(queueing::DeviceIndex index, std::string_view name) const;
    Device* note_found(queueing::DeviceIndex index, Live& live);

    std::shared_ptr<const Config> config_;
    DevicePacker packer_;
    std::deque<PackedDevice> packed_;  ///< by index; null where live or removed
    std::vector<bool> waiting_;        ///< by index: packed, and messages wait for it
    std::unordered_map<queueing::DeviceIndex, Live> live_;
    std::optional<ExternalIdIndex> by_external_id_;
    std::deque<queueing::DeviceIndex> device_of_endpoint_;  ///< by endpoint index
    std::deque<std::uint16_t> server_of_endpoint_;
    DeviceCensus packed_census_;                    ///< of the packed ones
    std::vector<queueing::DeviceIndex> found_;      ///< in this turn
    std::vector<std::unique_ptr<Device>> removed_;  ///< until the turn ends
};

}  // namespace scef::adapter
