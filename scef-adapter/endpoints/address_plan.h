#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/socket_address.h"
#include "queueing/message.h"

namespace scef::adapter {

/// Where virtual endpoints live: address = prefix ‖ shard ‖ index, port = base + shard. A value;
/// the same configuration always gives the same addresses.
class AddressPlan {
public:
    /// `prefix` is a CIDR, IPv4 or IPv6. Refuses a prefix without room for the shards and at least
    /// 16 endpoints each, and ports beyond 65535.
    static Result<AddressPlan> make(const std::string& prefix, std::uint16_t port,
                                    std::uint16_t shards);

    SocketAddress address_of(ShardId shard, queueing::EndpointIndex endpoint) const;
    /// The endpoint that an address inside the shard's sub-prefix names.
    std::optional<queueing::EndpointIndex> endpoint_of(ShardId shard,
                                                       const SocketAddress& address) const;
    std::uint16_t port_of(ShardId shard) const;
    bool is_ipv6() const { return prefix_.is_ipv6; }
    /// How many endpoints one shard may hand out.
    std::uint64_t endpoints_per_shard() const { return std::uint64_t{1} << index_bits_; }

private:
    SocketAddress prefix_;
    std::uint16_t port_ = 0;
    unsigned shard_bits_ = 0;
    unsigned index_bits_ = 0;
};

}  // namespace scef::adapter
