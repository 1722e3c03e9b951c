#pragma once

#include <string>

#include "simulators/scef-simulator/host.h"
#include "simulators/scef-simulator/http_message.h"
#include "simulators/scef-simulator/t8_target.h"

namespace scef::scef_simulator {

/// The RDS ports of a configuration (TS 29.122 5.6.3.6, 5.6.3.7): those that `rdsPorts` names can
/// be read; reserving and releasing them at run time is not there. Any thread.
class RdsPortResource {
public:
    explicit RdsPortResource(Host& host) : host_(host) {}

    HttpAnswer handle(const T8Target& target, const std::string& method);

private:
    Host& host_;
};

}  // namespace scef::scef_simulator
