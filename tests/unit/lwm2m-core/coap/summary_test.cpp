#include "lwm2m-core/coap/summary.h"

#include <gtest/gtest.h>

namespace scef::coap {
namespace {

TEST(CoapSummary, a_request_shows_type_method_path_and_ids) {
    EXPECT_EQ(summary(from_hex("42011267 5a01 b133 0130")), "CON GET /3/0 mid=4711 token=5a01");
}

TEST(CoapSummary, an_answer_shows_its_code_and_payload) {
    EXPECT_EQ(summary(from_hex("61450001 07 c0 ff 32312e35")),
              "ACK 2.05 mid=1 token=07 format=0 \"21.5\"");
    EXPECT_EQ(summary(from_hex("60000009")), "ACK mid=9");
}

TEST(CoapSummary, other_octets_are_only_counted) {
    EXPECT_EQ(summary(from_hex("16fefd")), "3 octets, no CoAP");
    EXPECT_EQ(summary({}), "0 octets, no CoAP");
}

TEST(CoapSummary, foreign_text_cannot_break_the_line) {
    const std::string line = summary(from_hex("40010001 b30a1b41"));
    EXPECT_EQ(line, "CON GET /..A mid=1");
}

TEST(CoapSummary, a_payload_may_stay_unseen) {
    EXPECT_EQ(summary(from_hex("61450001 07 c0 ff 32312e35"), Payload::size),
              "ACK 2.05 mid=1 token=07 format=0 +4 octets");
}

}  // namespace
}  // namespace scef::coap
