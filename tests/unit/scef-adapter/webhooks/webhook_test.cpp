#include "scef-adapter/webhooks/webhook.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "scef-adapter/webhooks/webhook_request.h"

namespace scef::adapter::test {
namespace {

Webhook a_webhook() {
    SeededRandom random(1);
    const Turn turn{Instant{}, WallTime(std::chrono::hours(500'000)), random};
    return {MessageId::make(0, turn), "https://hooks.example/scef", {"message", "uplink"},
            "meter-1@iot.example", Bytes(32, 7), MessageId::make(3, turn)};
}

TEST(Webhook, its_record_comes_back_as_it_was) {
    const Webhook webhook = a_webhook();
    const Bytes key(webhook.id.octets().begin(), webhook.id.octets().end());
    const Bytes record = to_record(webhook);
    EXPECT_EQ(webhook_from_record(key, record).value(), webhook);
    for (std::size_t size = 0; size < record.size(); ++size) {
        EXPECT_FALSE(webhook_from_record(key, ByteView(record).first(size)));
    }
}

TEST(Webhook, secrets_are_written_as_standard_webhooks_say) {
    const Bytes secret(24, 255);
    EXPECT_EQ(secret_text(secret), "whsec_////////////////////////////////");
    EXPECT_EQ(secret_from_text(secret_text(secret)).value(), secret);
    for (const char* bad : {"", "whsec_", "whsec_AAAA", "////////////////////////////////",
                            "whsec_not base64"}) {
        const auto refused = secret_from_text(bad);
        ASSERT_FALSE(refused) << bad;
        EXPECT_EQ(refused.error().code, Errc::invalid_argument);
    }
}

/// The example of the Standard Webhooks specification.
TEST(WebhookSignature, is_that_of_the_published_example) {
    const Bytes secret = secret_from_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
    EXPECT_EQ(webhook_signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
                                R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookRequest, a_second_try_has_the_same_id_and_another_time) {
    const Webhook webhook = a_webhook();
    const std::vector<FeedItemPtr> events{
        std::make_shared<FeedItem>(FeedItem{webhook.after, "uplink", "d", R"({"n":1})"}),
        std::make_shared<FeedItem>(FeedItem{webhook.after.next(), "uplink", "d", R"({"n":2})"})};
    const WallTime now(std::chrono::seconds(1'790'000'000));
    const auto first = webhook_request(webhook, events, now);
    const auto second = webhook_request(webhook, events, now + std::chrono::seconds(5));
    EXPECT_EQ(first.id, second.id);
    EXPECT_EQ(first.body, second.body);
    EXPECT_EQ(first.timestamp, "1790000000");
    EXPECT_NE(first.signature, second.signature);
    EXPECT_EQ(nlohmann::json::parse(first.body),
              (nlohmann::json{{"webhook", webhook.id.text()}, {"events", {{{"n", 1}}, {{"n", 2}}}}}));
}

}  // namespace
}  // namespace scef::adapter::test
