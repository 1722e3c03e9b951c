#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/scef-simulator/delivery.h"

namespace scef::scef_simulator {

/// A NiddConfiguration as the SCEF keeps it (TS 29.122 5.6.2.1.2).
struct Configuration {
    ConfigurationId id;
    std::string scs_as_id;
    std::string self;  ///< absolute URI, as the creator reaches it
    Identity identity;
    std::string ue;  ///< key of the UE
    std::string notification_destination;
    std::optional<WallTime> duration;  ///< when it ends
    std::optional<bool> reliable_data_service;
    std::string pdn_establishment_option;
    std::string supported_features;
    std::string mtc_provider_id;
    std::vector<modem_link::RdsPort> rds_ports;
    bool test_notification_requested = false;
    std::uint32_t maximum_packet_size = 0;  ///< bits
    std::uint64_t created = 0;              ///< counts up
};

/// All NIDD configurations, by resource and by UE. Pure.
class Configurations {
public:
    Configuration& add(Configuration configuration);

    /// The configuration `id` of this SCS/AS; nullptr if there is none.
    Configuration* find(const std::string& scs_as_id, const ConfigurationId& id);
    const Configuration* find(const ConfigurationId& id) const;

    /// In the order of creation.
    std::vector<const Configuration*> of_scs_as(const std::string& scs_as_id) const;

    /// Where the uplinks of a UE go: the youngest configuration for it that has these ports, else
    /// the youngest of all.
    const Configuration* for_ue(const std::string& ue,
                                const std::optional<modem_link::RdsPort>& rds = std::nullopt) const;

    std::vector<ConfigurationId> of_ue(const std::string& ue) const;
    bool has(const std::string& scs_as_id, const std::string& ue) const;

    /// Changes when it ends; nullopt: never.
    void set_duration(Configuration& configuration, std::optional<WallTime> duration);

    void remove(const ConfigurationId& id);
    void clear();
    std::size_t size() const { return by_id_.size(); }

    std::optional<WallTime> next_end() const;
    std::vector<ConfigurationId> ended(WallTime wall) const;

private:
    std::unordered_map<ConfigurationId, Configuration> by_id_;
    std::unordered_map<std::string, std::vector<ConfigurationId>> by_ue_;
    std::set<std::pair<WallTime, ConfigurationId>> ends_;
    std::uint64_t created_ = 0;
};

}  // namespace scef::scef_simulator
