#include "simulators/scef-simulator/ue_control.h"

#include "lwm2m-core/vocabulary/time_text.h"
#include "tests/unit/simulators/scef-simulator/network_fixture.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

class UeControl : public ScefFixture {
protected:
    json patch(const json& body) {
        std::vector<InvalidParam> complaints;
        const UeChange change = read_ue_change(body, dut.profile_of(ue), complaints);
        EXPECT_TRUE(complaints.empty()) << complaints.at(0).param << complaints.at(0).reason;
        EXPECT_TRUE(apply(change, ue, dut, turn()));
        take();
        return ue_to_json(ue, *dut.network().find(ue), dut, turn());
    }

    std::string complaint_about(const json& body) {
        std::vector<InvalidParam> complaints;
        read_ue_change(body, dut.profile_of(ue), complaints);
        return complaints.empty() ? "" : complaints[0].param;
    }
};

TEST_F(UeControl, shows_what_it_changes) {
    const json shown =
        patch({{"state", "psm"},
               {"coverage", "robust"},
               {"hop", "unacknowledged"},
               {"reliableDataService", "silent"},
               {"authorized", false},
               {"timers", {{"periodicTau", "1h"}, {"active", "0"}}},
               {"buffer", {{"enabled", false}, {"octetsMax", 2'000}}},
               {"rateControl", {{"apnDownlink", "5/day"}, {"servingPlmnDownlink", 12}}}});
    EXPECT_EQ(shown["state"], "psm");
    EXPECT_EQ(shown["coverage"], "robust");
    EXPECT_EQ(shown["authorized"], false);
    EXPECT_EQ(shown["timers"]["periodicTau"], "1h");
    EXPECT_EQ(shown["timers"]["inactivity"], "10s");
    EXPECT_EQ(shown["buffer"]["octetsMax"], 2'000);
    EXPECT_EQ(shown["rateControl"]["apnDownlink"]["limit"], "5/day");
    EXPECT_EQ(shown["rateControl"]["servingPlmnDownlink"]["limit"], "12");
    EXPECT_EQ(shown["nextReachable"], to_rfc3339(turn().wall + 1h));
}

TEST_F(UeControl, leaves_alone_what_is_not_named_and_null_lifts_a_rate) {
    patch({{"coverage", "extreme"}, {"rateControl", {{"apnUplink", "1/hour"}}}});
    const json shown = patch({{"rateControl", {{"apnUplink", nullptr}}}});
    EXPECT_EQ(shown["coverage"], "extreme");
    EXPECT_EQ(shown["state"], "detached");
    EXPECT_EQ(shown["rateControl"]["apnUplink"]["limit"], "unrestricted");
}

TEST_F(UeControl, names_what_it_does_not_understand) {
    EXPECT_EQ(complaint_about({{"stat", "psm"}}), "/stat");
    EXPECT_EQ(complaint_about({{"state", "asleep"}}), "/state");
    EXPECT_EQ(complaint_about({{"sleepMode", "idle"}}), "/sleepMode");
    EXPECT_EQ(complaint_about({{"timers", {{"t3324", "1s"}}}}), "/timers/t3324");
    EXPECT_EQ(complaint_about({{"timers", {{"edrxCycle", "0"}}}}), "/timers/edrxCycle");
    EXPECT_EQ(complaint_about({{"timers", {{"pagingWindow", "1h"}}}}), "/timers/pagingWindow");
    EXPECT_EQ(complaint_about({{"timers", 5}}), "/timers");
    EXPECT_EQ(complaint_about({{"rateControl", {{"apnDownlink", "5"}}}}),
              "/rateControl/apnDownlink");
    EXPECT_EQ(complaint_about({{"rateControl", {{"servingPlmnUplink", 9}}}}),
              "/rateControl/servingPlmnUplink");
    EXPECT_EQ(complaint_about({{"buffer", {{"countMax", -1}}}}), "/buffer/countMax");
    EXPECT_EQ(complaint_about({{"coverage", "none"}}), "/coverage");
}

}  // namespace
}  // namespace scef::scef_simulator
