#pragma once

#include <cstddef>
#include <functional>

#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/result.h"
#include "scef-adapter/doctor/report.h"

namespace scef::adapter {

/// How the admin API reaches the doctor. Thread-safe; `done` is called once, on any thread.
class DoctorAccess {
public:
    virtual ~DoctorAccess() = default;

    using Done = std::function<void(Result<doctor::Report>)>;
    /// Begins to examine a SCEF (its place in the configuration) by a device that is not
    /// provisioned. `conflict` if it is being examined.
    virtual void examine(std::size_t scef, const ExternalId& device, Done done) = 0;
    /// The examination that runs, or else the last one; `not_found` if there was none.
    virtual void report(std::size_t scef, Done done) = 0;
};

}  // namespace scef::adapter
