#include "scef-adapter/ctl/message_words.h"

#include <gtest/gtest.h>

namespace scef::ctl {
namespace {

using nlohmann::json;

json message(const char* state, const char* reason, const char* level = "none") {
    return {{"id", "m-1"},
            {"externalId", "a@b.example"},
            {"state", state},
            {"reason", reason},
            {"level", level}};
}

TEST(MessageWords, every_reason_of_the_api_has_words) {
    for (const char* reason : {"awaiting-window",
                               "quota",
                               "paused",
                               "not-before",
                               "order",
                               "configuration",
                               "throttled",
                               "retry",
                               "awaiting-answer",
                               "in-doubt",
                               "ttl",
                               "deregistered",
                               "canceled",
                               "purged",
                               "unknown",
                               "too-large",
                               "refused-by-scef",
                               "not-authorized",
                               "attempts",
                               "reset",
                               "device-removed",
                               "answered",
                               "queue-full",
                               "restart",
                               "left-binding",
                               "bootstrap",
                               "block-transfer",
                               "superseded"}) {
        const std::string words = state_in_words(message("QUEUED", reason));
        EXPECT_NE(words, reason) << "has no words";
        EXPECT_GT(words.size(), 5U) << reason;
    }
    EXPECT_EQ(state_in_words(message("QUEUED", "of-tomorrow")), "of-tomorrow");
}

TEST(MessageWords, advice_names_the_message_and_its_device) {
    EXPECT_NE(advice_for(message("QUEUED", "awaiting-window")).find("'devices wake a@b.example'"),
              std::string::npos);
    EXPECT_NE(advice_for(message("DEAD", "attempts")).find("'deadletters replay m-1'"),
              std::string::npos);
    EXPECT_EQ(advice_for(message("DELIVERED", "answered", "coap")), "");
    json again = message("DEAD", "attempts");
    again["replayedAs"] = "m-2";
    EXPECT_EQ(advice_for(again), "it was sent again as m-2");
}

TEST(MessageWords, a_delivery_says_how_far_it_is_known) {
    EXPECT_EQ(state_in_words(message("DELIVERED", "answered", "coap")), "the device answered");
    EXPECT_EQ(state_in_words(message("DELIVERED", "", "nextHop")),
              "the network's last node has it");
}

}  // namespace
}  // namespace scef::ctl
