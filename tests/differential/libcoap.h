#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "lwm2m-core/coap/codec.h"

/// Debian's libcoap as a codec beside ours.
namespace scef::differential {

/// What libcoap reads from one datagram; nothing if it refuses it.
std::optional<coap::Message> parse_with_libcoap(ByteView octets);

/// Sizes of an option's value.
struct Sizes {
    std::size_t least = 0;
    std::size_t most = 65804;
};

/// The sizes that libcoap takes when it parses: those of RFC 7252 5.10 and its successors, but no
/// empty Uri-Query. It refuses the whole datagram for another one.
Sizes sizes_in_libcoap(std::uint16_t number);

/// Why only one of the two accepts octets of which we read `ours`: README.md has the reasons. Empty
/// if there is none.
std::string_view known_difference(const tl::expected<coap::Message, coap::ParseError>& ours);

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
