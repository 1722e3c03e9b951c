#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "nidd/endpoint/http_listener.h"

/// What is and what is not a request, as pure functions over octets (RFC 9112, stricter: whatever
/// two parsers could read differently is refused). No I/O, no clock; any thread.
namespace scef::nidd {

/// Why a request is not taken: an HTTP status and one fixed sentence. The connection ends with it.
struct HttpRefusal {
    int status = 400;
    const char* reason = "";
};

/// More octets are needed.
struct HttpIncomplete {};

/// How a body is delimited.
struct HttpHead {
    HttpRequest request;             ///< without body
    std::size_t octets = 0;          ///< length of the head with its empty line
    std::size_t content_length = 0;  ///< 0 with `chunked`
    bool chunked = false;
    bool keep_alive = true;
    bool large = false;  ///< its body may be as large as `HttpPolicy::large_body_octets`
};

/// Reads the head at the start of `octets`. Refuses as soon as it can: a line too long or a bare LF
/// does not have to wait for the end of the head.
std::variant<HttpIncomplete, HttpHead, HttpRefusal> read_head(std::string_view octets,
                                                              const HttpPolicy& policy);

/// The longest request line that the policy lets pass.
std::size_t request_line_octets_max(const HttpPolicy& policy);

/// Undoes the chunked transfer coding (RFC 9112 7.1) piece by piece. Chunk extensions are skipped
/// within narrow limits; trailer fields are refused, so that nothing can enter behind the checks of
/// the head.
class ChunkedBody {
public:
    explicit ChunkedBody(std::size_t body_octets_max) : body_octets_max_(body_octets_max) {}

    enum class State { incomplete, complete, refused };
    /// Takes octets from the front of `input` and appends what they carry to `body`.
    State take(std::string_view& input, std::string& body);
    const HttpRefusal& refusal() const { return refusal_; }

private:
    enum class Expect {
        size,
        size_digits,
        extension,
        size_lf,
        data,
        data_cr,
        data_lf,
        end_cr,
        end_lf
    };

    State refuse(int status, const char* reason);
    State take_octet(char octet);
    State take_size_digit(char octet);
    State take_after_size(char octet);

    std::size_t body_octets_max_;
    std::size_t body_octets_ = 0;
    std::size_t line_octets_ = 0;
    std::size_t overhead_octets_ = 0;
    std::size_t chunk_left_ = 0;
    Expect expect_ = Expect::size;
    HttpRefusal refusal_;
};

/// A response's octets. Field names and values of the handler that are no tokens or hold controls
/// are left out.
/// The head of a response whose body is `chunked` (RFC 9112 7.1) and ends with the connection.
std::string write_stream_head(const HttpResponse& response);
std::string write_chunk(std::string_view octets);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

std::string write_response(const HttpResponse& response, bool head_only, bool keep_alive);

/// The policy's own answer: a small problem document.
HttpResponse refusal_response(const HttpRefusal& refusal);

/// Reason phrase of a status code.
std::string_view reason_phrase(int status);

}  // namespace scef::nidd
