#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <netinet/in.h>

namespace scef::bench {

/// The devices of a run, by number. What the adapter and the sink said of each is all that is kept.
class Fleet {
public:
    struct Device {
        sockaddr_in endpoint{};           ///< as the LwM2M server sees it
        std::string notification_target;  ///< path of its notificationDestination
    };

    static std::string external_id(std::size_t number);
    /// The id that the sink gives to the device's NIDD configuration.
    static std::string configuration_id(std::size_t number);
    /// The number of a device by its External Identifier or by its configuration's id.
    static std::optional<std::size_t> number_of(std::string_view name);

    /// Makes room; devices have numbers from 0.
    void grow_to(std::size_t count) { devices_.resize(count); }
    std::size_t size() const { return devices_.size(); }
    Device& at(std::size_t number) { return devices_.at(number); }
    const Device& at(std::size_t number) const { return devices_.at(number); }

private:
    std::vector<Device> devices_;
};

}  // namespace scef::bench
