#pragma once

#include <string>
#include <vector>

#include "scef-adapter/ctl/session.h"

/// `scef-adapterctl devices …`; each returns the exit status.
namespace scef::ctl {

struct DeviceOptions {
    std::string external_id;
    std::string profile, quota, endpoint, mode;  ///< empty: the adapter's default
    std::vector<std::string> servers, groups;
};

/// `file` may be `-` for the standard input. Nothing is sent if any line has a mistake.
int devices_import(const Session& session, const std::string& file);
int devices_list(const Session& session, std::size_t limit);
int devices_show(const Session& session, const std::string& external_id);
int devices_add(const Session& session, const DeviceOptions& options);
int devices_remove(const Session& session, const std::string& external_id);
int devices_pause(const Session& session, const std::string& external_id, bool paused);
/// By an SMS trigger of LwM2M: a Registration Update, or a bootstrap.
int devices_wake(const Session& session, const std::string& external_id, bool bootstrap);
/// All that happens with the device goes to the adapter's log for so long; "0s" ends that.
int devices_trace(const Session& session, const std::string& external_id,
                  const std::string& duration);

}  // namespace scef::ctl
