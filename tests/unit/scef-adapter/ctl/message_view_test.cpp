#include "scef-adapter/ctl/message_view.h"

#include <gtest/gtest.h>

namespace scef::ctl {
namespace {

using nlohmann::json;

TEST(StateText, says_what_matters_about_a_state) {
    EXPECT_EQ(state_text(json{{"state", "QUEUED"}, {"reason", "quota"}, {"level", "none"}}),
              "QUEUED (quota)");
    EXPECT_EQ(state_text(json{{"state", "DELIVERED"}, {"reason", "answered"}, {"level", "coap"}}),
              "DELIVERED (coap)");
    EXPECT_EQ(state_text(json{{"state", "SENDING"}, {"reason", nullptr}}), "SENDING");
}

TEST(HasEnded, tells_open_states_from_the_others) {
    for (const char* state : {"QUEUED", "SENDING", "ACCEPTED"}) {
        EXPECT_FALSE(has_ended(json{{"state", state}}));
    }
    for (const char* state : {"DELIVERED", "EXPIRED", "UNCONFIRMED", "DEAD"}) {
        EXPECT_TRUE(has_ended(json{{"state", state}}));
    }
}

TEST(PayloadText, is_readable_if_it_can_be) {
    EXPECT_EQ(payload_text("aGVsbG8="), "\"hello\"");
    EXPECT_EQ(payload_text("AP8="), "00ff");
    EXPECT_EQ(payload_text("!"), "?");
}

TEST(MessageText, has_the_answer_and_the_timeline) {
    const json message{{"id", "m"},
                       {"state", "DELIVERED"},
                       {"level", "coap"},
                       {"response", {{"code", "2.05"}, {"payload", "aGVsbG8="}}}};
    const json timeline =
        json::array({{{"at", "t0"}, {"state", "QUEUED"}, {"attempt", 0}, {"detail", "read"}}});
    const std::string text = message_text(message, timeline, WallTime{});
    EXPECT_NE(text.find("m  DELIVERED (coap)\n"), std::string::npos);
    EXPECT_NE(text.find("2.05 \"hello\""), std::string::npos);
    EXPECT_NE(text.find("t0           QUEUED  0    in the queue: read"), std::string::npos) << text;
}

}  // namespace
}  // namespace scef::ctl
