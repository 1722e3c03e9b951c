#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "nidd/endpoint/http_listener.h"
#include "nidd/types/notification.h"

namespace scef::nidd {

/// Takes notifications to the shard they name; answers each once, from any thread.
using NotificationSink =
    std::function<void(IncomingNotification, std::function<void(NotificationVerdict)>)>;

/// Turns HTTP requests of a SCEF into notifications (TS 29.122 4.4.5.4-4.4.5.7): `POST
/// {prefix}/{capability}` with `application/json`. Refuses by itself what needs no engine: 404 for
/// another path or an ill-formed capability, 405, 415, 400 for a malformed body (fixed text, no
/// echo). Thread-safe; owns nothing but counters.
class NotificationEndpoint {
public:
    static constexpr std::string_view prefix = "/t8/v1/notifications/";

    explicit NotificationEndpoint(NotificationSink sink) : sink_(std::move(sink)) {}
    void handle(HttpRequest request, HttpReply reply);

private:
    NotificationSink sink_;
};

}  // namespace scef::nidd
