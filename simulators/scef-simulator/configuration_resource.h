#pragma once

#include <string>

#include "simulators/scef-simulator/host.h"
#include "simulators/scef-simulator/http_message.h"
#include "simulators/scef-simulator/t8_target.h"

namespace scef::scef_simulator {

/// The NIDD configurations of an SCS/AS, and each of them (TS 29.122 5.6.3.2, 5.6.3.3). Any thread.
class ConfigurationResource {
public:
    ConfigurationResource(std::string base_path, Host& host)
        : base_path_(std::move(base_path)), host_(host) {}

    HttpAnswer handle(const T8Target& target, const HttpRequest& request,
                      const std::string& method);

private:
    HttpAnswer list(const T8Target& target);
    HttpAnswer create(const T8Target& target, const HttpRequest& request);
    HttpAnswer get(const T8Target& target);
    HttpAnswer patch(const T8Target& target, const HttpRequest& request);
    HttpAnswer remove(const T8Target& target);

    std::string base_path_;
    Host& host_;
};

}  // namespace scef::scef_simulator
