#pragma once

#include <string>
#include <vector>

#include "simulators/scef-simulator/body_reader.h"

namespace scef::scef_simulator {

/// Why the SCEF does not do what a T8 request asks: the HTTP status and what its ProblemDetails
/// says.
struct Refusal {
    int status = 403;
    std::string detail;
    std::string cause;
    std::vector<InvalidParam> invalid_params;
};

}  // namespace scef::scef_simulator
