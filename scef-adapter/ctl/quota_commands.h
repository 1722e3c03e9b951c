#pragma once

#include <string>

#include "scef-adapter/ctl/session.h"

/// `scef-adapterctl quota …`; each returns the exit status.
namespace scef::ctl {

struct UsageOptions {
    std::string scope;     ///< `device:EXTID`, `group:NAME`, `scef:NAME` or `account`
    std::string from, to;  ///< empty: as the API has it
    bool summary = false;
};

/// Writes the usage of a period as CSV with one header row, page after page: nothing is gathered.
/// If it fails on the way, what is written is not all, and the status is 1. Says on `err` if the
/// period begins before what is still kept.
int quota_usage(const Session& session, const UsageOptions& options);

}  // namespace scef::ctl
