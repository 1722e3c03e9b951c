#include "simulators/scef-simulator/core_network.h"

#include "tests/unit/simulators/scef-simulator/network_fixture.h"

namespace scef::scef_simulator {
namespace {

using CoreNetworkTest = ScefFixture;
using modem_link::Kind;

TEST_F(CoreNetworkTest, a_delivery_to_a_connected_ue_is_answered_when_the_modem_acknowledges) {
    configure();
    attach("connected");
    post("hello");
    EXPECT_TRUE(answers.empty());
    acknowledge_last();
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].status, 200);
    EXPECT_EQ(answers[0].delivery.status, "SUCCESS_NEXT_HOP_ACKNOWLEDGED");
    EXPECT_TRUE(notifications.empty());
}

TEST_F(CoreNetworkTest, an_unacknowledged_frame_is_repeated_five_times_and_then_buffered) {
    configure();
    attach("connected");
    post("hello");
    run(2'999ms);
    EXPECT_EQ(sent().size(), 6U);
    EXPECT_TRUE(answers.empty());
    run(1ms);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].status, 201);
    EXPECT_EQ(answers[0].delivery.status, "BUFFERING_TEMPORARILY_NOT_REACHABLE");
    EXPECT_EQ(dut.network().find(ue)->counters.downlink, 1U);
}

TEST_F(CoreNetworkTest, a_late_acknowledgement_counts_and_the_frame_is_counted_once) {
    configure();
    attach("connected");
    post("hello");
    run(4s);
    acknowledge_last();
    ASSERT_EQ(notifications.size(), 1U);
    EXPECT_NE(notifications[0].body.find("SUCCESS_NEXT_HOP_ACKNOWLEDGED"), std::string::npos);
    EXPECT_EQ(dut.network().find(ue)->counters.downlink, 1U);
}

TEST_F(CoreNetworkTest, a_ue_that_lost_contact_is_tried_again_with_the_same_sequence) {
    configure();
    attach("connected");
    post("hello");
    run(3s);
    const std::uint32_t first = last_of(Kind::downlink).sequence;
    frames.clear();
    run(10s);
    EXPECT_EQ(sent(), std::vector<std::string>{"hello"});
    EXPECT_EQ(last_of(Kind::downlink).sequence, first);
    EXPECT_EQ(dut.network().find(ue)->counters.downlink, 1U);
}

TEST_F(CoreNetworkTest, frames_of_one_ue_leave_one_at_a_time_and_in_order) {
    configure();
    attach("connected");
    post("1");
    post("2");
    post("3");
    EXPECT_EQ(sent(), std::vector<std::string>{"1"});
    acknowledge_last();
    acknowledge_last();
    acknowledge_last();
    EXPECT_EQ(sent(), (std::vector<std::string>{"1", "2", "3"}));
    EXPECT_EQ(answers.size(), 3U);
}

TEST_F(CoreNetworkTest, what_is_buffered_in_psm_goes_out_in_order_after_an_uplink) {
    configure();
    attach("psm");
    post("1");
    post("2");
    EXPECT_EQ(answers.at(1).status, 201);
    EXPECT_TRUE(sent().empty());
    uplink(1);
    acknowledge_last();
    acknowledge_last();
    EXPECT_EQ(sent(), (std::vector<std::string>{"1", "2"}));
    EXPECT_EQ(notifications.size(), 3U);  // the uplink and two final statuses
}

TEST_F(CoreNetworkTest, a_post_that_waits_behind_others_is_answered_when_the_ue_falls_asleep) {
    configure();
    attach("connected");
    post("1");
    post("2");
    EXPECT_TRUE(dut.set_state(ue, UeState::psm, std::nullopt, turn()));
    take();
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(answers[0].status, 201);
    EXPECT_EQ(answers[1].status, 201);
}

TEST_F(CoreNetworkTest, a_frame_of_its_own_time_reaches_an_edrx_ue_in_the_paging_window) {
    configure();
    attach("edrx");
    post("hello");
    run(81'919ms);
    EXPECT_TRUE(sent().empty());
    run(1ms);
    EXPECT_EQ(sent(), std::vector<std::string>{"hello"});
    acknowledge_last();
    EXPECT_EQ(state(), UeState::connected);
    run(10s);
    EXPECT_EQ(state(), UeState::edrx);
}

TEST_F(CoreNetworkTest, maximum_latency_zero_is_refused_with_the_time_of_the_next_window) {
    configure();
    attach("edrx");
    post("hello", 0s);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].status, 500);
    EXPECT_EQ(answers[0].cause, "TEMPORARILY_NOT_REACHABLE");
    EXPECT_EQ(answers[0].requested_retransmission_time, turn().wall + 81'920ms);
}

TEST_F(CoreNetworkTest, the_ninth_frame_finds_the_buffer_full) {
    configure();
    attach("psm");
    for (int i = 0; i < 9; ++i) post("x");
    EXPECT_EQ(answers.at(7).status, 201);
    EXPECT_EQ(answers.at(8).status, 500);
}

TEST_F(CoreNetworkTest, a_buffered_frame_fails_when_its_latency_is_over) {
    configure();
    attach("psm");
    const DeliveryId id = post("hello", 60s);
    run(59'999ms);
    EXPECT_NE(dut.network().buffered(id), nullptr);
    run(1ms);
    EXPECT_EQ(dut.network().buffered(id), nullptr);
    ASSERT_EQ(notifications.size(), 1U);
    EXPECT_NE(notifications[0].body.find("FAILURE_TIMEOUT"), std::string::npos);
}

TEST_F(CoreNetworkTest, without_a_pdn_connection_the_establishment_option_decides) {
    configure();
    post("1");
    post("2", std::nullopt, "INDICATE_ERROR");
    post("3", std::nullopt, "SEND_TRIGGER");
    EXPECT_EQ(answers.at(0).delivery.status, "BUFFERING");
    EXPECT_EQ(answers.at(1).status, 500);
    EXPECT_EQ(answers.at(2).delivery.status, "TRIGGERED");
}

TEST_F(CoreNetworkTest, a_frame_on_the_link_can_be_neither_cancelled_nor_replaced) {
    configure();
    attach("psm");
    const DeliveryId id = post("old");
    uplink(1);
    EXPECT_EQ(dut.cancel(id, turn()), CoreNetwork::Change::sending);
    EXPECT_EQ(dut.cancel("unknown", turn()), CoreNetwork::Change::absent);
    acknowledge_last();
    EXPECT_EQ(dut.cancel(id, turn()), CoreNetwork::Change::absent);
}

TEST_F(CoreNetworkTest, the_modem_hears_of_every_change_of_state) {
    configure();
    attach("psm");
    EXPECT_EQ(last_of(Kind::attached).state, "psm");
    uplink(1);
    EXPECT_EQ(last_of(Kind::state).state, "connected");
    run(10s);
    EXPECT_EQ(last_of(Kind::state).state, "idle");
    run(20s);
    EXPECT_EQ(last_of(Kind::state).state, "psm");
}

TEST_F(CoreNetworkTest, a_ue_without_modem_is_not_reachable_and_nothing_counts_as_sent) {
    configure();
    EXPECT_TRUE(dut.set_state(ue, UeState::connected, std::nullopt, turn()));
    take();
    post("hello");
    EXPECT_EQ(answers.at(0).status, 201);
    EXPECT_EQ(dut.network().find(ue)->counters.downlink, 0U);
}

}  // namespace
}  // namespace scef::scef_simulator
