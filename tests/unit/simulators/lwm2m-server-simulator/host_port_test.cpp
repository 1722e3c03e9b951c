#include "simulators/lwm2m-server-simulator/host_port.h"

#include <gtest/gtest.h>

namespace scef::lwm2m_server_simulator {
namespace {

TEST(HostPort, addresses_of_both_families_are_read_and_written) {
    for (const char* const text : {"127.0.0.1:5683", "0.0.0.0:0", "[::1]:65535"}) {
        const auto address = parse_host_port(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(to_text(*address), text);
    }
}

TEST(HostPort, everything_else_is_refused) {
    for (const char* const text : {"", ":", "127.0.0.1", "127.0.0.1:", "localhost:5683", "::1:5683",
                                   "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:5683x"}) {
        EXPECT_FALSE(parse_host_port(text)) << text;
    }
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
