#include "simulators/lwm2m-server-simulator/registry.h"

#include <random>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::lwm2m_server_simulator {
namespace {

/// Not the same after a restart, so that a client with an old location gets 4.04 and registers.
std::string location_of(std::uint64_t number) {
    static const std::uint64_t start = std::random_device{}();
    const std::uint64_t mixed = stable_hash(std::to_string(start + number)) & 0xffffffffu;
    const Bytes octets{static_cast<std::uint8_t>(mixed >> 24),
                       static_cast<std::uint8_t>(mixed >> 16),
                       static_cast<std::uint8_t>(mixed >> 8), static_cast<std::uint8_t>(mixed)};
    return to_hex(octets);
}

}  // namespace

Registration& Registry::add(Registration registration) {
    do {
        registration.location = location_of(next_location_++);
    } while (find_location(registration.location) != nullptr);
    const std::string endpoint = registration.endpoint;
    return by_endpoint_.insert_or_assign(endpoint, std::move(registration)).first->second;
}

Registration* Registry::find(const std::string& endpoint) {
    const auto found = by_endpoint_.find(endpoint);
    return found == by_endpoint_.end() ? nullptr : &found->second;
}

Registration* Registry::find_location(const std::string& location) {
    for (auto& [endpoint, registration] : by_endpoint_) {
        if (registration.location == location) return &registration;
    }
    return nullptr;
}

Registration* Registry::find_address(const std::string& address) {
    Registration* latest = nullptr;
    for (auto& [endpoint, registration] : by_endpoint_) {
        if (registration.address != address) continue;
        if (latest == nullptr || registration.last_update >= latest->last_update) {
            latest = &registration;
        }
    }
    return latest;
}

void Registry::remove(const std::string& endpoint) { by_endpoint_.erase(endpoint); }

std::vector<Registration> Registry::take_expired(Instant now) {
    std::vector<Registration> expired;
    for (auto entry = by_endpoint_.begin(); entry != by_endpoint_.end();) {
        if (entry->second.expires_at > now) {
            ++entry;
            continue;
        }
        expired.push_back(std::move(entry->second));
        entry = by_endpoint_.erase(entry);
    }
    return expired;
}

}  // namespace scef::lwm2m_server_simulator
