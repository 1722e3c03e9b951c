#pragma once

#include <string>

#include "scef-adapter/ctl/session.h"

/// `scef-adapterctl doctor`.
namespace scef::ctl {

struct DoctorOptions {
    std::string scef;
    std::string external_id;
};

/// Has a SCEF examined and shows each finding as it comes, then the summary. 0 if nothing fails, 1
/// if a step fails, 2 if there was no examination.
int examine_scef(const Session& session, const DoctorOptions& options);

}  // namespace scef::ctl
