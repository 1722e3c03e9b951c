#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lwm2m-core/client/access_control.h"
#include "lwm2m-core/client/attributes.h"
#include "lwm2m-core/client/block_transfer.h"
#include "lwm2m-core/client/client_settings.h"
#include "lwm2m-core/client/message_layer.h"
#include "lwm2m-core/client/notifier.h"
#include "lwm2m-core/client/operations.h"
#include "lwm2m-core/client/registration.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef::client {

/// What a client has done with one server so far.
struct SessionCounters {
    std::uint64_t requests_handled = 0;  ///< distinct requests of the server
    std::uint64_t notifications_sent = 0;
    std::uint64_t notifications_stored = 0;         ///< while disabled or offline, to be sent later
    std::uint64_t notifications_discarded = 0;      ///< while disabled or offline, by /1/x/6
    std::uint64_t registrations = 0;                ///< Registers that the server accepted
    std::uint64_t updates = 0;                      ///< Updates that the server accepted
    std::uint64_t sends = 0;                        ///< Sends that the server accepted
    std::uint64_t failures = 0;                     ///< own requests refused, reset or given up
    std::map<std::string, std::uint64_t> executed;  ///< by path, `/3/0/4`
    std::map<std::string, std::string> arguments;   ///< of the last Execute, by path
};

/// What a Send carries.
struct SendContent {
    std::vector<Path> paths;
    std::uint16_t format = formats::senml_json;
};

/// One pipe of the device with the server at its far end: message layer, registration,
/// observations, attributes and rights of that server. The objects are shared by all sessions.
class Session {
public:
    Session(ObjectModel& model, const AccessControl& access, const ClientSettings& settings);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Which instance of the Server object describes the server; nothing: no account.
    void bind(std::optional<std::uint16_t> server_instance);
    bool is_bound() const { return server_instance_.has_value(); }
    std::uint16_t server_instance() const { return server_instance_.value_or(0); }
    /// The defaults if there is no such account.
    ServerAccount account() const;

    MessageLayer& messages() { return messages_; }
    const MessageLayer& messages() const { return messages_; }
    Registration& registration() { return registration_; }
    const Registration& registration() const { return registration_; }
    Notifier& notifier() { return notifier_; }
    const Notifier& notifier() const { return notifier_; }
    Operations& operations() { return operations_; }
    RequestBlocks& blocks() { return blocks_; }
    Attributes& attributes() { return attributes_; }
    SessionCounters& counters() { return counters_; }
    const SessionCounters& counters() const { return counters_; }

    /// The code for a request that no operation may see: malformed, or with an option that is
    /// critical and unknown (RFC 7252 5.4.1).
    static std::optional<coap::Code> refuse(coap::Message& request);
    /// The answer that an outcome makes, with its observation, Location-Path and block.
    coap::Message response_to(const coap::Message& request, Outcome& outcome, Turn& turn);

    /// Sends the registration step that is due.
    void take_step(Turn& turn);
    /// Sends what is to be notified; while the server is disabled or `is_offline`, stores or
    /// discards it (/1/x/6).
    void notify(bool is_offline, Turn& turn);
    /// How a message of ours ended. Gives what became of a Register.
    Registration::Verdict on_settled(const Settled& settled, Turn& turn);
    /// Sends what is due by the Send interval.
    void send_if_due(Turn& turn);

    /// An Update, or a Register without a registration; nothing while one is under way.
    void plan_update(Turn& turn);
    /// Objects or instances came or went: the next Update tells.
    void on_links_changed(Turn& turn);
    /// `conflict` if not registered or muted (/1/x/23), `queue_full` if too much waits, `not_found`
    /// if nothing of it can be read.
    Status send(const SendContent& content, Turn& turn);
    /// Everything but the account, as a restart forgets it.
    void forget();

    /// When a notification, a registration step or a Send is next due.
    Instant notification_due(bool is_offline) const;
    Instant step_due() const { return registration_.due(); }
    Instant send_due() const { return send_due_; }

private:
    void observe(const coap::Message& request, Outcome& outcome, coap::Message& response,
                 Turn& turn);
    void flush_stored(Turn& turn);
    /// False if there is nothing to read.
    bool push_send(const SendContent& content, Turn& turn);
    void count(const Settled& settled);
    void plan_sends(Turn& turn);
    /// Stored notifications wait for the registration.
    bool may_flush(bool is_offline) const {
        return !stored_.empty() && !is_offline && registration_.is_registered();
    }
    bool is_disabled() const { return registration_.state() == RegistrationState::disabled; }

    ObjectModel& model_;
    const ClientSettings& settings_;
    std::optional<std::uint16_t> server_instance_;
    Attributes attributes_;
    Operations operations_;
    Notifier notifier_;
    Registration registration_;
    MessageLayer messages_;
    RequestBlocks blocks_;
    SessionCounters counters_;
    std::vector<coap::Message> stored_;  ///< notifications
    Instant send_due_ = never;
    bool links_changed_ = false;
    std::optional<std::int64_t> announced_lifetime_;
};

/// What a device sends by itself: its temperatures and battery level.
const SendContent& default_send_content();

}  // namespace scef::client
