#include "tests/unit/simulators/scef-simulator/network_fixture.h"

namespace scef::scef_simulator {
namespace {

class BufferingTest : public ScefFixture {
protected:
    BufferingTest() {
        configure();
        attach("psm");
    }

    DeliveryId post_with(std::int64_t priority, const std::string& data) {
        Transfer wanted = transfer(data);
        wanted.priority = priority;
        return post(std::move(wanted));
    }

    bool is_buffered(const DeliveryId& id) const { return dut.network().buffered(id) != nullptr; }
};

TEST_F(BufferingTest, a_full_buffer_gives_up_the_youngest_of_the_least_important) {
    change_ue([](UeProfile& profile) { profile.buffer.count_max = 3; });
    const DeliveryId first = post_with(1, "1");
    const DeliveryId second = post_with(1, "2");
    const DeliveryId third = post_with(2, "3");
    const DeliveryId urgent = post_with(2, "4");
    EXPECT_TRUE(is_buffered(first) && is_buffered(third) && is_buffered(urgent));
    EXPECT_FALSE(is_buffered(second));
    ASSERT_EQ(notifications.size(), 1U);
    EXPECT_NE(notifications[0].body.find(second), std::string::npos);
    EXPECT_NE(notifications[0].body.find(R"("deliveryStatus":"FAILURE")"), std::string::npos);
}

TEST_F(BufferingTest, what_is_not_more_important_finds_the_buffer_full) {
    change_ue([](UeProfile& profile) { profile.buffer.count_max = 1; });
    const DeliveryId first = post_with(1, "1");
    post_with(1, "2");
    EXPECT_EQ(answers.at(1).status, 500);
    EXPECT_EQ(answers.at(1).detail, "the buffer of the UE is full");
    EXPECT_TRUE(is_buffered(first));
    post_with(0, "3");
    EXPECT_EQ(answers.at(2).status, 500);
}

TEST_F(BufferingTest, octets_are_limited_too_and_several_make_room_for_a_large_one) {
    change_ue([](UeProfile& profile) { profile.buffer.octets_max = 10; });
    const DeliveryId first = post_with(0, "1234");
    const DeliveryId second = post_with(0, "1234");
    const DeliveryId large = post_with(1, "123456789");
    EXPECT_FALSE(is_buffered(first) || is_buffered(second));
    EXPECT_TRUE(is_buffered(large));
    EXPECT_EQ(dut.network().buffered_octets(*dut.network().find(ue)), 9U);
}

TEST_F(BufferingTest, nothing_is_given_up_for_what_does_not_fit_anyway) {
    change_ue([](UeProfile& profile) { profile.buffer.octets_max = 10; });
    const DeliveryId first = post_with(0, "1234");
    const DeliveryId second = post_with(2, "1234");
    post_with(1, "1234567");
    EXPECT_EQ(answers.at(2).status, 500);
    EXPECT_TRUE(is_buffered(first) && is_buffered(second));
}

TEST_F(BufferingTest, a_replacement_that_may_not_be_buffered_fails) {
    const DeliveryId id = post("old");
    Transfer wanted = transfer("new");
    wanted.maximum_latency = 0s;
    dut.replace(*dut.configurations().for_ue(ue), id, std::move(wanted), turn());
    take();
    EXPECT_FALSE(is_buffered(id));
    EXPECT_NE(notifications.at(0).body.find("FAILURE_TEMPORARILY_NOT_REACHABLE"),
              std::string::npos);
}

TEST_F(BufferingTest, a_replacement_may_make_room_at_the_cost_of_a_later_one) {
    const DeliveryId first = post_with(0, "1");
    const DeliveryId second = post_with(0, "2");
    change_ue([](UeProfile& profile) { profile.buffer.count_max = 1; });
    Transfer wanted = transfer("new");
    wanted.priority = 5;
    dut.replace(*dut.configurations().for_ue(ue), first, std::move(wanted), turn());
    take();
    EXPECT_TRUE(is_buffered(first));
    EXPECT_FALSE(is_buffered(second));
}

TEST_F(BufferingTest, what_may_not_wait_for_a_pdn_connection_fails_when_the_ue_detaches) {
    const DeliveryId waits = post("1", std::nullopt, "WAIT_FOR_UE");
    const DeliveryId not_waits = post("2", std::nullopt, "INDICATE_ERROR");
    EXPECT_TRUE(is_buffered(waits) && is_buffered(not_waits));
    attach("detached");
    EXPECT_TRUE(is_buffered(waits));
    EXPECT_FALSE(is_buffered(not_waits));
    EXPECT_NE(notifications.at(0).body.find("FAILURE_TEMPORARILY_NOT_REACHABLE"),
              std::string::npos);
}

TEST_F(BufferingTest, a_scef_without_buffer_says_when_to_come_again) {
    change_ue([](UeProfile& profile) {
        profile.buffer.enabled = false;
        profile.timers.periodic_tau = 1h;
    });
    post("hello");
    EXPECT_EQ(answers.at(0).status, 500);
    EXPECT_EQ(answers.at(0).cause, "TEMPORARILY_NOT_REACHABLE");
    EXPECT_EQ(answers.at(0).requested_retransmission_time, turn().wall + 1h);
}

TEST_F(BufferingTest, without_a_known_time_there_is_none) {
    change_ue([](UeProfile& profile) { profile.buffer.enabled = false; });
    post("hello");
    EXPECT_EQ(answers.at(0).status, 500);
    EXPECT_FALSE(answers.at(0).requested_retransmission_time);
}

TEST_F(BufferingTest, frames_leave_in_the_order_of_the_posts_whatever_their_priority) {
    post_with(1, "1");
    post_with(9, "2");
    uplink(1);
    acknowledge_last();
    acknowledge_last();
    EXPECT_EQ(sent(), (std::vector<std::string>{"1", "2"}));
}

TEST_F(BufferingTest, the_psm_of_a_ue_can_be_changed_and_counts_from_then) {
    run(10min);
    change_ue([](UeProfile& profile) { profile.timers.periodic_tau = 1h; });
    run(1h - 1ms);
    EXPECT_EQ(state(), UeState::psm);
    run(1ms);
    EXPECT_EQ(state(), UeState::connected);
    change_ue([](UeProfile& profile) { profile.timers.active = 5s; });
    run(15s);
    EXPECT_EQ(state(), UeState::psm);
}

TEST_F(BufferingTest, the_edrx_cycle_and_window_of_a_ue_can_be_changed) {
    attach("edrx");
    change_ue([](UeProfile& profile) {
        profile.timers.edrx_cycle = 20'480ms;
        profile.timers.paging_window = 2'560ms;
    });
    post("hello");
    run(20'479ms);
    EXPECT_TRUE(sent().empty());
    run(1ms);
    EXPECT_EQ(sent().size(), 1U);
}

class CoverageTest : public ScefFixture {
protected:
    CoverageTest() : ScefFixture(in_far_coverage()) {
        configure();
        attach("connected");
        change_ue([](UeProfile& profile) { profile.coverage = Coverage::extreme; });
    }

    static Settings in_far_coverage() {
        Settings far;
        far.coverage.extreme = {2s, 3s, 0, 0};
        far.timers.inactivity = 1min;
        return far;
    }
};

TEST_F(CoverageTest, frames_and_acknowledgements_take_their_time) {
    post("hello");
    EXPECT_TRUE(sent().empty());
    run(2s);
    EXPECT_EQ(sent().size(), 1U);
    acknowledge_last();
    EXPECT_TRUE(answers.empty());
    run(3s);
    EXPECT_EQ(answers.at(0).status, 200);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(CoverageTest, the_link_repeats_only_after_the_round_trip) {
    post("hello");
    run(7'499ms);
    EXPECT_EQ(sent().size(), 1U);
    run(1ms);
    EXPECT_EQ(sent().size(), 2U);
}

TEST_F(CoverageTest, an_uplink_comes_later_and_once) {
    uplink(1);
    uplink(1);
    EXPECT_TRUE(notifications.empty());
    run(3s);
    EXPECT_EQ(notifications.size(), 1U);
}

TEST_F(CoverageTest, other_ues_are_not_slowed_down) {
    dut.on_frame({modem_link::Kind::uplink, "other@iot.example", 1, "", "", {0x55}}, turn());
    take();
    EXPECT_EQ(last_of(modem_link::Kind::refused).reason, "no-configuration");
}

}  // namespace
}  // namespace scef::scef_simulator
