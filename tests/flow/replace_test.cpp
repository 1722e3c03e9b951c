#include <gtest/gtest.h>

#include "tests/flow/replace_world.h"

/// D27: a message takes the place of those that wait (docs/exchanges.md); the rows of "The answer
/// to a PUT of a delivery" in docs/t8-outcomes.md, one by one.
namespace scef::flow {
namespace {

using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Reason;

using Names = std::vector<std::string>;

TEST(Replace, what_waits_here_ends_superseded_and_names_the_newer_one) {
    Replacing w;
    const MessageId waiting = w.enqueue(write_frame("waits")).result->message;
    EXPECT_EQ(w.replace("new").result->affected, 2u);
    EXPECT_EQ(w.state(waiting), MessageState::superseded);
    EXPECT_EQ(w.message(waiting).reason, Reason::superseded);
    EXPECT_EQ(w.message(waiting).superseded_by, w.newer);
    w.device_wakes_and_sends("awake");
    w.advance(1min);
    EXPECT_EQ(w.on_air(), Names{"new"});
    EXPECT_EQ(w.state(w.newer), MessageState::delivered);
}

TEST(Replace, a_server_whose_request_is_superseded_is_told_as_of_an_expiry) {
    World w;
    w.device_sleeps();
    const auto request = w.server.get("/3/0/0");
    w.advance(5s);
    w.enqueue(write_frame("new"),
              [](adapter::EnqueueMessage& event) { event.takes_every_place = true; });
    w.settle();
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.server.responses_to(request)[0].code, coap::codes::gateway_timeout);
    EXPECT_EQ(w.messages().front().state, MessageState::superseded);
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Replace, what_waits_for_the_devices_answer_and_whose_POST_is_open_is_not_touched) {
    World w;
    w.device_wakes_and_sends("awake");
    w.device.answers = false;
    const MessageId asked = w.enqueue(write_frame("asked", coap::codes::post)).result->message;
    w.settle();
    w.scef.answers_next_delivery_with({.takes_it = true, .delay = 10s});
    w.advance(25s);  // its slot is free: the next is sent, and its POST stays open
    w.enqueue(write_frame("sent"), at_once);
    w.settle();
    const auto reply = w.enqueue(
        write_frame("new"), [](adapter::EnqueueMessage& event) { event.takes_every_place = true; });
    EXPECT_EQ(reply.result->affected, 0u);
    w.advance(1s);
    const auto all = w.messages();
    EXPECT_EQ(all[0].id, asked);
    EXPECT_EQ(all[0].device_leg, DeviceLeg::awaiting_answer);
    EXPECT_EQ(all[1].device_leg, DeviceLeg::submitting);
}

TEST(Replace, put_replaced_the_newer_one_is_held_under_the_same_link) {
    Replacing w;
    const std::string link = w.message(w.old).transfer_id;
    w.replace("new");
    EXPECT_EQ(w.state(w.old), MessageState::superseded);
    EXPECT_EQ(w.message(w.newer).device_leg, DeviceLeg::net_buffered);
    EXPECT_EQ(w.message(w.newer).transfer_id, link);
    EXPECT_EQ(w.held(), Names{"new"});
    w.device_wakes();
    w.advance(1min);
    EXPECT_EQ(w.on_air(), Names{"new"});
    EXPECT_EQ(w.state(w.newer), MessageState::delivered);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.scef.withdrawals, 0);
}

TEST(Replace, put_delivered_the_newer_one_has_left) {
    Replacing w;
    w.scef.answers_next_put_with({.status = 200, .body = R"({"deliveryStatus":"SUCCESS"})"});
    w.replace("new");
    EXPECT_EQ(w.state(w.old), MessageState::superseded);
    EXPECT_EQ(w.message(w.newer).device_leg, DeviceLeg::awaiting_answer);
}

TEST(Replace, put_too_late_the_older_one_goes_on_and_the_newer_one_follows) {
    Replacing w;
    w.scef.answers_next_put_with({.status = 409, .cause = "SENDING"});
    w.replace("new");
    EXPECT_EQ(w.state(w.old), MessageState::accepted);
    EXPECT_EQ(w.state(w.newer), MessageState::queued);
    EXPECT_EQ(w.message(w.newer).attempts, 0u) << "it was never sent";
    w.device_wakes_and_sends("awake");
    w.advance(1min);
    EXPECT_EQ(w.on_air(), (Names{"old", "new"}));
    EXPECT_EQ(w.state(w.old), MessageState::delivered);
    EXPECT_EQ(w.state(w.newer), MessageState::delivered);
}

TEST(Replace, what_was_too_late_to_replace_is_not_sent_a_second_time) {
    for (const bool is_failure : {false, true}) {
        Replacing w;
        w.scef.answers_next_put_with({.status = 409});
        w.replace("new");
        w.device.answers = false;
        if (is_failure) {
            w.scef.tell_status("t2", "FAILURE_TEMPORARILY_NOT_REACHABLE");
            w.settle();
            EXPECT_EQ(w.state(w.old), MessageState::superseded);
        }
        for (int i = 0; i < 4; ++i) {
            w.device_wakes_and_sends("awake");
            w.advance(1min);
        }
        const Names air = w.on_air();
        EXPECT_EQ(std::count(air.begin(), air.end(), "old"), is_failure ? 0 : 1);
        EXPECT_EQ(std::count(air.begin(), air.end(), "new"), 2) << "the one repetition of D19";
    }
}

TEST(Replace, put_gone_the_older_one_is_judged_as_missing) {
    Replacing w;
    w.scef.answers_next_put_with({.status = 404});
    w.replace("new");
    EXPECT_EQ(w.message(w.old).device_leg, DeviceLeg::awaiting_answer);
    EXPECT_EQ(w.state(w.newer), MessageState::queued);
    w.device.send(coap::make_ack(coap::parse(w.scef.posted.at(0).data)->message_id));
    w.advance(1min);  // the older one has had its time
    w.device_wakes_and_sends("awake");
    w.advance(1s);
    EXPECT_EQ(w.state(w.newer), MessageState::delivered);
    EXPECT_EQ(w.scef.reads, 0);
}

TEST(Replace, put_refused_the_older_one_stays_and_the_newer_one_waits_behind_it) {
    Replacing w;
    w.scef.answers_next_put_with({.status = 400});
    w.replace("new");
    EXPECT_EQ(w.held(), Names{"old"});
    EXPECT_EQ(w.message(w.old).device_leg, DeviceLeg::net_buffered);
    EXPECT_EQ(w.state(w.newer), MessageState::queued);
    w.advance(1h);
    EXPECT_EQ(w.scef.puts, 1);
    EXPECT_EQ(w.scef.posts, 1);
}

class NotCarriedOut : public testing::TestWithParam<ModelScef::Fault> {};

TEST_P(NotCarriedOut, put_not_sent_the_newer_one_is_put_again_after_the_pause) {
    Replacing w;
    w.scef.answers_next_put_with(GetParam());
    w.replace("new");
    EXPECT_EQ(w.state(w.newer), MessageState::queued);
    EXPECT_EQ(w.message(w.newer).reason, Reason::throttled);
    EXPECT_EQ(w.state(w.old), MessageState::accepted);
    EXPECT_EQ(w.message(w.newer).attempts, 0u);
    w.advance(1min);
    EXPECT_EQ(w.scef.puts, 2);
    EXPECT_EQ(w.held(), Names{"new"});
    EXPECT_EQ(w.state(w.old), MessageState::superseded);
}
INSTANTIATE_TEST_SUITE_P(Replace, NotCarriedOut,
                         testing::Values(ModelScef::Fault{.transport = Transport::not_sent},
                                         ModelScef::Fault{.status = 503, .retry_after = 30s},
                                         ModelScef::Fault{.status = 429},
                                         ModelScef::Fault{.status = 403, .cause = "QUOTA_EXCEEDED"},
                                         ModelScef::Fault{.transport = Transport::not_sent,
                                                          .retry_after = 20s}));

TEST(Replace, one_that_is_delivered_before_the_next_PUT_is_too_late) {
    Replacing w;
    w.scef.answers_next_put_with({.status = 503, .retry_after = 30s});
    w.replace("new");
    w.device_wakes_and_sends("awake");
    w.advance(40s);
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.scef.puts, 1);
    EXPECT_EQ(w.on_air(), (Names{"old", "new"}));
    EXPECT_EQ(w.state(w.old), MessageState::delivered);
}

TEST(Replace, a_status_that_comes_while_the_PUT_is_open_waits_for_its_answer) {
    for (const int status : {0, 409}) {
        Replacing w(flow_config(), coap::codes::post);
        w.scef.answers_next_put_with({.status = status, .takes_it = status == 0, .delay = 5s});
        w.replace("new", coap::codes::post);
        w.device.answers = false;
        w.device_wakes();
        w.settle();
        EXPECT_EQ(w.message(w.old).device_leg, DeviceLeg::net_buffered);
        EXPECT_EQ(w.message(w.newer).device_leg, DeviceLeg::submitting);
        w.advance(5s);
        const MessageId& delivered = status == 0 ? w.newer : w.old;
        EXPECT_EQ(w.message(delivered).device_leg, DeviceLeg::awaiting_answer);
        EXPECT_EQ(w.message(delivered).level, queueing::DeliveryLevel::next_hop);
    }
}

TEST(Replace, the_devices_answer_to_the_newer_one_proves_that_it_was_put) {
    Replacing w;
    w.scef.answers_next_put_with({.takes_it = true, .delay = 5s});
    w.replace("new");
    w.device_wakes();
    w.advance(1s);
    EXPECT_EQ(w.state(w.newer), MessageState::delivered);
    EXPECT_EQ(w.state(w.old), MessageState::superseded);
    w.advance(10s);
    EXPECT_EQ(w.on_air(), Names{"new"});
}

TEST(Replace, the_devices_answer_to_the_older_one_deletes_nothing_at_the_SCEF) {
    Replacing w;
    w.scef.answers_next_put_with({.takes_it = true, .delay = 5s});
    w.replace("new");
    w.device.receive(w.scef.posted.at(0).data);  // it was on its way before
    w.advance(1s);
    EXPECT_EQ(w.state(w.old), MessageState::delivered);
    w.advance(5s);
    EXPECT_EQ(w.scef.withdrawals, 0);
    EXPECT_EQ(w.held(), Names{"new"});
    EXPECT_EQ(w.message(w.newer).device_leg, DeviceLeg::net_buffered);
}

TEST(Replace, the_end_of_the_older_ones_TTL_waits_for_the_PUT) {
    for (const int status : {0, 409}) {
        auto config = flow_config();
        config.profiles["nb-iot"].ttl["write"] = 1min;
        Replacing w(config);
        w.scef.answers_next_put_with({.status = status, .takes_it = status == 0, .delay = 10s});
        w.advance(55s);
        w.replace("new", coap::codes::put, [](auto& event) { event.ttl = 1h; });
        w.advance(9s);
        EXPECT_EQ(w.scef.withdrawals, 0) << "it could be the newer one";
        w.advance(2s);
        EXPECT_EQ(w.state(w.old), status == 0 ? MessageState::superseded : MessageState::expired);
        EXPECT_EQ(w.scef.withdrawals, status == 0 ? 0 : 1);
    }
}

TEST(Replace, a_newer_one_whose_TTL_ends_with_the_PUT_open_is_deleted_when_it_was_put) {
    Replacing w;
    w.scef.answers_next_put_with({.takes_it = true, .delay = 10s});
    w.replace("new", coap::codes::put, [](auto& event) { event.ttl = 5s; });
    w.advance(11s);
    EXPECT_EQ(w.state(w.old), MessageState::superseded);
    EXPECT_EQ(w.state(w.newer), MessageState::expired);
    EXPECT_TRUE(w.held().empty());
}

TEST(Replace, a_newer_one_whose_TTL_ends_with_the_PUT_open_ends_when_it_was_not_put) {
    for (const ModelScef::Fault& fault :
         {ModelScef::Fault{.status = 409, .delay = 10s},
          ModelScef::Fault{.transport = Transport::not_sent, .delay = 10s}}) {
        Replacing w;
        w.scef.answers_next_put_with(fault);
        w.replace("new", coap::codes::put, [](auto& event) { event.ttl = 5s; });
        w.advance(11s);
        EXPECT_EQ(w.state(w.newer), MessageState::expired);
        EXPECT_EQ(w.state(w.old), MessageState::accepted);
        EXPECT_EQ(w.held(), Names{"old"});
    }
}

TEST(Replace, nothing_is_cancelled_purged_or_replaced_while_its_place_is_being_taken) {
    Replacing w;
    w.scef.answers_next_put_with({.takes_it = true, .delay = 10s});
    w.replace("new");
    const MessageId newer = w.newer;
    const auto canceled = w.command(adapter::CancelMessage{0, w.old});
    ASSERT_FALSE(canceled.result);
    EXPECT_EQ(canceled.result.error().code, Errc::conflict);
    EXPECT_EQ(w.command(adapter::PurgeMessages{0, w.id()}).result->affected, 0u);
    EXPECT_EQ(w.replace("newest").result->affected, 0u);
    w.advance(11s);
    EXPECT_EQ(w.scef.withdrawals, 0);
    EXPECT_EQ(w.state(newer), MessageState::accepted);
    EXPECT_EQ(w.state(w.newer), MessageState::queued);
}

TEST(Replace, a_configuration_that_is_lost_while_the_PUT_is_open_loses_what_it_held) {
    Replacing w(flow_config(), coap::codes::post);
    w.scef.answers_next_put_with({.takes_it = true, .delay = 10s});
    w.replace("new", coap::codes::post);
    w.scef.tell_configuration("TERMINATED");
    w.advance(11s);
    EXPECT_EQ(w.state(w.old), MessageState::superseded);
    EXPECT_EQ(w.message(w.newer).device_leg, DeviceLeg::awaiting_answer) << "T8 vanished";
    w.device_wakes_and_sends("awake");
    w.advance(1min);
    EXPECT_TRUE(w.on_air().empty());
}

}  // namespace
}  // namespace scef::flow
