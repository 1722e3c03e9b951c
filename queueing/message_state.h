#pragma once

#include <cstdint>
#include <string_view>

namespace scef::queueing {

/// State of a message as the API shows it. Terminal from `delivered` on, except that `unconfirmed`
/// may still become `delivered`.
enum class MessageState : std::uint8_t {
    queued,
    sending,
    accepted,
    delivered,
    expired,
    failed,
    rejected,
    canceled,
    superseded,
    dead,
    unconfirmed,
};

/// How far a delivery was confirmed.
enum class DeliveryLevel : std::uint8_t { none, scef, next_hop, device, coap };

/// Why a message is in its state. Stored: append only.
enum class Reason : std::uint8_t {
    none,
    awaiting_window,  ///< the device sleeps
    quota,            ///< a limit is used up; the message waits
    paused,           ///< the operator holds the device's queue
    not_before,       ///< its own earliest time is not reached
    order,            ///< an earlier message goes first
    configuration,    ///< the NIDD configuration is not active yet
    throttled,        ///< the SCEF asked to slow down
    retry,            ///< an attempt failed; another one follows
    awaiting_answer,  ///< delivered as far as the network knows; the device has not answered
    in_doubt,         ///< the POST's outcome is not known
    ttl,              ///< its time to live is over
    deregistered,     ///< the device left its server
    canceled,         ///< by an operator
    purged,           ///< with the whole queue, by an operator
    unknown_outcome,  ///< it may have been delivered; sending again could do harm
    too_large,        ///< more octets than the SCEF takes
    refused_by_scef,  ///< the SCEF will never take it
    not_authorized,   ///< the SCEF does not let us
    attempts,         ///< all attempts failed
    reset_by_device,  ///< the device answered RST
    device_removed,
    answered,  ///< the device's answer came
    queue_full,
    store_restart,   ///< found in flight at a restart
    left_binding,    ///< D22: the device left NIDD for another binding
    bootstrap,       ///< U13: the device is being bootstrapped
    block_transfer,  ///< D23: another block of its transfer was lost, or the transfer cannot start
    superseded,      ///< D27: a newer message took its place
    last = superseded,
};

/// Of which ends of a message the event feed tells. Stored: append only.
enum class AckMode : std::uint8_t {
    none,
    positive,  ///< that it was delivered
    negative,  ///< that it was not, or may not have been
    full,      ///< both
};

/// Whether an event is due for a message that ended in that state.
constexpr bool is_told(AckMode mode, MessageState state) {
    if (mode == AckMode::none || mode == AckMode::full) return mode == AckMode::full;
    return (mode == AckMode::positive) == (state == MessageState::delivered);
}

std::string_view name_of(AckMode mode);         ///< `full`
std::string_view name_of(MessageState state);   ///< `QUEUED`, as in the API
std::string_view name_of(DeliveryLevel level);  ///< `nextHop`
std::string_view name_of(Reason reason);        ///< `awaiting-window`

constexpr bool is_terminal(MessageState state) { return state >= MessageState::delivered; }

}  // namespace scef::queueing
