#pragma once

#include <memory>
#include <optional>

#include "lwm2m-core/coap/message.h"

/// Debian's libcoap as a codec beside ours.
namespace scef::differential {

/// What libcoap reads from one datagram; nothing if it refuses it.
std::optional<coap::Message> parse_with_libcoap(ByteView octets);

/// Lets libcoap send messages over a socket on loopback and gives the octets that arrive.
class LibcoapSender {
public:
    LibcoapSender();
    ~LibcoapSender();
    LibcoapSender(const LibcoapSender&) = delete;
    LibcoapSender& operator=(const LibcoapSender&) = delete;

    /// The datagram of this message; empty if libcoap does not send it.
    Bytes octets_of(const coap::Message& message);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace scef::differential
