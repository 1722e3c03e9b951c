#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::lwm2m_server_simulator {

/// The CoAP names that this program uses (RFC 7252 12, 7641, 7959, 8132).
namespace coap {
enum class Type : std::uint8_t { con = 0, non = 1, ack = 2, rst = 3 };

inline constexpr std::uint8_t get = 1, post = 2, put = 3, del = 4, fetch = 5, ipatch = 7;

constexpr std::uint8_t code(unsigned code_class, unsigned detail) {
    return static_cast<std::uint8_t>(code_class << 5 | detail);
}
constexpr bool is_success(std::uint8_t octet) { return octet >> 5 == 2; }

inline constexpr std::uint16_t etag = 4, observe = 6, location_path = 8, uri_path = 11,
                               content_format = 12, uri_query = 15, accept = 17, block2 = 23,
                               block1 = 27, size2 = 28, size1 = 60;
/// Private, elective: how long the request is worth delivering, in seconds.
inline constexpr std::uint16_t ttl_seconds = 65020;

inline constexpr std::uint16_t text_plain = 0, link_format = 40, opaque = 42, json = 50, cbor = 60,
                               senml_json = 110, senml_cbor = 112, tlv = 11542, lwm2m_json = 11543;
}  // namespace coap

struct CoapOption {
    std::uint16_t number = 0;
    Bytes value;
    friend bool operator==(const CoapOption&, const CoapOption&) = default;
};

/// One CoAP message as a value, read from or written to a PDU of libcoap. Options may stand in any
/// order; libcoap writes them sorted. `message_id` and `token` of a request to be sent are chosen
/// by the sender.
struct CoapMessage {
    coap::Type type = coap::Type::con;
    std::uint8_t code = 0;
    std::uint16_t message_id = 0;
    std::string token;
    std::vector<CoapOption> options;
    Bytes payload;

    const CoapOption* find(std::uint16_t number) const;
    std::optional<std::uint32_t> uint_option(std::uint16_t number) const;
    void add_text(std::uint16_t number, std::string_view value);
    void add_uint(std::uint16_t number, std::uint32_t value);
    void remove(std::uint16_t number);

    std::vector<std::string> path() const;
    /// Value of the first Uri-Query `name=value`; `name` alone gives an empty text.
    std::optional<std::string> query(std::string_view name) const;

    friend bool operator==(const CoapMessage&, const CoapMessage&) = default;
};

/// `2.05`.
std::string code_text(std::uint8_t code);

/// Adds one Uri-Path option for each segment of `/3/0/1`; `/` adds none.
void add_path(CoapMessage& message, std::string_view path);

}  // namespace scef::lwm2m_server_simulator
