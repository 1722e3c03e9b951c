#pragma once

#include <string>
#include <vector>

#include "scef-adapter/ctl/session.h"

/// `scef-adapterctl deadletters …`; each returns the exit status.
namespace scef::ctl {

struct DeadLetterOptions {
    std::string external_id, group;
    bool all = false;  ///< list: also those that were sent again; replay: of all devices
    std::size_t limit = 0;
    std::vector<std::string> ids;
    std::string ttl, priority, not_before;
};

int deadletters_list(const Session& session, const DeadLetterOptions& options);
/// By id, or all of a device, a group or everything, a thousand at a time until none is left;
/// status 1 if any was refused.
int deadletters_replay(const Session& session, const DeadLetterOptions& options);

}  // namespace scef::ctl
