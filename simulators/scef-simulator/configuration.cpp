#include "simulators/scef-simulator/configuration.h"

#include <algorithm>

namespace scef::scef_simulator {

Configuration& Configurations::add(Configuration configuration) {
    configuration.created = ++created_;
    ConfigurationId id = configuration.id;
    by_ue_[configuration.ue].push_back(id);
    if (configuration.duration) ends_.emplace(*configuration.duration, id);
    return by_id_.insert_or_assign(std::move(id), std::move(configuration)).first->second;
}

Configuration* Configurations::find(const std::string& scs_as_id, const ConfigurationId& id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end() || found->second.scs_as_id != scs_as_id) return nullptr;
    return &found->second;
}

const Configuration* Configurations::find(const ConfigurationId& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &found->second;
}

std::vector<const Configuration*> Configurations::of_scs_as(const std::string& scs_as_id) const {
    std::vector<const Configuration*> found;
    for (const auto& [id, configuration] : by_id_) {
        if (configuration.scs_as_id == scs_as_id) found.push_back(&configuration);
    }
    std::sort(found.begin(), found.end(),
              [](const Configuration* left, const Configuration* right) {
                  return left->created < right->created;
              });
    return found;
}

const Configuration* Configurations::for_ue(const std::string& ue,
                                            const std::optional<modem_link::RdsPort>& rds) const {
    const auto found = by_ue_.find(ue);
    if (found == by_ue_.end()) return nullptr;
    const std::vector<ConfigurationId>& ids = found->second;
    if (!rds) return find(ids.back());
    const auto with_port = std::find_if(ids.rbegin(), ids.rend(), [&](const ConfigurationId& id) {
        const auto& ports = find(id)->rds_ports;
        return std::find(ports.begin(), ports.end(), *rds) != ports.end();
    });
    return find(with_port == ids.rend() ? ids.back() : *with_port);
}

std::vector<ConfigurationId> Configurations::of_ue(const std::string& ue) const {
    const auto found = by_ue_.find(ue);
    return found == by_ue_.end() ? std::vector<ConfigurationId>{} : found->second;
}

bool Configurations::has(const std::string& scs_as_id, const std::string& ue) const {
    const std::vector<ConfigurationId> ids = of_ue(ue);
    return std::any_of(ids.begin(), ids.end(),
                       [&](const ConfigurationId& id) { return find(id)->scs_as_id == scs_as_id; });
}

void Configurations::set_duration(Configuration& configuration, std::optional<WallTime> duration) {
    if (configuration.duration) ends_.erase({*configuration.duration, configuration.id});
    configuration.duration = duration;
    if (duration) ends_.emplace(*duration, configuration.id);
}

void Configurations::remove(const ConfigurationId& id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return;
    const Configuration& configuration = found->second;
    if (configuration.duration) ends_.erase({*configuration.duration, configuration.id});
    const auto siblings = by_ue_.find(configuration.ue);
    std::erase(siblings->second, configuration.id);
    if (siblings->second.empty()) by_ue_.erase(siblings);
    by_id_.erase(found);
}

void Configurations::clear() {
    by_id_.clear();
    by_ue_.clear();
    ends_.clear();
}

std::optional<WallTime> Configurations::next_end() const {
    return ends_.empty() ? std::nullopt : std::optional(ends_.begin()->first);
}

std::vector<ConfigurationId> Configurations::ended(WallTime wall) const {
    std::vector<ConfigurationId> found;
    for (const auto& [end, id] : ends_) {
        if (end > wall) break;
        found.push_back(id);
    }
    return found;
}

}  // namespace scef::scef_simulator
