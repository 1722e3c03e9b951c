#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <httplib.h>

#include "simulators/scef-simulator/settings.h"

namespace scef::scef_simulator {

/// POSTs JSON to SCS/ASs over connections that stay open, one for each origin; to https with the
/// certificates and to all with the bearer token of the settings. One thread.
class NotificationClient {
public:
    /// `status` 0: no answer came, and `error` says why.
    struct Answer {
        int status = 0;
        std::optional<std::string> retry_after;
        std::string body;
        std::string error;
    };

    NotificationClient(const NotificationSettings& settings, bool follows_redirects)
        : settings_(settings), follows_redirects_(follows_redirects) {}

    Answer post(const std::string& uri, const std::string& body);

private:
    httplib::Client& client_for(const std::string& origin);

    const NotificationSettings& settings_;
    bool follows_redirects_;
    std::map<std::string, std::unique_ptr<httplib::Client>> clients_;
};

}  // namespace scef::scef_simulator
