#pragma once

#include "scef-adapter/ctl/session.h"

/// `scef-adapterctl scefs …`; returns the exit status.
namespace scef::ctl {

/// The SCEFs of the adapter's configuration, by the names that `doctor` and quota scopes take.
int scefs_list(const Session& session);

}  // namespace scef::ctl
