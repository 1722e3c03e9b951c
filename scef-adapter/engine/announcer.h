#pragma once

#include <string_view>

#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/feed_event.h"

namespace scef::adapter {

/// Writes events of the feed into the records of the turn: what is announced is as durable as what
/// it tells of, and is told once that is on stable storage. The part of `Engine` that does this, and
/// its friend: made for a device in a turn, not kept.
class Announcer {
public:
    Announcer(Engine& engine, const Device& device) : engine_(engine), device_(device) {}

    /// A message has ended, or is UNCONFIRMED; silent if its `ack` says so, or if it was in that
    /// state before. `was`: its state before.
    void on_outcome(const queueing::Message& message, queueing::MessageState was,
                    std::string_view detail);
    void on_registration(const VirtualEndpoint& endpoint, RegistrationChange::Kind kind,
                         std::string_view endpoint_name);
    /// Silent unless the status is another one than `was`.
    void on_configuration(NiddLink::Status was);
    void on_opaque_uplink(ByteView octets);

private:
    template <typename What>
    void put(What what);

    Engine& engine_;
    const Device& device_;
};

}  // namespace scef::adapter
