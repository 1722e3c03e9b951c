#pragma once

#include "scef-adapter/ctl/session.h"

/// `scef-adapterctl store …`; each returns the exit status.
namespace scef::ctl {

/// Makes a backup of the running adapter's store, in the folder that its configuration names, and
/// writes the backup's path.
int store_backup(const Session& session);
/// Writes the paths of the backups that are there.
int store_backups(const Session& session);

}  // namespace scef::ctl
