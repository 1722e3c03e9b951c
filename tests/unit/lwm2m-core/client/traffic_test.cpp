#include "lwm2m-core/client/traffic.h"

#include "lwm2m-core/coap/codec.h"
#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

using namespace std::chrono_literals;
namespace codes = coap::codes;

class TrafficTest : public ::testing::Test {
protected:
    std::int64_t value(std::uint16_t object, std::uint16_t resource) {
        return std::stoll(payload_of(bench.get(Path(object, 0, resource).text())));
    }
    Bench bench{Bench::with_objects(object_sets::all())};
};

TEST_F(TrafficTest, the_profile_counts_every_frame_since_the_restart) {
    const coap::Message request = bench.request(codes::get, "/3/0/1");
    const auto asked = static_cast<std::int64_t>(coap::serialize(request).size());
    const auto answered = static_cast<std::int64_t>(coap::serialize(bench.ask(request)).size());
    EXPECT_EQ(integer_at(bench.dut.model(), Path(11, 0, 14)), asked);
    EXPECT_EQ(value(11, 13), answered);
    EXPECT_EQ(value(11, 23), 2);
    bench.post("/3/0/4");
    bench.advance(2s);
    EXPECT_EQ(bench.only_frame().path_text(), "/rd");
    EXPECT_EQ(value(11, 23), 2);  // the answer to Reboot was on its way
}

TEST_F(TrafficTest, statistics_count_from_start_to_stop) {
    bench.get("/3/0");
    EXPECT_EQ(value(7, 4), 0);
    EXPECT_EQ(bench.post("/7/0/6").code, codes::changed);
    const auto largest = static_cast<std::int64_t>(coap::serialize(bench.get("/3/0", 110)).size());
    EXPECT_EQ(value(7, 4), largest);
    for (int i = 0; i < 10; ++i) bench.get("/3/0", 110);
    EXPECT_EQ(value(7, 2), 11 * largest / 1000);
    EXPECT_EQ(bench.post("/7/0/7").code, codes::changed);
    const std::int64_t average = value(7, 5);
    bench.get("/3/0", 110);
    EXPECT_EQ(value(7, 5), average);
    EXPECT_EQ(bench.post("/7/0/6").code, codes::changed);
    EXPECT_LT(value(7, 4), largest);
}

TEST_F(TrafficTest, a_collection_period_ends_it_by_itself) {
    EXPECT_EQ(bench.write(codes::put, "/7/0/8", 0, to_bytes("60")).code, codes::changed);
    bench.post("/7/0/6");
    bench.advance(60s);
    bench.get("/3/0", 110);
    EXPECT_LT(value(7, 4), 60);
}

TEST_F(TrafficTest, a_short_message_is_counted) {
    bench.post("/7/0/6");
    bench.dut.on_short_message();
    EXPECT_EQ(value(7, 1), 1);
}

TEST_F(TrafficTest, telling_the_counters_does_not_go_on_for_ever) {
    ClientSettings settings = Bench::with_objects(object_sets::all());
    settings.confirmable_notifications = true;
    Bench told(settings);
    told.registered();
    told.observe("/11/0/13");
    std::size_t notifications = 0;
    told.advance(61s);
    told.give(told.request(codes::get, "/3/0/0"));
    for (int i = 0; i < 100; ++i) {
        for (const coap::Message& message : told.take()) {
            ++notifications;
            told.give(coap::make_ack(message.message_id));
        }
        told.advance(1s);
    }
    EXPECT_GE(notifications, 1U);
    EXPECT_LE(notifications, 3U);
}

}  // namespace
}  // namespace scef::client
