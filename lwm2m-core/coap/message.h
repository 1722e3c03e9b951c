#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::coap {

/// RFC 7252 3.
enum class Type : std::uint8_t {
    confirmable = 0,
    non_confirmable = 1,
    acknowledgement = 2,
    reset = 3
};

/// A CoAP code, `class.detail` in one octet (RFC 7252 3).
struct Code {
    std::uint8_t octet = 0;

    constexpr Code() = default;
    constexpr Code(unsigned code_class, unsigned detail)
        : octet(static_cast<std::uint8_t>(code_class << 5 | detail)) {}
    static constexpr Code from_octet(std::uint8_t octet) {
        Code code;
        code.octet = octet;
        return code;
    }
    constexpr unsigned code_class() const { return octet >> 5; }
    constexpr unsigned detail() const { return octet & 0x1f; }
    constexpr bool is_empty() const { return octet == 0; }
    constexpr bool is_request() const { return code_class() == 0 && octet != 0; }
    constexpr bool is_response() const { return code_class() >= 2 && code_class() <= 5; }
    /// `2.05`, `0.01`.
    std::string text() const;
    friend constexpr auto operator<=>(const Code&, const Code&) = default;
};

namespace codes {
inline constexpr Code empty{0, 0};
inline constexpr Code get{0, 1}, post{0, 2}, put{0, 3}, del{0, 4};
inline constexpr Code fetch{0, 5}, patch{0, 6}, ipatch{0, 7};  // RFC 8132
inline constexpr Code created{2, 1}, deleted{2, 2}, valid{2, 3}, changed{2, 4}, content{2, 5};
inline constexpr Code continue_{2, 31};
inline constexpr Code bad_request{4, 0}, unauthorized{4, 1}, bad_option{4, 2}, forbidden{4, 3},
    not_found{4, 4}, method_not_allowed{4, 5}, not_acceptable{4, 6},
    request_entity_incomplete{4, 8}, precondition_failed{4, 12}, request_entity_too_large{4, 13},
    unsupported_content_format{4, 15}, too_many_requests{4, 29};  // 4.29: RFC 8516
inline constexpr Code internal_server_error{5, 0}, not_implemented{5, 1}, bad_gateway{5, 2},
    service_unavailable{5, 3}, gateway_timeout{5, 4}, proxying_not_supported{5, 5};
}  // namespace codes

/// Option numbers in use here (RFC 7252 5.10, 7641, 7959, 7967, 8613, 8768, 9175, 9177, 9668).
namespace options {
inline constexpr std::uint16_t if_match = 1, uri_host = 3, etag = 4, if_none_match = 5, observe = 6,
                               uri_port = 7, location_path = 8, oscore = 9, uri_path = 11,
                               content_format = 12, max_age = 14, uri_query = 15, hop_limit = 16,
                               accept = 17, q_block1 = 19, location_query = 20, edhoc = 21,
                               block2 = 23, block1 = 27, size2 = 28, q_block2 = 31, proxy_uri = 35,
                               proxy_scheme = 39, size1 = 60, echo = 252, no_response = 258,
                               request_tag = 292;
/// Private and elective: TTL of a request in seconds, for the adapter alone, stripped before the
/// device (docs/configuration.md).
inline constexpr std::uint16_t ttl_seconds = 65020;
}  // namespace options

struct Option {
    std::uint16_t number = 0;
    Bytes value;

    bool is_critical() const { return (number & 1) != 0; }
    std::string_view text() const { return as_text(value); }
    friend bool operator==(const Option&, const Option&) = default;
};

/// A token of at most 8 octets, held in place.
class Token {
public:
    static constexpr std::size_t size_max = 8;

    Token() = default;
    Token(std::initializer_list<std::uint8_t> octets);
    /// The first 8 octets of `octets`.
    explicit Token(ByteView octets);

    ByteView view() const { return {octets_.data(), size_}; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    friend auto operator<=>(const Token&, const Token&) = default;

private:
    std::array<std::uint8_t, size_max> octets_{};
    std::uint8_t size_ = 0;
};

/// One CoAP message (RFC 7252 3) as a value. Options are kept in ascending order of their number,
/// and those of one number in the order in which they were added.
struct Message {
    Type type = Type::confirmable;
    Code code;
    std::uint16_t message_id = 0;
    Token token;
    std::vector<Option> options;
    Bytes payload;

    /// First option of that number, or null.
    const Option* find(std::uint16_t number) const;
    /// Value of an unsigned-integer option (RFC 7252 3.2); nothing if absent or longer than 4
    /// octets.
    std::optional<std::uint32_t> uint_option(std::uint16_t number) const;

    void add(std::uint16_t number, Bytes value);
    void add_text(std::uint16_t number, std::string_view value);
    void add_uint(std::uint16_t number, std::uint32_t value);
    void remove(std::uint16_t number);

    /// All Uri-Path segments, in order.
    std::vector<std::string_view> path() const;
    /// `/3/0/1`; `/` when there is none. For people and for classification, never for a URL.
    std::string path_text() const;
    /// Value of the first Uri-Query `name=value`; `name` alone gives an empty text.
    std::optional<std::string_view> query(std::string_view name) const;

    friend bool operator==(const Message&, const Message&) = default;
};

/// Empty messages (RFC 7252 4.1).
Message make_ack(std::uint16_t message_id);
Message make_reset(std::uint16_t message_id);

/// A response to `request` with the same token; piggybacked (ACK, same message id) for a
/// confirmable request, otherwise NON with message id 0, which the caller sets.
Message make_response(const Message& request, Code code);

/// Block1 or Block2 option value (RFC 7959 2.2).
struct Block {
    std::uint32_t number = 0;
    bool more = false;
    std::uint8_t size_exponent = 6;  ///< SZX; 7 is reserved

    std::size_t size() const { return std::size_t{16} << size_exponent; }
    /// Nothing if the option is absent, longer than 3 octets or of the reserved size.
    static std::optional<Block> from(const Message& message, std::uint16_t option_number);
    std::uint32_t value() const;
};

}  // namespace scef::coap
