#pragma once

#include <string>

#include "scef-adapter/ctl/session.h"

/// `scef-adapterctl quota show` and `quota set`; each returns the exit status.
namespace scef::ctl {

struct QuotaOptions {
    std::string scope;        ///< `device:EXTID`, `group:NAME`, `scef:NAME` or `account`
    std::string quota;        ///< a name in the configuration,
    std::string limits;       ///< or JSON with the keys of `quotas.NAME`,
    bool is_default = false;  ///< or back to what the configuration says
};

int quota_show(const Session& session, const QuotaOptions& options);
int quota_set(const Session& session, const QuotaOptions& options);

}  // namespace scef::ctl
