#pragma once

#include <functional>
#include <vector>

#include "scef-adapter/admin/router.h"
#include "scef-adapter/webhooks/webhooks.h"

namespace scef::adapter {

/// `/webhooks`: who is told of events by POST. Thread-safe.
class WebhookResource {
public:
    WebhookResource(Webhooks& webhooks, std::function<WallTime()> wall)
        : webhooks_(webhooks), wall_(std::move(wall)) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void list(const ApiCallPtr& call);
    void add(const ApiCallPtr& call);
    void show(const ApiCallPtr& call);
    void remove(const ApiCallPtr& call);
    void replay(const ApiCallPtr& call);

    Webhooks& webhooks_;
    std::function<WallTime()> wall_;
};

}  // namespace scef::adapter
