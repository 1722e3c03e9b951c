#include "nidd/endpoint/source_list.h"

#include <algorithm>

namespace scef::nidd {
namespace ip = boost::asio::ip;

namespace {

template <typename Network>
bool holds(const Network& network, const decltype(network.address())& address) {
    return Network(address, network.prefix_length()).canonical() == network.canonical();
}

}  // namespace

Result<SourceList> SourceList::parse(const std::vector<std::string>& networks) {
    SourceList list;
    for (const std::string& text : networks) {
        const bool is_ipv6 = text.find(':') != std::string::npos;
        const bool has_prefix = text.find('/') != std::string::npos;
        const std::string network = has_prefix ? text : text + (is_ipv6 ? "/128" : "/32");
        boost::system::error_code error;
        if (is_ipv6) {
            list.ipv6_.push_back(ip::make_network_v6(network, error));
        } else {
            list.ipv4_.push_back(ip::make_network_v4(network, error));
        }
        if (error) return fail(Errc::invalid_argument, "'" + text + "' is no address or network");
    }
    return list;
}

bool SourceList::admits(const ip::address& address) const {
    if (ipv4_.empty() && ipv6_.empty()) return true;
    const ip::address plain = plain_address(address);
    if (plain.is_v4()) {
        return std::any_of(ipv4_.begin(), ipv4_.end(), [&plain](const ip::network_v4& network) {
            return holds(network, plain.to_v4());
        });
    }
    return std::any_of(ipv6_.begin(), ipv6_.end(), [&plain](const ip::network_v6& network) {
        return holds(network, plain.to_v6());
    });
}

ip::address plain_address(const ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    }
    return address;
}

}  // namespace scef::nidd
