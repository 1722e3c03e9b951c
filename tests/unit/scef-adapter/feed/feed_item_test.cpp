#include "scef-adapter/feed/feed_item.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/scef-adapter/feed/stored_events.h"

namespace scef::adapter::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const WallTime noon{std::chrono::hours(500'000)};

FeedEvent an_event() {
    SeededRandom random(1);
    FeedEvent event;
    event.id = MessageId::make(3, Turn{Instant{}, noon, random});
    event.device = "meter-1@iot.example";
    event.at = noon + 1500ms;
    return event;
}

TEST(FeedItem, an_outcome_tells_of_its_message) {
    FeedEvent event = an_event();
    MessageOutcome outcome;
    outcome.message = event.id;
    outcome.correlation_id = "job \"7\"\n";
    outcome.state = queueing::MessageState::delivered;
    outcome.level = queueing::DeliveryLevel::coap;
    outcome.reason = queueing::Reason::answered;
    outcome.attempts = 2;
    outcome.created_at = noon;
    outcome.is_of_api = true;
    outcome.response_code = coap::codes::content;
    outcome.response_payload = {'2', '3'};
    event.what = outcome;
    const FeedItem item = feed_item(event);
    EXPECT_EQ(item.json.find('\n'), std::string::npos) << "one line, for the stream";
    const json document = json::parse(item.json);
    EXPECT_EQ(document["id"], event.id.text());
    EXPECT_EQ(document["type"], "message");
    EXPECT_EQ(document["externalId"], "meter-1@iot.example");
    EXPECT_EQ(document["correlationId"], "job \"7\"\n");
    EXPECT_EQ(document["state"], "DELIVERED");
    EXPECT_EQ(document["level"], "coap");
    EXPECT_EQ(document["reason"], "answered");
    EXPECT_EQ(document["attempts"], 2);
    EXPECT_EQ(document["latencyMs"], 1500);
    EXPECT_EQ(document["late"], false);
    EXPECT_EQ(document["origin"], "api");
    EXPECT_EQ(document["response"], (json{{"code", "2.05"}, {"payload", "MjM="}}));
}

TEST(FeedItem, a_record_that_cannot_be_read_is_not_left_out) {
    SeededRandom random(1);
    auto record = event_at(0, noon, random);
    record.value.resize(3);
    const FeedItemPtr item = feed_item(record);
    EXPECT_EQ(item->type, "unreadable");
    EXPECT_EQ(json::parse(item->json)["id"], item->id.text());
}

TEST(FeedItem, records_come_back_as_they_were) {
    FeedEvent event = an_event();
    const std::vector<decltype(FeedEvent::what)> bodies{
        MessageOutcome{event.id, "c", queueing::MessageState::unconfirmed,
                       queueing::DeliveryLevel::scef, queueing::Reason::unknown_outcome, 7, noon,
                       "HTTP 502", true, false, coap::codes::gateway_timeout, {}},
        RegistrationChange{RegistrationChange::Kind::ended, "dm", "urn:dev:1"},
        ConfigurationChange{NiddLink::Status::refused, "HTTP 403"}, OpaqueUplink{{0, 255}}};
    for (const auto& what : bodies) {
        event.what = what;
        const Bytes key(event.id.octets().begin(), event.id.octets().end());
        const Bytes record = to_record(event);
        const auto back = feed_event_from_record(key, record);
        ASSERT_TRUE(back) << type_of(event);
        EXPECT_EQ(*back, event);
        for (std::size_t size = 0; size < record.size(); ++size) {
            EXPECT_FALSE(feed_event_from_record(key, ByteView(record).first(size)))
                << type_of(event) << " cut at " << size;
        }
    }
}

}  // namespace
}  // namespace scef::adapter::test
