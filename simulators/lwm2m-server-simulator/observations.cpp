#include "simulators/lwm2m-server-simulator/observations.h"

#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/lwm2m-server-simulator/clock.h"

namespace scef::lwm2m_server_simulator {

Observation* Observations::find(const std::string& token) {
    const auto found = by_token_.find(token);
    return found == by_token_.end() ? nullptr : &found->second;
}

std::string Observations::token_of(const std::string& endpoint, const std::string& target) const {
    for (const auto& [token, observation] : by_token_) {
        if (observation.device.endpoint == endpoint && observation.request.target == target) {
            return token;
        }
    }
    return {};
}

void Observations::add(const std::string& token, const Device& device,
                       const DeviceRequest& request) {
    const std::string former = token_of(device.endpoint, request.target);
    if (!former.empty()) by_token_.erase(former);
    by_token_.insert_or_assign(token, Observation{device, request, wall_now(), 0});
    events_.add("OBSERVATION_STARTED", device.endpoint,
                {{"path", request.target}, {"token", to_hex(as_bytes(token))}});
}

void Observations::tell_end(const Observation& observation, const char* how) {
    events_.add("OBSERVATION_ENDED", observation.device.endpoint,
                {{"path", observation.request.target}, {"by", how}});
}

void Observations::end(const std::string& token, const char* how) {
    const auto found = by_token_.find(token);
    if (found == by_token_.end()) return;
    tell_end(found->second, how);
    by_token_.erase(found);
}

void Observations::reset_next(const std::string& token) {
    auto node = by_token_.extract(token);
    if (!node.empty()) to_be_reset_.insert(std::move(node));
}

bool Observations::take_reset(const std::string& token) {
    const auto found = to_be_reset_.find(token);
    if (found == to_be_reset_.end()) return false;
    tell_end(found->second, "reset");
    to_be_reset_.erase(found);
    return true;
}

void Observations::forget(const std::string& endpoint) {
    for (auto entry = by_token_.begin(); entry != by_token_.end();) {
        const auto current = entry++;
        if (current->second.device.endpoint != endpoint) continue;
        tell_end(current->second, "registration");
        by_token_.erase(current);
    }
    std::erase_if(to_be_reset_, [&endpoint](const auto& entry) {
        return entry.second.device.endpoint == endpoint;
    });
}

void Observations::move(const Device& device) {
    for (auto& [token, observation] : by_token_) {
        if (observation.device.endpoint == device.endpoint) observation.device = device;
    }
}

void Observations::clear() {
    by_token_.clear();
    to_be_reset_.clear();
}

nlohmann::json Observations::to_json(const std::string& endpoint) const {
    nlohmann::json all = nlohmann::json::array();
    for (const auto& [token, observation] : by_token_) {
        if (observation.device.endpoint != endpoint) continue;
        all.push_back({{"path", observation.request.target},
                       {"token", to_hex(as_bytes(token))},
                       {"since", to_rfc3339(observation.since)},
                       {"notifications", observation.notifications}});
    }
    return all;
}

}  // namespace scef::lwm2m_server_simulator
