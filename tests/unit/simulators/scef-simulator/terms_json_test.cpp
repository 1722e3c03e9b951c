#include "simulators/modem-link/terms_json.h"

#include <gtest/gtest.h>

namespace scef::modem_link {
namespace {

using namespace std::chrono_literals;

const PowerSaving asked{"psm", 20s, 24h, 81'920ms, 5'120ms};

Frame round_trip(const Frame& frame) {
    Result<Frame> read = parse(serialize(frame));
    EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().message);
    return read ? *read : Frame{};
}

Frame of(Kind kind) {
    Frame frame{kind, "a@b", 1, "connected", "", {}};
    frame.power_saving = asked;
    frame.terms = NetworkTerms{asked, "robust", "100/hour", true, 1358};
    frame.release = ReleaseAssistance::after_downlink;
    return frame;
}

TEST(ModemLinkTerms, attach_and_update_ask_how_power_is_saved_and_nothing_else_does) {
    EXPECT_EQ(round_trip(of(Kind::attach)).power_saving, asked);
    EXPECT_EQ(round_trip(of(Kind::update)).power_saving, asked);
    EXPECT_EQ(round_trip(of(Kind::state)).power_saving, std::nullopt);
}

TEST(ModemLinkTerms, attached_and_state_tell_the_terms_and_nothing_else_does) {
    EXPECT_EQ(round_trip(of(Kind::attached)).terms, of(Kind::attached).terms);
    EXPECT_EQ(round_trip(of(Kind::state)).terms, of(Kind::state).terms);
    EXPECT_EQ(round_trip(of(Kind::attach)).terms, std::nullopt);
}

TEST(ModemLinkTerms, an_uplink_assists_the_release) {
    EXPECT_EQ(round_trip(of(Kind::uplink)).release, ReleaseAssistance::after_downlink);
    EXPECT_EQ(round_trip(of(Kind::ack)).release, ReleaseAssistance::none);
}

TEST(ModemLinkTerms, a_time_that_is_not_there_is_left_open) {
    const auto read =
        power_saving_from_json(nlohmann::json::parse(R"({"mode":"edrx","edrxCycleMs":20480})"));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->edrx_cycle, 20'480ms);
    EXPECT_EQ(read->active_time, std::nullopt);
}

TEST(ModemLinkTerms, what_is_no_such_object_is_malformed) {
    const auto frame = [](const std::string& member) {
        return parse(R"({"kind":"attach","externalId":"a@b","state":"psm",)" + member + "}");
    };
    EXPECT_TRUE(frame(R"("powerSaving":{"mode":"psm"})"));
    EXPECT_FALSE(frame(R"("powerSaving":{"mode":"idle"})"));
    EXPECT_FALSE(frame(R"("powerSaving":{"mode":"psm","activeTimeMs":-1})"));
    EXPECT_FALSE(frame(R"("powerSaving":{"mode":"psm","activeTimeMs":18446744073709551615})"));
    EXPECT_FALSE(frame(R"("powerSaving":7)"));
    EXPECT_FALSE(parse(R"({"kind":"state","externalId":"a@b","state":"psm","terms":{}})"));
    EXPECT_FALSE(
        parse(R"({"kind":"uplink","externalId":"a@b","sequence":1,"data":"","release":3})"));
}

}  // namespace
}  // namespace scef::modem_link
