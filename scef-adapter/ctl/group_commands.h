#pragma once

#include <string>
#include <vector>

#include "scef-adapter/ctl/message_commands.h"

/// `scef-adapterctl groups …`; each returns the exit status.
namespace scef::ctl {

struct GroupOptions {
    std::string group;
    std::string file;  ///< of External Identifiers, one a line
    std::vector<std::string> members;
    std::string per_second, jitter;  ///< empty: not said
    std::string message_id;          ///< of a message to the group
    std::string state;               ///< of results to show; empty: all
    std::size_t limit = 0;
    SendOptions send;
};

int groups_show(const Session& session, const GroupOptions& options);
/// Exactly these members; status 1 if any device could not be put in.
int groups_set(const Session& session, const GroupOptions& options);
int groups_delete(const Session& session, const GroupOptions& options);
int groups_send(const Session& session, const GroupOptions& options);
/// Ends it for the members whose message is not on its way yet.
int groups_cancel(const Session& session, const GroupOptions& options);
int groups_results(const Session& session, const GroupOptions& options);

}  // namespace scef::ctl
