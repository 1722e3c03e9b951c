#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace scef {

/// Why something a peer or the environment asked for cannot be done. One table (`errc.cpp`) turns
/// each value into its one HTTP status and its one CoAP code.
enum class Errc {
    malformed,         ///< bytes or text that break their grammar
    invalid_argument,  ///< well-formed, but a value is out of range or contradicts another
    not_found,         ///< no such device, message, configuration
    conflict,          ///< it is there already and differs, or it is too late
    too_large,         ///< more octets than the receiver takes
    unsupported,       ///< a media type, option or engine that is not offered
    unauthorized,      ///< no credentials or wrong ones
    forbidden,         ///< known, but not allowed
    queue_full,        ///< a queue limit is reached
    quota_exceeded,    ///< a rate or allowance is used up
    overloaded,        ///< shed before work was done
    unavailable,       ///< the other side cannot be reached
    storage,           ///< the store could not read or write
    corrupt,           ///< a stored record fails its check
    key_reused,        ///< an idempotency key came again with other content
    internal,          ///< anything else
};

/// An error as a value: its kind for programs, a sentence for people. The sentence never carries
/// secrets or unescaped foreign text.
struct Error {
    Errc code = Errc::internal;
    std::string message;
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(Errc code, std::string message) {
    return tl::unexpected<Error>(Error{code, std::move(message)});
}

/// Stable lower-case name of an error kind, for logs, metrics and problem documents.
std::string_view name_of(Errc code);

/// The one HTTP status of an error kind (RFC 9110).
int http_status_of(Errc code);

/// The one CoAP response code of an error kind, as its octet (RFC 7252 5.9, RFC 8516).
std::uint8_t coap_code_of(Errc code);

}  // namespace scef
