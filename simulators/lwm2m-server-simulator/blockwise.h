#pragma once

#include <map>
#include <optional>
#include <string>

#include "simulators/lwm2m-server-simulator/coap_message.h"

namespace scef::lwm2m_server_simulator {

/// Value of a Block1 or Block2 option (RFC 7959 2.2).
struct Block {
    std::uint32_t number = 0;
    bool more = false;
    unsigned size_exponent = 6;

    std::size_t size() const { return std::size_t{16} << size_exponent; }
    std::uint32_t value() const;
    /// Nothing if the option is absent or its SZX is 7.
    static std::optional<Block> from(const CoapMessage& message, std::uint16_t option_number);
};

/// One request to a device that may take several datagrams each way: its payload goes out in
/// Block1 blocks of 1024 octets if it is larger than that, and an answer in Block2 blocks is
/// fetched to its end. A client that lost what it had of the payload (4.08 in the middle of it)
/// gets all of it again, three times at most.
class BlockwiseTransfer {
public:
    BlockwiseTransfer() = default;
    explicit BlockwiseTransfer(CoapMessage request) : request_(std::move(request)) {}

    /// What to send now: at first, and after each `advance` that says so.
    CoapMessage next_message() const;

    /// Takes an answer; true if `next_message` is to be sent, false if `response` (whose payload is
    /// then the whole one) ends the transfer.
    bool advance(CoapMessage& response);

    /// Does it answer another block than the one on its way: one sent before, and now twice?
    bool is_of_other_block(const CoapMessage& response) const;

    /// How many octets of the payload are over there.
    std::size_t arrived() const;

private:
    bool restart_after(const CoapMessage& response);
    bool advance_request(const CoapMessage& response);
    bool advance_response(CoapMessage& response);

    CoapMessage request_;
    Block sent_;                 // Block1 of the message on its way
    bool request_done_ = false;  // the whole payload has arrived over there
    unsigned restarts_ = 0;
    std::optional<Block> wanted_;
    Bytes collected_;
};

/// Puts together the payloads that clients send in Block1 blocks, by peer and path.
class BlockAssembly {
public:
    static constexpr std::size_t payload_bytes_max = std::size_t{64} * 1024;

    /// 0 if `request` is whole now (its payload replaced by the assembled one), else the code to
    /// answer this block with: 2.31, 4.00, 4.08 or 4.13.
    std::uint8_t add(const std::string& peer, CoapMessage& request);

private:
    std::map<std::string, Bytes> parts_;
};

}  // namespace scef::lwm2m_server_simulator
