#pragma once

#include <optional>
#include <string>

#include "simulators/scef-simulator/configuration_resource.h"
#include "simulators/scef-simulator/delivery_resource.h"
#include "simulators/scef-simulator/host.h"
#include "simulators/scef-simulator/rds_port_resource.h"
#include "simulators/scef-simulator/t8_api.h"
#include "simulators/scef-simulator/t8_target.h"

namespace scef::scef_simulator {

/// The NIDD API of TS 29.122 5.6: finds the resource that a path names. Any thread; a delivery
/// blocks its caller until the hop has answered or the frame is buffered.
class T8Service final : public T8Api {
public:
    T8Service(std::string base_path, Host& host);

    std::optional<T8Call> call_of(const HttpRequest& request) override;
    HttpAnswer serve(const HttpRequest& request) override;

private:
    std::string external_id_of(const T8Target& target, const HttpRequest& request);

    std::string base_path_;
    Host& host_;
    ConfigurationResource configurations_;
    DeliveryResource deliveries_;
    RdsPortResource rds_ports_;
};

}  // namespace scef::scef_simulator
