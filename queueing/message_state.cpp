#include "queueing/message_state.h"

#include <array>
#include <cstddef>

namespace scef::queueing {
namespace {

constexpr std::array<std::string_view, 11> states{
    "QUEUED",   "SENDING",  "ACCEPTED",   "DELIVERED", "EXPIRED",    "FAILED",
    "REJECTED", "CANCELED", "SUPERSEDED", "DEAD",      "UNCONFIRMED"};

constexpr std::array<std::string_view, 5> levels{"none", "scef", "nextHop", "device", "coap"};

constexpr std::array<std::string_view, 29> reasons{"",
                                                   "awaiting-window",
                                                   "quota",
                                                   "paused",
                                                   "not-before",
                                                   "order",
                                                   "configuration",
                                                   "throttled",
                                                   "retry",
                                                   "awaiting-answer",
                                                   "in-doubt",
                                                   "ttl",
                                                   "deregistered",
                                                   "canceled",
                                                   "purged",
                                                   "unknown",
                                                   "too-large",
                                                   "refused-by-scef",
                                                   "not-authorized",
                                                   "attempts",
                                                   "reset",
                                                   "device-removed",
                                                   "answered",
                                                   "queue-full",
                                                   "restart",
                                                   "left-binding",
                                                   "bootstrap",
                                                   "block-transfer",
                                                   "superseded"};

}  // namespace

std::string_view name_of(AckMode mode) {
    static constexpr std::array<std::string_view, 4> names{"none", "positive", "negative", "full"};
    return names[static_cast<std::size_t>(mode)];
}

std::string_view name_of(MessageState state) { return states[static_cast<std::size_t>(state)]; }
std::string_view name_of(DeliveryLevel level) { return levels[static_cast<std::size_t>(level)]; }
std::string_view name_of(Reason reason) { return reasons[static_cast<std::size_t>(reason)]; }

}  // namespace scef::queueing
