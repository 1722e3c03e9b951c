#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "lwm2m-core/vocabulary/keyed_hash.h"
#include "queueing/message.h"

namespace scef::adapter {

/// Finds devices by External Identifier without keeping the identifiers: an open-addressing table
/// of device indexes, eight octets a place, filled to four fifths at most. Who owns the devices
/// tells what they are called. The hash is keyed, so that nobody can choose identifiers that
/// collide. Pure.
class ExternalIdIndex {
public:
    /// Whether a device that was inserted has that External Identifier.
    using IsNamed = std::function<bool(queueing::DeviceIndex, std::string_view)>;

    static constexpr queueing::DeviceIndex none = UINT32_MAX;

    ExternalIdIndex(const KeyedHash& hash, IsNamed is_named)
        : hash_(hash), is_named_(std::move(is_named)) {}

    queueing::DeviceIndex find(std::string_view name) const;
    /// The device must be known to `IsNamed` from now on; it takes the place of one with its name.
    void insert(std::string_view name, queueing::DeviceIndex device);
    /// Before `IsNamed` forgets the device; nothing if the name stands for another one.
    void erase(std::string_view name, queueing::DeviceIndex device);

    std::size_t size() const { return size_; }

private:
    struct Place {
        queueing::DeviceIndex device = none;
        std::uint32_t hash = 0;
    };

    std::uint32_t hash_of(std::string_view name) const;
    std::size_t home(std::uint32_t hash) const;
    std::size_t after(std::size_t place) const { return ++place == places_.size() ? 0 : place; }
    /// The place of that name, or the free one where it would go. There is a free one.
    std::size_t search(std::string_view name, std::uint32_t hash) const;
    void grow();

    KeyedHash hash_;
    IsNamed is_named_;
    std::vector<Place> places_;
    std::size_t size_ = 0;
};

}  // namespace scef::adapter
