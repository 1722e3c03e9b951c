#pragma once

#include <string>

#include "simulators/scef-simulator/t8_collection.h"

namespace scef::scef_simulator {

/// The resources of TS 29.122 5.3.3 (monitoring events) as functions from request to answer. Any
/// thread; never blocks.
class MonitoringService final : public T8Collection {
public:
    explicit MonitoringService(Host& host)
        : T8Collection(host, {"subscription", "/3gpp-monitoring-event/v1", "subscriptions"}) {}

private:
    std::string ue_of(SimulatedOperator& simulated, const std::string& scs_as_id,
                      const std::string& id) override;
    HttpAnswer list(const std::string& scs_as_id) override;
    HttpAnswer create(const std::string& scs_as_id, const HttpRequest& request) override;
    HttpAnswer get(const std::string& scs_as_id, const std::string& id) override;
    HttpAnswer change(const std::string& scs_as_id, const std::string& id,
                      const HttpRequest& request, bool is_patch) override;
    HttpAnswer remove(const std::string& scs_as_id, const std::string& id) override;
};

}  // namespace scef::scef_simulator
