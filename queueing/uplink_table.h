#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "queueing/state_set.h"
#include "queueing/uplink.h"

/// The life of a device's frame on its way to its server, as a table of (state, event, guard) →
/// (state, actions). The rows are those of docs/exchanges.md, by the same names.
namespace scef::queueing {

enum class UplinkEvent : std::uint8_t {
    acknowledged,  ///< the server's empty ACK
    answered,      ///< the server's response
    reset,         ///< the server's RST
    copies_over,   ///< a round of transmissions ended without a word
    retry_due,     ///< time for the next round
    server_spoke,  ///< any datagram of this server
    slow,          ///< the device has waited for `device_ack_hint`
    superseded,    ///< a newer notification of the same observation follows
    sent,          ///< opaque octets have left
    expired,       ///< not worth anything any more
};

enum class UplinkAction : std::uint8_t {
    acknowledge_device,  ///< empty ACK frame, unless the device has one already
    answer_device,       ///< the response as one frame
    reset_device,        ///< RST frame, or later (U8)
    refuse_device,       ///< 5.03 frame
    end_observation,
    learn,  ///< what a successful Register, Update, De-register or bootstrap request changes
    transmit,
    back_off,
    mark_superseded,
    count_stale,
    count_unanswered,
    end,
};

/// What a guard may know beside the uplink.
struct UplinkContext {
    bool stale = false;            ///< the device has stopped waiting for an answer
    bool tells_of_outage = false;  ///< the server's `unreachable: 5.03`
    bool late = false;             ///< `device_ack_hint` is over
};

using UplinkGuard = bool (*)(const Uplink&, const UplinkContext&);

struct UplinkRow {
    std::string_view name;
    StateSet<UplinkState> from;
    UplinkEvent event;
    UplinkGuard guard;
    std::optional<UplinkState> to;  ///< nothing: it stays, or ends by its actions
    std::span<const UplinkAction> actions;
};

/// The first row that matches, or null: the event means nothing in this state.
const UplinkRow* find_row(const Uplink& uplink, UplinkEvent event, const UplinkContext& context);

/// All rows, for tests and documents.
std::span<const UplinkRow> uplink_table();

}  // namespace scef::queueing
