#pragma once

#include <cstdint>

#include "scef-adapter/engine/engine.h"

namespace scef::adapter {

/// D27: a new message takes the place of those that wait for its device: of all of them, or of
/// those with its collapse key (docs/exchanges.md). What waits here ends at once. What the SCEF
/// holds is exchanged there by PUT (TS 29.122 4.4.5.3.3) for one of them, deleted for the others.
///
/// While the PUT is open or in doubt, nobody knows which of the two the SCEF holds: the older one
/// is contested, and what the SCEF reports of the transfer waits until that is settled. All that
/// must outlive a turn is in the messages (`replaces`, `superseded_by`) and stored with them.
///
/// The part of `Engine` that does this, and its friend: made for a device in a turn, not kept.
class Replacement {
public:
    Replacement(Engine& engine, Device& device) : engine_(engine), device_(device) {}

    /// What ends here when `newer` comes: it may use that room itself.
    inside::Room room(const queueing::Message& newer, bool takes_every_place) const;
    /// `newer` was enqueued: how many have, or may have, lost their place to it.
    std::uint64_t displace(queueing::Message& newer, bool takes_every_place);
    /// Ends a message that is not on its way to the device yet: here, or by having the SCEF delete
    /// it. False if it is too late, or the message answers the device.
    bool withdraw(queueing::Message& message, queueing::Reason reason);
    /// Makes the PUTs that may go now.
    void pump();

    void on_put(const nidd::T8Answer& answer, const inside::Operation& operation);
    /// Asks the SCEF which of the two it holds.
    void ask(queueing::Message& newer);
    void on_read(const nidd::T8Answer& answer, const inside::Operation& operation);
    /// `newer` moved by another event than the PUT's outcome: what that says of the older one.
    void on_moved(queueing::Message& newer, queueing::DownlinkEvent event);

    /// A PUT that may have put another message in its place at the SCEF is open or in doubt.
    bool is_contested(const queueing::Message& older) const;
    /// What the SCEF reports of its transfer can't be told to be of this message yet.
    bool is_unsettled(const queueing::Message& message) const {
        return message.is_taking_a_place() || is_contested(message);
    }

private:
    using Message = queueing::Message;
    using Event = queueing::DownlinkEvent;
    using Facts = inside::Facts;

    bool loses_place(const Message& older, const Message& newer, bool takes_every_place) const;
    bool attempt(Message& newer);
    bool may_go(const Message& newer, const Message& older) const;
    void put(Message& newer, Message& older);
    void withdraw_instead(Message& newer, Message& older);
    void take_place(Message& newer, Event event, const Facts& facts);
    void stay_behind(Message& newer, const std::string& cause, bool is_gone);
    void wait(Message& newer, Event event, const Facts& facts);
    void lose_sight(Message& newer);
    void release(const MessageId& older, bool is_gone);
    void give_up(const MessageId& older);
    void give_slot_back(Message& older);

    Engine& engine_;
    Device& device_;
};

}  // namespace scef::adapter
