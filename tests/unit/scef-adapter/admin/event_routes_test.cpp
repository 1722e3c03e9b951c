#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using nlohmann::json;

const std::string events = "/api/v1/events";

class EventRoutes : public testing::Test {
protected:
    EventRoutes() {
        for (const char* device : {"meter-1@iot.example", "meter-2@iot.example"}) {
            dut.add_device(device);
        }
    }

    /// A message that is canceled: one event.
    std::string cancel_one(const std::string& device = "meter-1@iot.example") {
        const std::string path = "/api/v1/devices/" + device + "/messages";
        dut.shards.wall += std::chrono::milliseconds(5);
        const auto sent = dut.call("POST", path, message_body);
        EXPECT_EQ(sent.status, 201) << sent.text;
        EXPECT_EQ(dut.call("DELETE", path).body["canceled"], 1);
        return sent.body["id"];
    }

    /// The events behind a position, once there are so many; the feed tells them on its own thread.
    json read(const std::string& query, std::size_t count) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (true) {
            Answer answer = dut.call("GET", events + query);
            EXPECT_EQ(answer.status, 200) << answer.text;
            if (answer.status != 200 || answer.body["items"].size() >= count) return answer.body;
            if (std::chrono::steady_clock::now() > deadline) {
                ADD_FAILURE() << "too few events: " << answer.text;
                return answer.body;
            }
            std::this_thread::yield();
        }
    }

    Answer open_stream(const std::string& query, const std::string& last_event_id = "") {
        auto request = dut.request("GET", events + query);
        request.headers["accept"] = "text/event-stream";
        if (!last_event_id.empty()) request.headers["last-event-id"] = last_event_id;
        return dut.send(std::move(request));
    }

    static std::string next(nidd::HttpStream& stream) {
        std::promise<std::string> promise;
        stream.next([&](std::string piece) { promise.set_value(std::move(piece)); });
        return promise.get_future().get();
    }

    ApiUnderTest dut;
};

TEST_F(EventRoutes, a_page_has_what_became_of_messages_oldest_first) {
    const std::string first = cancel_one();
    const std::string second = cancel_one("meter-2@iot.example");
    const json page = read("", 2);
    ASSERT_EQ(page["items"].size(), 2u);
    EXPECT_EQ(page["items"][0]["messageId"], first);
    EXPECT_EQ(page["items"][0]["type"], "message");
    EXPECT_EQ(page["items"][0]["state"], "CANCELED");
    EXPECT_EQ(page["items"][0]["reason"], "purged");
    EXPECT_EQ(page["items"][0]["externalId"], "meter-1@iot.example");
    EXPECT_EQ(page["items"][1]["messageId"], second);
    EXPECT_EQ(page["next"], page["items"][1]["id"]);
}

TEST_F(EventRoutes, pages_follow_each_other_and_end) {
    std::vector<std::string> sent;
    for (int i = 0; i < 5; ++i) sent.push_back(cancel_one());
    read("", 5);
    std::vector<std::string> found;
    std::string query = "?limit=2";
    while (found.size() < 5) {
        const json page = dut.call("GET", events + query).body;
        ASSERT_LE(page["items"].size(), 2u);
        ASSERT_FALSE(page["items"].empty());
        for (const json& event : page["items"]) found.push_back(event["messageId"]);
        query = "?limit=2&after=" + page["next"].get<std::string>();
    }
    EXPECT_EQ(found, sent);
    const json end = dut.call("GET", events + query).body;
    EXPECT_TRUE(end["items"].empty());
    EXPECT_EQ(query, "?limit=2&after=" + end["next"].get<std::string>());
}

TEST_F(EventRoutes, filters_and_a_time_choose_among_them) {
    cancel_one();
    const std::string second = cancel_one("meter-2@iot.example");
    read("", 2);
    const json of_device = dut.call("GET", events + "?externalId=meter-2@iot.example").body;
    ASSERT_EQ(of_device["items"].size(), 1u);
    EXPECT_EQ(of_device["items"][0]["messageId"], second);
    EXPECT_TRUE(dut.call("GET", events + "?type=uplink,registration").body["items"].empty());
    EXPECT_EQ(dut.call("GET", events + "?type=message").body["items"].size(), 2u);
    dut.shards.wall += std::chrono::hours(2);
    EXPECT_EQ(dut.call("GET", events + "?since=3h").body["items"].size(), 2u);
    EXPECT_TRUE(dut.call("GET", events + "?since=1h").body["items"].empty());
}

TEST_F(EventRoutes, what_a_message_did_not_ask_for_is_not_told) {
    const std::string path = "/api/v1/devices/meter-1@iot.example/messages";
    const std::string quiet = R"({"ack":"positive","payload":")" + get_manufacturer + "\"}";
    EXPECT_EQ(dut.call("POST", path, quiet).body["ack"], "positive");
    dut.call("DELETE", path);
    const std::string told = cancel_one();
    const json page = read("", 1);
    EXPECT_EQ(page["items"].size(), 1u);
    EXPECT_EQ(page["items"][0]["messageId"], told);
}

TEST_F(EventRoutes, a_stream_tells_what_comes_from_now_on) {
    cancel_one();
    read("", 1);
    const Answer answer = open_stream("");
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer.content_type, "text/event-stream");
    ASSERT_NE(answer.stream, nullptr);
    EXPECT_EQ(next(*answer.stream), "retry: 2000\n\n");
    const std::string message = cancel_one();
    const std::string piece = next(*answer.stream);
    EXPECT_TRUE(piece.starts_with("id: ")) << piece;
    EXPECT_NE(piece.find("\nevent: message\ndata: {"), std::string::npos) << piece;
    EXPECT_NE(piece.find(message), std::string::npos) << piece;
    EXPECT_TRUE(piece.ends_with("}\n\n")) << piece;
    answer.stream->on_closed();
}

TEST_F(EventRoutes, a_stream_goes_on_behind_its_last_event) {
    cancel_one();
    const std::string second = cancel_one();
    const json page = read("", 2);
    const Answer answer = open_stream("", page["items"][0]["id"]);
    ASSERT_NE(answer.stream, nullptr) << answer.text;
    next(*answer.stream);
    const std::string piece = next(*answer.stream);
    EXPECT_NE(piece.find(second), std::string::npos) << piece;
    EXPECT_TRUE(piece.starts_with("id: " + page["items"][1]["id"].get<std::string>())) << piece;
    answer.stream->on_closed();
}

TEST_F(EventRoutes, a_filtered_stream_moves_on_behind_what_it_keeps_back) {
    const Answer answer = open_stream("?type=uplink");
    next(*answer.stream);
    cancel_one();
    const std::string id = read("", 1)["items"][0]["id"];
    EXPECT_EQ(next(*answer.stream), "id: " + id + "\n\n");
    answer.stream->on_closed();
}

TEST_F(EventRoutes, there_is_an_end_to_how_many_listen) {
    std::vector<Answer> open;
    for (std::size_t i = 0; i < 64; ++i) {
        open.push_back(open_stream(""));
        ASSERT_EQ(open.back().status, 200);
    }
    const Answer refused = open_stream("");
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.headers.at("Retry-After"), "30");
    open.pop_back();
    EXPECT_EQ(open_stream("").status, 200);
}

TEST_F(EventRoutes, mistakes_name_the_parameter) {
    for (const char* query :
         {"type=", "type=message,", "type=all", "externalId=x y", "after=1", "since=soon",
          "after=019b8f3a-7c40-7000-8000-0123456789ab&since=1h", "limit=0", "cursor=x"}) {
        EXPECT_EQ(dut.call("GET", events + "?" + query).status, 400) << query;
    }
    EXPECT_EQ(open_stream("?limit=5").status, 400);
    EXPECT_EQ(open_stream("", "not-an-id").status, 400);
}

}  // namespace
}  // namespace scef::adapter::test
