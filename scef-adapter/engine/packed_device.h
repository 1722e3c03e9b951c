#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "scef-adapter/engine/device.h"

namespace scef::adapter {

/// An idle device as one block of octets on the heap. If a few messages wait for it, these are
/// named there, and that is all its activity. Lives in this process only and means something only
/// to the packer that made it.
class PackedDevice {
public:
    PackedDevice() = default;
    explicit PackedDevice(std::unique_ptr<std::uint8_t[]> block) : block_(std::move(block)) {}

    explicit operator bool() const { return block_ != nullptr; }
    /// Without the length in front; the block must not be null.
    ByteView octets() const;

private:
    std::unique_ptr<std::uint8_t[]> block_;
};

/// Packs idle devices and unpacks them again, field by field as `visit_device` lists them. Numbers
/// take as few octets as they need, what has its default takes one bit, a text that comes twice is
/// kept once, and parts of the configuration are named by number. So are texts that many devices
/// share, such as the domain of their names: the first ones that come are kept here for good. Pure.
class DevicePacker {
public:
    /// `config` must outlive the packer and every device that it unpacks.
    explicit DevicePacker(const Config& config);

    /// The device has no activity, or one that may rest, and belongs to this configuration.
    /// Deadlines that are over at `now` are left out.
    PackedDevice pack(const Device& device, Instant now);
    std::unique_ptr<Device> unpack(const PackedDevice& packed, queueing::DeviceIndex index) const;
    /// Without unpacking the rest.
    std::string external_id(const PackedDevice& packed) const;

private:
    class Out;
    class In;

    const Config* config_;
    std::vector<const std::pair<const std::string, ProfileConfig>*> profiles_;
    /// Of the configuration, and then those that were given at run time, as they come.
    std::vector<const NamedQuota*> quotas_;
    std::unordered_map<const QuotaConfig*, std::size_t> quota_places_;
    std::vector<std::string> common_texts_;
    Bytes bits_, octets_;  ///< of the device that is being packed
};

}  // namespace scef::adapter
