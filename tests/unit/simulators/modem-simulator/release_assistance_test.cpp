#include "simulators/modem-simulator/release_assistance.h"

#include <gtest/gtest.h>

namespace scef::modem_simulator {
namespace {

using modem_link::ReleaseAssistance;

TEST(ReleaseAssistanceOf, a_message_that_is_answered_expects_one_downlink) {
    EXPECT_EQ(release_assistance_of(from_hex("40 02 0001")), ReleaseAssistance::after_downlink);
    EXPECT_EQ(release_assistance_of(from_hex("50 02 0001")), ReleaseAssistance::after_downlink);
    EXPECT_EQ(release_assistance_of(from_hex("40 45 0001")), ReleaseAssistance::after_downlink)
        << "a confirmable notification is acknowledged";
}

TEST(ReleaseAssistanceOf, an_answer_ends_the_exchange) {
    EXPECT_EQ(release_assistance_of(from_hex("60 45 0001")), ReleaseAssistance::after_uplink);
    EXPECT_EQ(release_assistance_of(from_hex("50 45 0001")), ReleaseAssistance::after_uplink);
}

TEST(ReleaseAssistanceOf, nothing_is_known_of_what_is_no_coap) {
    EXPECT_EQ(release_assistance_of(from_hex("16 fe fd")), ReleaseAssistance::none);
    EXPECT_EQ(release_assistance_of({}), ReleaseAssistance::none);
}

}  // namespace
}  // namespace scef::modem_simulator
