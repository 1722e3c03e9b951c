#pragma once

#include <vector>

#include "simulators/scef-simulator/behaviour.h"
#include "simulators/scef-simulator/counters.h"
#include "simulators/scef-simulator/event_log.h"
#include "simulators/scef-simulator/faults.h"
#include "simulators/scef-simulator/host.h"
#include "simulators/scef-simulator/t8_api.h"
#include "simulators/scef-simulator/token_service.h"

namespace scef::scef_simulator {

/// What every T8 request passes, whichever API it is for: log, fault rules, access, the operator's
/// behaviour, counters. Any thread.
class T8Front {
public:
    /// The APIs are asked in this order whether a path is theirs.
    T8Front(std::vector<T8Api*> apis, TokenService& tokens, const Behaviour& behaviour, Host& host,
            Faults& faults, EventLog& log, Counters& counters);

    HttpAnswer handle(const HttpRequest& request);

private:
    HttpAnswer serve(T8Api& api, const HttpRequest& request);
    HttpAnswer with_faults(T8Api& api, const T8Call& call, const HttpRequest& request);
    HttpAnswer spoiled(T8Api& api, const T8Call& call, const Fault& fault,
                       const HttpRequest& request);
    HttpAnswer after_notification(T8Api& api, const T8Call& call, const Fault& fault,
                                  const HttpRequest& request);
    void log_request(const HttpRequest& request, const T8Call& call);
    void log_answer(const HttpRequest& request, const HttpAnswer& answer, const T8Call& call);

    std::vector<T8Api*> apis_;
    TokenService& tokens_;
    const Behaviour& behaviour_;
    Host& host_;
    Faults& faults_;
    EventLog& log_;
    Counters& counters_;
};

}  // namespace scef::scef_simulator
