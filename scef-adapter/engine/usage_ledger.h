#pragma once

#include <cstdint>
#include <vector>

#include "queueing/batch.h"
#include "queueing/message.h"
#include "scef-adapter/engine/charge_record.h"
#include "scef-adapter/engine/device.h"

namespace scef::adapter {

/// The charges of one turn, each with what it was for. They are written in the batch of the turn
/// that charges, so that a usage record and the quota that it explains are never apart. Owned by
/// the engine of a shard; pure. Octets: on the air, and as the allowances counted them.
class UsageLedger {
public:
    /// Not kept (`usage.ledger: false`): everything here does nothing.
    explicit UsageLedger(bool is_kept) : is_kept_(is_kept) {}

    /// A frame of this message goes on the air, in the attempt that it counts now.
    void sent(const Device& device, const queueing::Message& message, std::uint64_t octets,
              std::uint64_t counted);
    /// It takes the place of a frame that is charged already, and is longer by so much (D27).
    void sent_more(const Device& device, const queueing::Message& message, std::uint64_t octets,
                   std::uint64_t counted);
    /// A frame of the device came.
    void received(const Device& device, std::uint64_t octets, std::uint64_t counted);
    /// What the frame that came in this turn is about: the first word of it counts. Nothing
    /// happens if none came, or the id is empty.
    void received_is_about(Charge::Subject subject, const MessageId& id);

    /// Puts a record for each into the batch and begins anew. Their ids have the time of the turn:
    /// unlike a message's, an id follows a wall clock that was set back, and is told from those of
    /// the same millisecond by chance alone.
    void write(queueing::Batch& batch, const Turn& turn);

private:
    void add(const Device& device, Charge charge);

    bool is_kept_;
    std::vector<Charge> charges_;
    MessageId last_id_;
};

}  // namespace scef::adapter
