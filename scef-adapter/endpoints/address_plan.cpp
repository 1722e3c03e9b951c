#include "scef-adapter/endpoints/address_plan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <system_error>

#include <arpa/inet.h>

namespace scef::adapter {
namespace {

constexpr unsigned index_bits_min = 4;
constexpr unsigned index_bits_max = 32;

/// The low 64 bits of an address are where shard and index go.
std::uint64_t low_bits(const SocketAddress& address) {
    std::uint64_t value = 0;
    for (std::size_t i = 8; i < 16; ++i) value = value << 8 | address.octets[i];
    return value;
}

void set_low_bits(SocketAddress& address, std::uint64_t value) {
    for (std::size_t i = 16; i-- > 8; value >>= 8) {
        address.octets[i] = static_cast<std::uint8_t>(value);
    }
}

struct Prefix {
    SocketAddress address;
    unsigned length = 0;
};

Result<Prefix> parse_prefix(const std::string& text) {
    const auto refuse = [&] {
        return fail(Errc::malformed,
                    "virtual_endpoints.prefix: expected a network such as "
                    "127.64.0.0/10 or fd00:5cef::/64");
    };
    const std::size_t slash = text.find('/');
    if (slash == std::string::npos) return refuse();
    const std::string address = text.substr(0, slash);
    Prefix prefix;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + slash + 1, end, prefix.length);
    if (error != std::errc{} || rest != end) return refuse();
    std::array<std::uint8_t, 16> octets{};
    if (inet_pton(AF_INET, address.c_str(), octets.data()) == 1) {
        std::copy_n(octets.begin(), 4, prefix.address.octets.begin() + 12);
        if (prefix.length > 32) return refuse();
        return prefix;
    }
    if (inet_pton(AF_INET6, address.c_str(), octets.data()) != 1 || prefix.length > 128) {
        return refuse();
    }
    prefix.address.octets = octets;
    prefix.address.is_ipv6 = true;
    return prefix;
}

}  // namespace

Result<AddressPlan> AddressPlan::make(const std::string& prefix, std::uint16_t port,
                                      std::uint16_t shards) {
    auto parsed = parse_prefix(prefix);
    if (!parsed) return tl::unexpected<Error>(std::move(parsed.error()));
    AddressPlan plan;
    plan.port_ = port;
    plan.shard_bits_ = static_cast<unsigned>(std::bit_width(static_cast<unsigned>(shards - 1)));
    const unsigned host_bits = (parsed->address.is_ipv6 ? 128u : 32u) - parsed->length;
    if (host_bits < plan.shard_bits_ + index_bits_min) {
        return fail(Errc::invalid_argument,
                    "virtual_endpoints.prefix: " + prefix + " has no room for " +
                        std::to_string(shards) +
                        " shards of at least 16 endpoints; use a shorter prefix");
    }
    if (port + shards - 1 > 65535) {
        return fail(Errc::invalid_argument,
                    "virtual_endpoints.port: port + shards goes beyond 65535");
    }
    plan.index_bits_ = std::min(host_bits - plan.shard_bits_, index_bits_max);
    plan.prefix_ = parsed->address;
    const unsigned host_bits_low = std::min(host_bits, 63u);
    set_low_bits(plan.prefix_, low_bits(plan.prefix_) >> host_bits_low << host_bits_low);
    return plan;
}

std::uint16_t AddressPlan::port_of(ShardId shard) const {
    return static_cast<std::uint16_t>(port_ + shard);
}

SocketAddress AddressPlan::address_of(ShardId shard, queueing::EndpointIndex endpoint) const {
    SocketAddress address = prefix_;
    set_low_bits(address, low_bits(prefix_) | std::uint64_t{shard} << index_bits_ | endpoint);
    address.port = port_of(shard);
    return address;
}

std::optional<queueing::EndpointIndex> AddressPlan::endpoint_of(
    ShardId shard, const SocketAddress& address) const {
    const std::uint64_t index = low_bits(address) & (endpoints_per_shard() - 1);
    SocketAddress expected = address_of(shard, static_cast<queueing::EndpointIndex>(index));
    expected.port = address.port;
    if (expected != address) return std::nullopt;
    return static_cast<queueing::EndpointIndex>(index);
}

}  // namespace scef::adapter
