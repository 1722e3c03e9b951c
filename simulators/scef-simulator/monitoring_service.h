#pragma once

#include <optional>
#include <string>

#include "simulators/scef-simulator/host.h"
#include "simulators/scef-simulator/t8_api.h"

namespace scef::scef_simulator {

/// The resources of TS 29.122 5.3.3 (monitoring events) as functions from request to answer. Any
/// thread; never blocks.
class MonitoringService final : public T8Api {
public:
    explicit MonitoringService(Host& host) : host_(host) {}

    std::optional<T8Call> call_of(const HttpRequest& request) override;
    HttpAnswer serve(const HttpRequest& request) override;

private:
    HttpAnswer list(const std::string& scs_as_id);
    HttpAnswer create(const std::string& scs_as_id, const HttpRequest& request);
    HttpAnswer get(const std::string& scs_as_id, const std::string& id);
    HttpAnswer change(const std::string& scs_as_id, const std::string& id,
                      const HttpRequest& request, bool is_patch);
    HttpAnswer remove(const std::string& scs_as_id, const std::string& id);

    Host& host_;
};

}  // namespace scef::scef_simulator
