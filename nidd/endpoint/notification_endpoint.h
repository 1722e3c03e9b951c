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

/// Told, on any thread, of each notification that is answered 404 by its verdict, and from which
/// address it came; says how long that address is to wait instead (429), or nothing.
using UnknownWatch = std::function<std::optional<Duration>(Unknown, const std::string&)>;

/// Turns HTTP requests of a SCEF into notifications (TS 29.122 4.4.5.4-4.4.5.7): `POST
/// {prefix}/{capability}` with `application/json`. Refuses by itself what needs no engine: 404 for
/// another path or an ill-formed capability, 405, 415, 400 for a malformed body (fixed text, no
/// echo). Every 404 has the same octets, whatever it is that is not there. Thread-safe; it outlives
/// what the sink has not answered yet.
class NotificationEndpoint {
public:
    static constexpr std::string_view prefix = "/t8/v1/notifications/";

    explicit NotificationEndpoint(NotificationSink sink, UnknownWatch watch)
        : sink_(std::move(sink)), watch_(std::move(watch)) {}
    void handle(HttpRequest request, HttpReply reply);

private:
    NotificationSink sink_;
    UnknownWatch watch_;
};

}  // namespace scef::nidd
