#pragma once

#include <string>

#include "simulators/scef-simulator/configuration_resource.h"
#include "simulators/scef-simulator/counters.h"
#include "simulators/scef-simulator/delivery_resource.h"
#include "simulators/scef-simulator/event_log.h"
#include "simulators/scef-simulator/faults.h"
#include "simulators/scef-simulator/host.h"
#include "simulators/scef-simulator/http_message.h"
#include "simulators/scef-simulator/rds_port_resource.h"
#include "simulators/scef-simulator/t8_target.h"

namespace scef::scef_simulator {

/// The NIDD API of TS 29.122 5.6 as a function from request to answer: fault rules, log and
/// counters around its resources. Any thread; a delivery blocks its caller until the hop has
/// answered or the frame is buffered.
class T8Service {
public:
    T8Service(std::string base_path, Host& host, Faults& faults, EventLog& log, Counters& counters);

    /// Applies the fault rules, logs and counts.
    HttpAnswer handle(const HttpRequest& request);

private:
    std::string external_id_of(const T8Target& target, const HttpRequest& request);
    HttpAnswer with_faults(const T8Target& target, const HttpRequest& request,
                           const std::string& external_id);
    HttpAnswer spoiled(const T8Target& target, const Fault& fault) const;
    HttpAnswer route(const T8Target& target, const HttpRequest& request);

    std::string base_path_;
    Host& host_;
    Faults& faults_;
    EventLog& log_;
    Counters& counters_;
    ConfigurationResource configurations_;
    DeliveryResource deliveries_;
    RdsPortResource rds_ports_;
};

}  // namespace scef::scef_simulator
