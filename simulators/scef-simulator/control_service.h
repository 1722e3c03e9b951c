#pragma once

#include <string>

#include "simulators/scef-simulator/counters.h"
#include "simulators/scef-simulator/event_log.h"
#include "simulators/scef-simulator/faults.h"
#include "simulators/scef-simulator/host.h"
#include "simulators/scef-simulator/http_message.h"
#include "simulators/scef-simulator/token_service.h"

namespace scef::scef_simulator {

/// The control API: what a person or a test does to the simulated network and sees of it. JSON in
/// and out. Any thread.
class ControlService {
public:
    ControlService(Host& host, TokenService& tokens, Faults& faults, EventLog& log,
                   Counters& counters);

    HttpAnswer handle(const HttpRequest& request);

private:
    HttpAnswer list_ues();
    HttpAnswer get_ue(const std::string& external_id);
    HttpAnswer patch_ue(const std::string& external_id, const HttpRequest& request);
    HttpAnswer patch_scs_as(const std::string& id, const HttpRequest& request);
    HttpAnswer patch_delivery(const std::string& id, const HttpRequest& request);
    HttpAnswer get_log(const HttpRequest& request);
    HttpAnswer follow_log(EventLog::Query query);
    HttpAnswer get_counters();
    HttpAnswer get_faults();
    HttpAnswer post_faults(const HttpRequest& request);
    HttpAnswer post_uplink(const HttpRequest& request);
    HttpAnswer delete_state();

    Host& host_;
    TokenService& tokens_;
    Faults& faults_;
    EventLog& log_;
    Counters& counters_;
};

}  // namespace scef::scef_simulator
