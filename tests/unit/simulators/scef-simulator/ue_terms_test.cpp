#include "simulators/scef-simulator/ue_terms.h"

#include "tests/unit/simulators/scef-simulator/network_fixture.h"

namespace scef::scef_simulator {
namespace {

using modem_link::Frame;
using modem_link::Kind;
using modem_link::PowerSaving;
using modem_link::ReleaseAssistance;

class UeTerms : public ScefFixture {
protected:
    void say(Frame frame) {
        dut.on_frame(frame, turn());
        take();
    }
    void ask(Kind kind, PowerSaving wanted) {
        Frame frame{kind, ue, 0, "connected", "", {}};
        frame.power_saving = std::move(wanted);
        say(std::move(frame));
    }
    void uplink_with(ReleaseAssistance release) {
        Frame frame{Kind::uplink, ue, ++sequence_, "", "", {0x55}};
        frame.release = release;
        say(std::move(frame));
    }
    std::uint32_t sequence_ = 0;
};

TEST_F(UeTerms, are_told_at_attach) {
    attach("psm");
    const auto& terms = last_of(Kind::attached).terms;
    ASSERT_TRUE(terms);
    EXPECT_EQ(terms->power_saving, (PowerSaving{"psm", 20s, 0s, 81'920ms, 5'120ms}));
    EXPECT_EQ(terms->coverage, "normal");
    EXPECT_EQ(terms->apn_rate, "unrestricted");
    EXPECT_EQ(terms->frame_octets_max, 1358U);
}

TEST_F(UeTerms, that_the_modem_asks_for_at_attach_are_granted) {
    ask(Kind::attach, {"psm", 4s, 1h, {}, {}});
    EXPECT_EQ(last_of(Kind::attached).terms->power_saving.active_time, 4s);
    EXPECT_EQ(state(), UeState::connected);
    run(13s);
    EXPECT_EQ(state(), UeState::idle);
    run(1s);
    EXPECT_EQ(state(), UeState::psm);
    run(1h);
    EXPECT_EQ(state(), UeState::connected) << "T3412 is over";
}

TEST_F(UeTerms, change_by_a_tracking_area_update_which_wakes_the_ue) {
    attach("psm");
    ask(Kind::update, {"edrx", {}, {}, 20'480ms, 2'560ms});
    EXPECT_EQ(state(), UeState::connected);
    EXPECT_EQ(last_of(Kind::state).terms->power_saving.mode, "edrx");
    run(10s);
    EXPECT_EQ(state(), UeState::edrx);
}

TEST_F(UeTerms, of_an_update_of_a_ue_that_is_not_registered_are_refused) {
    ask(Kind::update, {"psm", {}, {}, {}, {}});
    EXPECT_EQ(last_of(Kind::refused).reason, "unknown-ue");
}

TEST_F(UeTerms, are_told_again_only_when_they_changed) {
    attach("connected");
    run(10s);
    EXPECT_FALSE(last_of(Kind::state).terms);
    change_ue([](UeProfile& profile) { profile.coverage = Coverage::extreme; });
    ASSERT_TRUE(last_of(Kind::state).terms);
    EXPECT_EQ(last_of(Kind::state).terms->coverage, "extreme");
    EXPECT_EQ(last_of(Kind::state).state, "idle");
}

TEST_F(UeTerms, release_assistance_ends_the_connection_after_the_uplink) {
    attach("psm");
    uplink_with(ReleaseAssistance::after_uplink);
    EXPECT_EQ(state(), UeState::idle);
    run(20s);
    EXPECT_EQ(state(), UeState::psm);
    uplink_with(ReleaseAssistance::none);
    EXPECT_EQ(state(), UeState::connected);
}

TEST_F(UeTerms, release_assistance_waits_for_the_one_downlink_that_it_named) {
    configure();
    attach("psm");
    uplink_with(ReleaseAssistance::after_downlink);
    EXPECT_EQ(state(), UeState::connected);
    post("answer");
    acknowledge_last();
    EXPECT_EQ(state(), UeState::idle);
}

TEST_F(UeTerms, what_waits_for_the_ue_goes_before_its_connection_is_released) {
    configure();
    attach("psm");
    post("waits");
    uplink_with(ReleaseAssistance::after_uplink);
    EXPECT_EQ(state(), UeState::connected);
    EXPECT_EQ(sent(), std::vector<std::string>{"waits"});
    acknowledge_last();
    EXPECT_EQ(state(), UeState::idle);
}

TEST_F(UeTerms, an_uplink_larger_than_the_scef_takes_is_refused) {
    configure();
    attach("connected");
    say({Kind::uplink, ue, 1, "", "", Bytes(1358)});
    EXPECT_EQ(notifications.size(), 1U);
    say({Kind::uplink, ue, 2, "", "", Bytes(1359)});
    EXPECT_EQ(last_of(Kind::refused).reason, "too-large");
    EXPECT_EQ(notifications.size(), 1U);
}

}  // namespace
}  // namespace scef::scef_simulator
