#pragma once

#include <optional>
#include <string>

#include "simulators/scef-simulator/http_message.h"

namespace scef::scef_simulator {

/// What a T8 request is about, for the fault rules, the log and the counters.
struct T8Call {
    std::string operation;    ///< delivery | configuration | trigger | subscription | token
    std::string external_id;  ///< of the UE; empty: not known
    bool is_new_delivery = false;
};

/// One API of the T8 reference point as a function from request to answer. Any thread; it may
/// block.
class T8Api {
public:
    virtual ~T8Api() = default;

    /// None if the path is none of this API.
    virtual std::optional<T8Call> call_of(const HttpRequest& request) = 0;
    virtual HttpAnswer serve(const HttpRequest& request) = 0;
};

}  // namespace scef::scef_simulator
