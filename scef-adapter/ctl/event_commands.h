#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "scef-adapter/ctl/session.h"

namespace scef::ctl {

struct EventOptions {
    bool follow = false;
    std::vector<std::string> types;
    std::string external_id;
    std::string since;
    std::chrono::milliseconds pause = std::chrono::seconds(2);  ///< before a stream is tried again
};
/// Shows events that are kept, and with `follow` those that come, until a signal ends the program.
/// A connection that breaks is made again, without a gap.
int events_show(const Session& session, const EventOptions& options);

struct WebhookOptions {
    std::string id, url, external_id, secret_file, since;
    std::vector<std::string> types;
};
int webhooks_list(const Session& session);
int webhooks_add(const Session& session, const WebhookOptions& options);
int webhooks_show(const Session& session, const WebhookOptions& options);
int webhooks_remove(const Session& session, const WebhookOptions& options);
int webhooks_replay(const Session& session, const WebhookOptions& options);

struct AuditOptions {
    std::size_t limit = 50;
};
int audit_list(const Session& session, const AuditOptions& options);

/// `events`, `webhooks` and `audit`: one that was chosen is put into `command`.
void add_event_commands(CLI::App& app, std::function<int(const Session&)>& command);

}  // namespace scef::ctl
