#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "queueing/message.h"

namespace scef::adapter {

/// A message that waits for its device, as one block of octets on the heap: about its payload and
/// fifty octets. Lives in this process only.
class PackedMessage {
public:
    PackedMessage() = default;
    /// The message may rest. `scef` is the place of its device's SCEF in the configuration.
    PackedMessage(const queueing::Message& message, std::size_t scef);

    explicit operator bool() const { return block_ != nullptr; }
    /// The block must not be null; `id` is what the message had.
    std::unique_ptr<queueing::Message> unpack(const MessageId& id) const;

    /// What counts of waiting messages need, without unpacking the rest.
    struct Glance {
        std::size_t scef = 0;
        queueing::Reason reason = queueing::Reason::none;
        WallTime created_at{};
        WallTime expires_at{};
    };
    Glance glance(const MessageId& id) const;
    /// Octets of the block.
    std::size_t size() const;

private:
    std::unique_ptr<std::uint8_t[]> block_;
};

/// Whether a message only waits: it was not sent yet, nobody takes it back or its place, and
/// nothing is on its way because of it. Then a packed one has all that it has.
bool may_rest(const queueing::Message& message);

}  // namespace scef::adapter
