#include "scef-adapter/webhooks/webhooks.h"

#include <future>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "scef-adapter/webhooks/webhook_request.h"
#include "tests/eventually.h"
#include "tests/unit/nidd/raw_socket.h"
#include "tests/unit/scef-adapter/feed/stored_events.h"

namespace scef::adapter::test {
namespace {

using namespace std::chrono_literals;
using nidd::test::RawSocket;
using nidd::test::ScriptedServer;
using nlohmann::json;
using scef::test::eventually;

WallTime wall_now() {
    return WallTime(
        std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

/// Webhooks over a memory store and a feed of four shards.
class WebhooksTest : public testing::Test {
protected:
    WebhooksTest() { open(); }
    ~WebhooksTest() override { close(); }

    void open() {
        EventFeed::Options options;
        options.shards = 4;
        feed = std::make_unique<EventFeed>(*store, std::move(options));
        ASSERT_TRUE(feed->open());
        Webhooks::Options webhooks;
        webhooks.wall = wall_now;
        dut =
            std::make_unique<Webhooks>(*store, *feed, random, std::move(webhooks),
                                       [](const Error& error) { ADD_FAILURE() << error.message; });
        ASSERT_TRUE(dut->open());
    }
    void close() {
        dut->stop();
        feed.reset();
        dut.reset();
    }

    MessageId event(const std::string& device = "meter@iot.example") {
        FeedEvent event;
        event.id = MessageId::make(1, Turn{Instant{}, wall_now(), event_random});
        if (event.id <= last_event) event.id = last_event.next();
        last_event = event.id;
        event.device = device;
        event.at = wall_now();
        event.what = OpaqueUplink{{1}};
        const queueing::StoredRecord record{{event.id.octets().begin(), event.id.octets().end()},
                                            to_record(event)};
        put(*store, 1, record);
        feed->publish({record});
        return event.id;
    }

    template <typename Call>
    Result<Webhooks::View> wait(Call call) {
        std::promise<Result<Webhooks::View>> promise;
        call([&](Result<Webhooks::View> view) { promise.set_value(std::move(view)); });
        return promise.get_future().get();
    }
    Result<Webhooks::View> add(Webhook webhook) {
        return wait(
            [&](Webhooks::Done done) { dut->add(std::move(webhook), note, std::move(done)); });
    }
    std::vector<Webhooks::View> list() {
        std::promise<std::vector<Webhooks::View>> promise;
        dut->list([&](std::vector<Webhooks::View> views) { promise.set_value(std::move(views)); });
        return promise.get_future().get();
    }
    SeededRandom random{5}, event_random{6};
    MessageId last_event;
    AuditNote note{"admin", "3f9a12bc", "10.0.0.1", "POST", "/api/v1/webhooks", "{}"};
    std::unique_ptr<queueing::MemoryStore> store = memory_store(4);
    std::unique_ptr<EventFeed> feed;
    std::unique_ptr<Webhooks> dut;
};

/// The ids of the events in a request.
std::vector<std::string> ids_in(const std::string& request) {
    std::vector<std::string> ids;
    const json body = json::parse(request.substr(request.find("\r\n\r\n") + 4));
    for (const json& event : body["events"]) ids.push_back(event["id"]);
    return ids;
}

std::string field_of(const std::string& request, const std::string& name) {
    const std::size_t from = request.find("\r\n" + name + ": ") + name.size() + 4;
    return request.substr(from, request.find("\r\n", from) - from);
}

/// Answers with these statuses, the last one for ever.
ScriptedServer::Script answers(std::vector<int> statuses, ScriptedServer** server,
                               std::atomic<std::size_t>& taken) {
    return [statuses, server, &taken](RawSocket& peer, std::size_t) {
        while (!(*server)->take(peer).empty()) {
            const int status = statuses[std::min(taken++, statuses.size() - 1)];
            if (!peer.send(nidd::test::response(status, "{}"))) return;
        }
    };
}

struct Hook {
    explicit Hook(std::vector<int> statuses) : server(answers(std::move(statuses), &self, taken)) {}
    ScriptedServer* self = &server;
    std::atomic<std::size_t> taken{0};
    ScriptedServer server;
};

TEST_F(WebhooksTest, a_webhook_is_told_of_what_comes_signed_and_in_order) {
    Hook hook({204});
    event();  // before it was there
    ASSERT_TRUE(eventually([&] { return feed->told() == 1; }));
    const auto added = add({{}, hook.server.url() + "/in", {}, "", {}, {}});
    ASSERT_TRUE(added) << added.error().message;
    EXPECT_EQ(added->webhook.secret.size(), 32u);
    std::vector<std::string> sent;
    for (int i = 0; i < 20; ++i) sent.push_back(event().text());
    std::vector<std::string> told;
    ASSERT_TRUE(eventually([&] {
        told.clear();
        for (const std::string& request : hook.server.requests()) {
            for (auto& id : ids_in(request)) told.push_back(std::move(id));
        }
        return told.size() >= sent.size();
    }));
    EXPECT_EQ(told, sent);
    const std::string request = hook.server.requests().front();
    EXPECT_TRUE(request.starts_with("POST /in HTTP/1.1\r\n"));
    EXPECT_EQ(field_of(request, "webhook-signature"),
              webhook_signature(added->webhook.secret, field_of(request, "webhook-id"),
                                field_of(request, "webhook-timestamp"),
                                request.substr(request.find("\r\n\r\n") + 4)));
    EXPECT_TRUE(eventually([&] { return list().at(0).webhook.after.text() == sent.back(); }));
    EXPECT_EQ(dut->counts().failed, 0u);
    EXPECT_EQ(dut->counts().lag_seconds, 0);
}

TEST_F(WebhooksTest, what_fails_is_sent_again_under_the_same_id) {
    Hook hook({500, 200});
    ASSERT_TRUE(add({{}, hook.server.url(), {}, "", {}, {}}));
    event();
    ASSERT_TRUE(eventually([&] { return list().at(0).health.failures == 1; }));
    const auto failing = list().at(0);
    EXPECT_EQ(failing.health.state, WebhookHealth::State::failing);
    EXPECT_EQ(failing.health.last_error, "HTTP 500");
    EXPECT_GT(dut->counts().lag_seconds, 0);
    ASSERT_TRUE(eventually([&] { return dut->counts().delivered == 1; }));
    const auto requests = hook.server.requests();
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_EQ(field_of(requests[0], "webhook-id"), field_of(requests[1], "webhook-id"));
    EXPECT_EQ(list().at(0).health.state, WebhookHealth::State::active);
    EXPECT_EQ(dut->counts().failed, 1u);
}

TEST_F(WebhooksTest, one_that_says_gone_is_left_alone_until_it_is_replayed) {
    Hook hook({410, 200});
    const auto added = add({{}, hook.server.url(), {}, "", {}, {}});
    const MessageId before = feed->end().after;
    const std::string missed = event().text();
    ASSERT_TRUE(
        eventually([&] { return list().at(0).health.state == WebhookHealth::State::gone; }));
    event();
    EXPECT_EQ(hook.server.requests().size(), 1u);
    ASSERT_TRUE(wait([&](Webhooks::Done done) {
        dut->replay(added->webhook.id, before, note, std::move(done));
    }));
    ASSERT_TRUE(eventually([&] { return hook.server.requests().size() >= 2; }));
    EXPECT_EQ(ids_in(hook.server.requests()[1]).front(), missed);
}

TEST_F(WebhooksTest, it_goes_on_where_it_was_after_a_restart) {
    Hook hook({200});
    const auto added = add({{}, hook.server.url(), {}, "", {}, {}});
    const std::string first = event().text();
    ASSERT_TRUE(eventually([&] { return list().at(0).webhook.after.text() == first; }));
    close();
    open();
    const std::string second = event().text();
    ASSERT_TRUE(eventually([&] { return hook.server.requests().size() == 2; }));
    EXPECT_EQ(ids_in(hook.server.requests()[1]), std::vector{second});
    EXPECT_EQ(list().at(0).webhook.secret, added->webhook.secret);
}

TEST_F(WebhooksTest, only_what_it_asked_for_is_told) {
    Hook hook({200});
    ASSERT_TRUE(add({{}, hook.server.url(), {"uplink"}, "mine@iot.example", {}, {}}));
    event("other@iot.example");
    const std::string mine = event("mine@iot.example").text();
    ASSERT_TRUE(eventually([&] { return !hook.server.requests().empty(); }));
    EXPECT_EQ(ids_in(hook.server.requests()[0]), std::vector{mine});
}

TEST_F(WebhooksTest, one_that_is_removed_is_forgotten_and_each_change_is_in_the_audit_log) {
    Hook hook({200});
    const auto added = add({{}, hook.server.url(), {}, "", {}, {}});
    ASSERT_TRUE(
        wait([&](Webhooks::Done done) { dut->remove(added->webhook.id, note, std::move(done)); }));
    EXPECT_EQ(
        wait([&](Webhooks::Done done) { dut->remove(added->webhook.id, note, std::move(done)); })
            .error()
            .code,
        Errc::not_found);
    close();
    open();
    EXPECT_TRUE(list().empty());
    const auto page = store->read({0, queueing::RecordKind::audit, {}, {}, false}, {10});
    ASSERT_EQ(page->records.size(), 2u);
    EXPECT_EQ(audit_entry_from_record(page->records[0].key, page->records[0].value)->note, note);
}

TEST_F(WebhooksTest, there_is_an_end_to_how_many_there_are) {
    for (std::size_t i = 0; i < Webhooks::count_max; ++i) {
        ASSERT_TRUE(add({{}, "http://127.0.0.1:1/", {}, "", {}, {}}));
    }
    EXPECT_EQ(add({{}, "http://127.0.0.1:1/", {}, "", {}, {}}).error().code, Errc::conflict);
    EXPECT_EQ(add({{}, "ftp://127.0.0.1/", {}, "", {}, {}}).error().code, Errc::conflict);
}

TEST_F(WebhooksTest, what_is_wrong_is_said_of_the_receiver) {
    ASSERT_TRUE(add({{}, "http://127.0.0.1:1/", {}, "", {}, {}}));
    event();
    ASSERT_TRUE(eventually([&] { return !list().at(0).health.last_error.empty(); }));
    EXPECT_TRUE(list().at(0).health.last_error.starts_with("no connection to the receiver"))
        << list().at(0).health.last_error;
}

TEST_F(WebhooksTest, a_url_that_is_none_is_refused) {
    EXPECT_EQ(add({{}, "ftp://127.0.0.1/", {}, "", {}, {}}).error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace scef::adapter::test
