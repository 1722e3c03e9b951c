#pragma once

#include <functional>
#include <memory>
#include <string>

#include "nidd/endpoint/http_listener.h"
#include "scef-adapter/admin/access_tokens.h"
#include "scef-adapter/admin/router.h"
#include "scef-adapter/config/live_config.h"
#include "scef-adapter/doctor/doctor_access.h"
#include "scef-adapter/runtime/shard_access.h"
#include "scef-adapter/webhooks/webhooks.h"

namespace scef::adapter {

/// Renders the text of `/metrics` and hands it to `done` once, on any thread.
using MetricsSource = std::function<void(std::function<void(std::string text)> done)>;

/// The admin API (docs/api.md): authenticates a request, finds its route, checks its form and
/// carries it to the engines. Give `handle` to an `HttpListener`. Thread-safe; never blocks the
/// caller: what the disk must tell is read on two threads of its own.
///
/// Lifetime: stop the listener, then the shards, then destroy this; answers still under way refer
/// to it.
class AdminApi {
public:
    /// Where time comes from; the defaults read the system's clocks.
    struct Clocks {
        std::function<Instant()> steady;
        std::function<WallTime()> wall;
    };

    /// `tokens` empty: no credentials are asked for. `shards`, `doctor` and `webhooks` must outlive
    /// this.
    AdminApi(ShardAccess& shards, DoctorAccess& doctor, Webhooks& webhooks, LiveConfig config,
             AccessTokens tokens, MetricsSource metrics, Clocks clocks = {});
    ~AdminApi();
    AdminApi(const AdminApi&) = delete;
    AdminApi& operator=(const AdminApi&) = delete;

    /// Answers one request; `reply` is called once, on any thread.
    void handle(nidd::HttpRequest request, nidd::HttpReply reply);

    /// Whether a request may have a body of up to `large_body_octets`: its route takes one, and its
    /// credentials are good for that. Needs the head only; never blocks.
    bool takes_large_body(const nidd::HttpRequest& head) const;
    /// The table of what there is.
    const Router& router() const;
    /// The tokens of requests that come from now on.
    void replace_tokens(AccessTokens tokens);

private:
    class Service;
    std::unique_ptr<Service> service_;
};

}  // namespace scef::adapter
