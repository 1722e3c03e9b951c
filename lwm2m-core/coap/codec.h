#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <tl/expected.hpp>

#include "lwm2m-core/coap/message.h"

namespace scef::coap {

/// What a receiver does with octets that are no acceptable message (RFC 7252 4.2, 4.3).
enum class Rejection : std::uint8_t {
    ignore,  ///< say nothing
    reset,   ///< answer RST with the message id of the octets
};

/// A format error: what to do, the message id to do it with, and why (a closed set of short names,
/// fit for a metric label).
struct ParseError {
    Rejection rejection = Rejection::ignore;
    std::uint16_t message_id = 0;
    std::string_view reason;
};

/// True if the first octet is that of a CoAP version 1 message; everything else on the pipe (DTLS,
/// SCHC, …) is opaque.
bool looks_like_coap(ByteView octets);

/// Reads one datagram, strictly: lengths, reserved token lengths, code classes, empty messages,
/// requests in ACK or RST, option deltas and lengths, number range, payload marker. Any number of
/// options is read; `refuse_request` limits it. What it refuses is answered with a reset if it was
/// confirmable and CoAP version 1, and ignored otherwise. A CoAP ping (CON Empty) parses; who
/// answers it decides. What parses is written by `serialize` as the same octets. Pure; keeps no
/// reference to `octets`.
tl::expected<Message, ParseError> parse(ByteView octets);

/// The octets of a message. Options may be in any order; they are written in ascending order. The
/// value of an option must not be longer than 65 804 octets.
Bytes serialize(const Message& message);

/// Why a well-formed request is not acceptable to us as its receiver (RFC 7252 5.4, 5.7, RFC 7959):
/// 4.02 for more than 64 options or an unknown, ill-sized or surplus critical one, 4.05 for an
/// unknown method, 5.05 for Proxy-Uri and Proxy-Scheme, 4.00 for an unsafe Uri-Path segment (`.`,
/// `..`, a slash, NUL or bad UTF-8), for NUL or bad UTF-8 in Uri-Host or Uri-Query and for a Block
/// option with SZX 7. Nothing if it may pass. The caller drops a refused non-confirmable request
/// instead of answering it, if it likes. Ill-sized and surplus elective options are not an error;
/// `drop_bad_elective` removes them and leaves unknown ones.
std::optional<Code> refuse_request(const Message& request);
void drop_bad_elective(Message& request);

}  // namespace scef::coap
