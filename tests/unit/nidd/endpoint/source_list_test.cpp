#include "nidd/endpoint/source_list.h"

#include <gtest/gtest.h>

namespace scef::nidd {
namespace {

bool admits(const std::vector<std::string>& networks, const char* address) {
    return SourceList::parse(networks).value().admits(boost::asio::ip::make_address(address));
}

TEST(SourceList, an_empty_list_admits_all) {
    EXPECT_TRUE(admits({}, "192.0.2.1"));
    EXPECT_TRUE(admits({}, "2001:db8::1"));
}

TEST(SourceList, networks_admit_their_addresses_only) {
    EXPECT_TRUE(admits({"10.1.0.0/16"}, "10.1.255.255"));
    EXPECT_FALSE(admits({"10.1.0.0/16"}, "10.2.0.0"));
    EXPECT_TRUE(admits({"10.0.0.1/32", "fd00::/8"}, "fdff::1"));
    EXPECT_FALSE(admits({"10.0.0.1/32", "fd00::/8"}, "fe80::1"));
    EXPECT_TRUE(admits({"0.0.0.0/0"}, "203.0.113.9"));
    EXPECT_FALSE(admits({"0.0.0.0/0"}, "2001:db8::1"));
}

TEST(SourceList, single_addresses_need_no_prefix) {
    EXPECT_TRUE(admits({"127.0.0.1"}, "127.0.0.1"));
    EXPECT_FALSE(admits({"127.0.0.1"}, "127.0.0.2"));
    EXPECT_TRUE(admits({"::1"}, "::1"));
}

TEST(SourceList, ipv4_inside_ipv6_counts_as_ipv4) {
    EXPECT_TRUE(admits({"127.0.0.0/8"}, "::ffff:127.0.0.1"));
    EXPECT_FALSE(admits({"127.0.0.0/8"}, "::ffff:128.0.0.1"));
}

TEST(SourceList, nonsense_is_refused_by_name) {
    for (const char* text : {"", "localhost", "1.2.3.4/33", "1.2.3/8", "::1/129", "1.2.3.4/"}) {
        const auto list = SourceList::parse({text});
        ASSERT_FALSE(list) << text;
        EXPECT_NE(list.error().message.find(text), std::string::npos);
    }
}

}  // namespace
}  // namespace scef::nidd
