#pragma once

#include <cstdint>
#include <span>

#include "nidd/types/t8_exchange.h"
#include "tests/simulation/message_ledger.h"

namespace scef::simulation {

/// One answer that T8 allows to the POST of a delivery, and what it means there.
struct T8AnswerKind {
    const char* name;
    nidd::T8Answer::Transport transport;
    int status;
    const char* body;
    enum class Takes : std::uint8_t { no, perhaps, yes } takes;
    enum class Link : std::uint8_t { none, right, other_configuration } link;
    Told told;
    bool retransmission_time = false;
    unsigned weight = 4;
};

/// Every answer of docs/t8-outcomes.md but the two plain ones (200 delivered, 201 buffered).
std::span<const T8AnswerKind> unusual_t8_answers();
/// The same for the PUT of a delivery, but 204 and 200 with what is held. `takes`: the new data is
/// there from then on.
std::span<const T8AnswerKind> unusual_put_answers();
/// Every DeliveryStatus of TS 29.122, and one that is in no release.
std::span<const char* const> success_statuses();
std::span<const char* const> failure_statuses();
std::span<const char* const> pending_statuses();

}  // namespace scef::simulation
