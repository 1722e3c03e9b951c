#pragma once

#include <optional>
#include <string>

#include "scef-adapter/doctor/doctor_access.h"

namespace scef::adapter::test {

/// Takes one patient, and tells the report that it is given.
class FakeDoctor final : public DoctorAccess {
public:
    void examine(std::size_t, const ExternalId& device, Done done) override {
        if (last && last->running) return done(fail(Errc::conflict, "one runs"));
        last.emplace();
        last->scef = "operator-a";
        last->external_id = device.text();
        done(*last);
    }

    void report(std::size_t, Done done) override {
        if (!last) return done(fail(Errc::not_found, "there was none"));
        done(*last);
    }

    std::optional<doctor::Report> last;
};

}  // namespace scef::adapter::test
