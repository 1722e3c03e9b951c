#pragma once

#include <optional>
#include <string>

#include "scef-adapter/ctl/session.h"

/// `scef-adapterctl messages …`; each returns the exit status.
namespace scef::ctl {

struct SendOptions {
    std::string external_id;
    std::string payload_base64;  ///< this or `coap`
    std::string coap;            ///< as of `coap_request`
    bool opaque = false;
    std::string ttl, priority, not_before, correlation_id, collapse_key, idempotency_key;
    std::optional<unsigned> attempts_max;
    bool now = false;
    bool replaces = false;  ///< all that waits
    bool wait = false;      ///< until the message has ended; exit 1 unless it was delivered
    std::string wait_max = "1h";
};

/// The message that the options describe, as the API takes it.
Result<nlohmann::json> message_body(const SendOptions& options);

/// Enqueues, or replaces what waits.
int messages_send(const Session& session, const SendOptions& options);
/// Says what would become of it; status 1 if it would be refused.
int messages_dry_run(const Session& session, const SendOptions& options);
/// Of a device, or of all (`external_id` empty), page by page as they come.
int messages_list(const Session& session, const std::string& external_id, const std::string& state,
                  std::size_t limit);
/// A message by its id, the last ones of a device by its name, or those whose id, correlation id,
/// collapse key, request or device has the text in it; status 1 if there is none.
int messages_find(const Session& session, const std::string& what, std::size_t limit);
/// The message, and what happened to it.
int messages_show(const Session& session, const std::string& id);
/// What happened to it.
int messages_timeline(const Session& session, const std::string& id);
int messages_cancel(const Session& session, const std::string& id);
int messages_purge(const Session& session, const std::string& external_id);

}  // namespace scef::ctl
