#pragma once

#include <string>

#include "simulators/scef-simulator/host.h"
#include "simulators/scef-simulator/http_message.h"
#include "simulators/scef-simulator/t8_target.h"

namespace scef::scef_simulator {

/// The downlink data deliveries of a configuration, and each of them (TS 29.122 5.6.3.4, 5.6.3.5).
/// Any thread; a POST blocks its caller until the hop has answered or the frame is buffered.
class DeliveryResource {
public:
    explicit DeliveryResource(Host& host) : host_(host) {}

    HttpAnswer handle(const T8Target& target, const HttpRequest& request,
                      const std::string& method);

private:
    HttpAnswer list(const T8Target& target);
    HttpAnswer create(const T8Target& target, const HttpRequest& request);
    HttpAnswer get(const T8Target& target);
    HttpAnswer replace(const T8Target& target, const HttpRequest& request);
    HttpAnswer patch(const T8Target& target, const HttpRequest& request);
    HttpAnswer change(Scef& scef, const Configuration& configuration, const DeliveryId& id,
                      Transfer transfer, const Turn& turn);
    HttpAnswer remove(const T8Target& target);

    Host& host_;
};

}  // namespace scef::scef_simulator
