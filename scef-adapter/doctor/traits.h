#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nidd/types/t8_exchange.h"
#include "nidd/types/t8_json.h"
#include "scef-adapter/config/config.h"
#include "scef-adapter/doctor/report.h"

namespace scef::adapter::doctor {

/// What shows only over several answers: the habits of a SCEF. Pure.
struct Traits {
    bool coded_errors = false;    ///< `SCEF-ERR-403-111: …` in the detail instead of a cause
    bool status_member = false;   ///< `status` of a delivery instead of `deliveryStatus`
    bool relative_links = false;  ///< `self` is a path
    bool notified = false;        ///< a notification came
    std::optional<std::uint32_t> packet_bits;
    std::optional<Duration> granted;  ///< less than was asked

    void learn(const nidd::T8Request& request, const nidd::T8Answer& answer);
};

/// What the operator of the adapter should write into the configuration, and why; for a SCEF that
/// could be examined.
std::vector<Advice> advice_for(const ScefConfig& scef, const std::string& public_url,
                               const std::vector<Finding>& findings, const Traits& traits);

}  // namespace scef::adapter::doctor
