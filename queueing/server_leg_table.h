#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "queueing/message.h"
#include "queueing/state_set.h"

/// The CoAP exchange with whoever asked, as a table of (state, event, guard) → (state, actions)
/// (RFC 7252 4-5). A message has one exchange for each who asked the same (D2); each goes through
/// this table by itself. The rows are those of docs/exchanges.md, by the same names.
namespace scef::queueing {

enum class ServerEvent : std::uint8_t {
    custody_due,   ///< `ack_hold` is over
    asked_again,   ///< a retransmission of the request
    answered,      ///< the device's response is there, or a response of ours in its place
    device_reset,  ///< the device answered RST; the response stands in where RST is too late
    expired,       ///< TTL or the server's own limit is over; the response says so
    completed,     ///< nothing more will come: delivered, and no response is expected
    acknowledged,  ///< the server's ACK to our separate response
    reset,         ///< the server's RST to it: the server gave up before
    unheard,       ///< no copy of our response was acknowledged
};

enum class ServerAction : std::uint8_t {
    acknowledge,       ///< empty ACK with the server's message id
    piggyback,         ///< the response in the ACK
    respond,           ///< a CON response of its own, repeated until it is acknowledged
    respond_once,      ///< a NON response
    reset,             ///< RST with the server's message id
    keep_late_answer,  ///< the server did not take it: kept for who asks again (D2)
    end_observation,   ///< the server does not know its observation any more
};

/// What a guard may know beside the exchange.
struct ServerContext {
    bool silent = false;    ///< `expiry_signal`: the server is not to be told of an expiry
    bool unwanted = false;  ///< No-Response (RFC 7967) suppresses this response
    bool patient = false;   ///< custody comes later than a server repeats its request
};

using ServerGuard = bool (*)(const ServerExchange&, const ServerContext&);

struct ServerRow {
    std::string_view name;
    StateSet<ServerLeg> from;
    ServerEvent event;
    ServerGuard guard;
    std::optional<ServerLeg> to;  ///< nothing: it stays where it is
    std::span<const ServerAction> actions;
};

/// The first row that matches, or null: the event means nothing in this state.
const ServerRow* find_row(const ServerExchange& exchange, ServerEvent event,
                          const ServerContext& context);

/// All rows, for tests and documents.
std::span<const ServerRow> server_leg_table();

}  // namespace scef::queueing
