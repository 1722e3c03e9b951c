#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "queueing/message.h"
#include "queueing/state_set.h"

/// The life of a downlink message as a table of (state, event, guard) → (state, actions). The rows
/// are those of docs/exchanges.md, by the same names; the engine does what a row says and nothing
/// else.
namespace scef::queueing {

enum class DownlinkEvent : std::uint8_t {
    delivered,        ///< T8 200, or a SUCCESS* status
    buffered,         ///< T8 201 with a usable link
    doubtful,         ///< no telling whether the SCEF took it
    found_at_scef,    ///< reconciliation: the SCEF holds it
    missing_at_scef,  ///< reconciliation: the SCEF does not hold it
    throttled,        ///< the SCEF asks to slow down
    not_sent,         ///< nothing was written to the SCEF
    expired_unsent,   ///< nothing was written to the SCEF before `expires_at`
    attempt_failed,   ///< this attempt failed, another may succeed
    refused,          ///< this message will never be taken
    too_large,
    not_authorized,
    configuration_lost,
    timed_out_at_scef,  ///< status FAILURE_TIMEOUT
    answered,           ///< the device's response came
    acknowledged,       ///< the device's empty ACK came
    reset,              ///< the device's RST came
    device_timer,       ///< no answer within `device_ack_timeout`
    ttl,                ///< `expires_at` is reached
    deleted_at_scef,    ///< our DELETE was in time
    too_late_at_scef,   ///< our DELETE was not
    lingered,           ///< an expired message has waited long enough for a late answer
    superseded,         ///< D27: a newer message has its place
    not_replaced,       ///< D27: our PUT of this message changed nothing at the SCEF
};

enum class DownlinkAction : std::uint8_t {
    await_answer,    ///< start the device timer
    free_slot,       ///< the next message may go
    requeue,         ///< back to the queue's head with the same octets
    back_off,        ///< wait for the retry time
    reconcile,       ///< ask the SCEF what it holds
    delete_at_scef,  ///< withdraw the SCEF's copy
    renew_configuration,
    throttle_device,
    throttle_scef,
    park_scef,  ///< stop sending to this SCEF until it lets us again
    learn_size,
    linger,          ///< keep the exchange open for a late answer
    complete,        ///< DELIVERED at the level the status says
    forward_answer,  ///< DELIVERED at level coap, and the answer goes to whoever asked
    forward_reset,
    report_late,       ///< the answer came too late for the server: event only
    signal_expiry,     ///< tell the server by its expiry policy
    signal_failure,    ///< 5.02 to the server
    signal_too_large,  ///< 4.13 to the server
    finish_expired,
    finish_failed,
    finish_dead,
    finish_unconfirmed,
    finish_superseded,
    take_back_attempt,  ///< the SCEF took nothing: it was never sent
    report_unknown,     ///< UNCONFIRMED for now; a late answer settles it
};

using Guard = bool (*)(const Message&);

struct DownlinkRow {
    std::string_view name;
    StateSet<DeviceLeg> from;
    DownlinkEvent event;
    Guard guard;
    DeviceLeg to;
    std::span<const DownlinkAction> actions;
};

/// The first row that matches, or null: the event means nothing in this state.
const DownlinkRow* find_row(const Message& message, DownlinkEvent event);

/// All rows, for tests and documents.
std::span<const DownlinkRow> downlink_table();

/// Guards, also used by the engine.
bool expects_answer(const Message& message);
/// Sending the same octets again cannot do harm: idempotent requests that no one protects against
/// replay, what the device still recognises, replies.
bool may_repeat(const Message& message);

}  // namespace scef::queueing
