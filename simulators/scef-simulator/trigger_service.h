#pragma once

#include <string>

#include "simulators/scef-simulator/t8_collection.h"

namespace scef::scef_simulator {

/// The resources of TS 29.122 5.7.3 (device triggering) as functions from request to answer. Any
/// thread; never blocks.
class TriggerService final : public T8Collection {
public:
    explicit TriggerService(Host& host)
        : T8Collection(host, {"trigger", "/3gpp-device-triggering/v1", "transactions"}) {}

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
