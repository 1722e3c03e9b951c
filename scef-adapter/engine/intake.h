#pragma once

#include <cstdint>

#include "scef-adapter/engine/engine.h"

namespace scef::adapter {

/// Messages of the API on their way into the queues of devices: one for a device, one that is
/// sent again after it had ended.
///
/// The part of `Engine` that does this, and its friend: made for a turn, not kept.
class Intake {
public:
    explicit Intake(Engine& engine) : engine_(engine) {}

    struct Placed {
        MessageId id;
        std::uint64_t displaced = 0;  ///< messages that have, or may have, lost their place to it
    };
    /// Into the device's queue, or the reason why not; the caller then pumps. Charges nothing.
    tl::expected<Placed, inside::Refusal> place(Device& device, const EnqueueMessage& event);

    /// Once per Idempotency-Key (docs/api.md).
    void on_enqueue(const EnqueueMessage& event);
    /// Once per message that ended: asked again, the answer is the same new message.
    void on_replay(const ReplayMessage& event);
    void on_change_membership(const ChangeMembership& event);

private:
    void refuse(ReplyId reply, inside::Refusal refusal);

    Engine& engine_;
};

/// Why a message that has ended can't be sent again; success if it can. DEAD, FAILED, EXPIRED and
/// REJECTED are known not to have done anything; what an operator ended stays ended, and what may
/// have been delivered is for a person to send as a new message.
Status may_be_replayed(const queueing::Message& ended);

}  // namespace scef::adapter
