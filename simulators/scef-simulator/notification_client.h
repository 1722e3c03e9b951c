#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <httplib.h>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::scef_simulator {

/// POSTs JSON to SCS/ASs over connections that stay open, one for each origin. One thread.
class NotificationClient {
public:
    /// `status` 0: no answer came.
    struct Answer {
        int status = 0;
        std::optional<std::string> retry_after;
        std::string body;
    };

    explicit NotificationClient(Duration timeout) : timeout_(timeout) {}

    Answer post(const std::string& uri, const std::string& body);

private:
    httplib::Client& client_for(const std::string& origin);

    Duration timeout_;
    std::map<std::string, std::unique_ptr<httplib::Client>> clients_;
};

}  // namespace scef::scef_simulator
