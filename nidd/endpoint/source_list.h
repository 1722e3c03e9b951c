#pragma once

#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::nidd {

/// Networks that may connect; an empty list is any. An IPv4 address inside IPv6 counts as IPv4.
class SourceList {
public:
    /// `127.0.0.1/32`, `fd00::/8`, or a single address.
    static Result<SourceList> parse(const std::vector<std::string>& networks);

    bool admits(const boost::asio::ip::address& address) const;

private:
    std::vector<boost::asio::ip::network_v4> ipv4_;
    std::vector<boost::asio::ip::network_v6> ipv6_;
};

/// The address as IPv4 if it is one inside IPv6.
boost::asio::ip::address plain_address(const boost::asio::ip::address& address);

}  // namespace scef::nidd
