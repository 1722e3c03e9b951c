#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scef-adapter/engine/engine.h"

namespace scef::adapter {

/// What quotas let pass to and from a device: its own, the network's of which it told, and those of
/// the shared scopes it belongs to. A frame passes all of them or waits; what goes on the air is
/// charged to all of them, whether it was asked for or not.
///
/// The part of `Engine` that does this, and its friend: made for a device in a turn, not kept.
class QuotaGate {
public:
    QuotaGate(Engine& engine, Device& device) : engine_(engine), device_(device) {}

    /// On entry: a quota that rejects, and is known to be used up.
    std::optional<inside::Refusal> refusal(std::size_t octets, queueing::Priority priority) const;
    /// Why a message that is not a reply may not go yet. The first frame of a transfer waits until
    /// the device's quota has room for all of them.
    std::optional<inside::Hold> hold(const queueing::Message& message) const;
    /// It is held by shared scopes: their owners are asked, and the device is looked at again.
    /// False if that was done before.
    bool ask(const queueing::Message& message);
    /// A shared scope's quota rejects what waits: known only after its owner was asked.
    void reject(queueing::Message& message, const inside::Hold& hold);

    /// A frame leaves. The charge is recorded in the same turn.
    void charge(const queueing::Message& message);
    /// A frame that is charged, and not on the air, grows by so many octets.
    bool has_room_for_more(std::uint64_t octets) const;
    void charge_more(const queueing::Message& message, std::uint64_t octets);
    /// A frame came.
    void charge_uplink(std::uint64_t octets);

    /// An empty message of four octets would be debt.
    bool is_short() const;
    /// The SCEF said that nothing passes to the device until then.
    void exhaust_until(Instant until);

    /// What would become of a message that were enqueued now.
    DryRun dry_run(const queueing::Message& message, queueing::Priority priority) const;

private:
    /// What holds a message, and the shared scope if it is one.
    struct Held {
        inside::Hold hold;
        std::string scope;
    };
    std::vector<Held> all_holds(const queueing::Message& message) const;
    std::optional<inside::Hold> hold_of_device(const queueing::Message& message) const;
    double reserve_of(queueing::Priority priority) const;
    static quota::Want frame_of(const queueing::Message& message);
    /// What waits already and goes first.
    quota::Amount ahead_of(const queueing::Message& message) const;

    Engine& engine_;
    Device& device_;
};

}  // namespace scef::adapter
