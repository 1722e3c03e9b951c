#pragma once

#include <cstdint>

#include "quota/quota_limits.h"

/// What a shard's Lease and the owner's SharedBudget say to each other. Everything is a total that
/// only grows within a lease, so a message that is lost, comes twice or late does no harm: the next
/// one tells all. Neither is sent before the state behind it is durable.
namespace scef::quota {

/// From a shard to the owner: what it used, and what it would like to have. One without a wish is
/// a report.
struct LeaseAsk {
    std::uint32_t shard = 0;
    std::uint64_t serial = 0;  ///< of the lease; a higher one ends all before it
    Amount used_before;        ///< by this shard ever, when this lease began
    Amount used_total;         ///< by this shard ever
    Amount least;      ///< to be granted in this lease in all, or else nothing that waits can go
    Amount wanted;     ///< the same for all that waits and what is soon to come
    Amount emergency;  ///< to be granted for emergencies in this lease in all
    friend bool operator==(const LeaseAsk&, const LeaseAsk&) = default;
};

/// From the owner to a shard, an answer or a grant to one that waited.
struct LeaseGrant {
    std::uint32_t shard = 0;
    std::uint64_t serial = 0;
    Amount used_total;            ///< as the owner knows it now
    Amount granted;               ///< in this lease in all
    Amount granted_emergency;     ///< besides; only emergencies may use it
    WallTime valid_until{};       ///< then a window ends, and what is unused is void
    WallTime earliest{};          ///< when more may come, if less than `least` was granted
    LimitIndex limit = no_limit;  ///< that binds until then
    friend bool operator==(const LeaseGrant&, const LeaseGrant&) = default;
};

}  // namespace scef::quota
