#include "simulators/scef-simulator/triggering.h"

#include "tests/unit/simulators/scef-simulator/operator_fixture.h"

namespace scef::scef_simulator {
namespace {

using modem_link::Kind;
using nlohmann::json;

Settings settings_of(bool reaches_psm) {
    Settings settings;
    settings.triggers.reaches_psm = reaches_psm;
    return settings;
}

class Triggers : public OperatorFixture {
protected:
    explicit Triggers(bool reaches_psm = true) : OperatorFixture(settings_of(reaches_psm)) {}

    std::string post(std::chrono::seconds validity = 60s) {
        TriggerRequest request;
        request.identity = {Identity::Kind::external_id, ue};
        request.validity = validity;
        request.application_port = 5683;
        request.payload = {0x51, 0x02};
        request.destination = "http://as/cb";
        const auto id =
            dut.triggering().create(std::move(request), "dm", "http://scef/dm", dut.scef(), turn());
        take();
        return id.value_or("");
    }

    std::string result(const std::string& id) {
        const Trigger* trigger = dut.triggering().find("dm", id);
        return trigger == nullptr ? "none" : trigger->result;
    }

    std::vector<std::string> results() const {
        std::vector<std::string> results;
        for (const json& body : told(Notification::Kind::trigger_report)) {
            results.push_back(body["result"]);
        }
        return results;
    }
};

class TriggersThatPsmDoesNotHear : public Triggers {
protected:
    TriggersThatPsmDoesNotHear() : Triggers(/*reaches_psm=*/false) {}
};

TEST_F(Triggers, an_sms_takes_its_time_and_wakes_a_ue_in_psm) {
    attach("psm");
    const std::string id = post();
    run(2s);
    EXPECT_TRUE(frames_of(Kind::trigger).empty());
    run(1s);
    ASSERT_EQ(frames_of(Kind::trigger).size(), 1U);
    const modem_link::Frame sms = frames_of(Kind::trigger)[0];
    EXPECT_EQ(sms.port, 5683);
    EXPECT_EQ(sms.data, (Bytes{0x51, 0x02}));
    EXPECT_EQ(result(id), "TRIGGERED");
    acknowledge(sms.sequence);
    EXPECT_EQ(result(id), "SUCCESS");
    EXPECT_EQ(results(), std::vector<std::string>{"SUCCESS"});
    EXPECT_EQ(dut.scef().network().find(ue)->ue.state(), UeState::connected);
}

TEST_F(TriggersThatPsmDoesNotHear, it_waits_until_the_ue_wakes_by_itself) {
    attach("psm");
    post(600s);
    run(100s);
    EXPECT_TRUE(frames_of(Kind::trigger).empty());
    enter(UeState::connected);
    EXPECT_EQ(frames_of(Kind::trigger).size(), 1U);
}

TEST_F(Triggers, an_unanswered_sms_is_repeated_and_then_tried_later) {
    attach("connected");
    post(60s);
    run(3s + 2500ms);
    EXPECT_EQ(frames_of(Kind::trigger).size(), 6U);
    run(5s);
    EXPECT_EQ(frames_of(Kind::trigger).size(), 6U);
    run(10s);
    EXPECT_GT(frames_of(Kind::trigger).size(), 6U);
    EXPECT_EQ(frames_of(Kind::trigger).front().sequence, frames_of(Kind::trigger).back().sequence);
}

TEST_F(Triggers, one_that_was_never_sent_expires_and_one_without_answer_is_unconfirmed) {
    post(5s);
    run(5s);
    EXPECT_EQ(results(), std::vector<std::string>{"EXPIRED"});
    attach("connected");
    post(5s);
    run(5s);
    EXPECT_EQ(results(), (std::vector<std::string>{"EXPIRED", "UNCONFIRMED"}));
    run(60s);
    EXPECT_EQ(results().size(), 2U);
}

TEST_F(Triggers, without_validity_period_there_is_one_attempt) {
    post(0s);
    run(3s);
    EXPECT_EQ(results(), std::vector<std::string>{"FAILURE"});
}

TEST_F(Triggers, a_recalled_one_is_not_sent_and_gone) {
    attach("connected");
    const std::string id = post();
    EXPECT_EQ(dut.triggering().recall(id).result, "TERMINATE");
    run(60s);
    EXPECT_TRUE(frames_of(Kind::trigger).empty());
    EXPECT_TRUE(results().empty());
    EXPECT_EQ(result(id), "none");
}

TEST_F(Triggers, a_replaced_one_is_sent_with_its_new_payload_even_after_the_end) {
    attach("connected");
    const std::string id = post();
    run(3s);
    acknowledge(frames_of(Kind::trigger).back().sequence);
    TriggerRequest other = dut.triggering().find("dm", id)->request;
    other.payload = {0x52};
    dut.triggering().replace(id, other, turn());
    EXPECT_EQ(result(id), "REPLACED");
    run(3s);
    EXPECT_EQ(frames_of(Kind::trigger).back().data, Bytes{0x52});
    acknowledge(frames_of(Kind::trigger).back().sequence);
    EXPECT_EQ(results(), (std::vector<std::string>{"SUCCESS", "SUCCESS"}));
}

TEST_F(Triggers, buffered_data_go_out_when_an_sms_has_woken_the_ue) {
    attach("psm");
    ConfigurationRequest request;
    request.configuration.identity = {Identity::Kind::external_id, ue};
    ASSERT_TRUE(dut.scef().create(std::move(request), "dm", "http://scef/dm", turn()));
    Transfer transfer;
    transfer.identity = {Identity::Kind::external_id, ue};
    transfer.data = {1};
    dut.scef().submit(*dut.scef().configurations().of_scs_as("dm").at(0), transfer, turn());
    post();
    run(3s);
    EXPECT_TRUE(frames_of(Kind::downlink).empty());
    acknowledge(frames_of(Kind::trigger).back().sequence);
    EXPECT_EQ(frames_of(Kind::downlink).size(), 1U);
}

TEST(TriggerBody, each_wrong_member_is_named) {
    std::vector<InvalidParam> complaints;
    read_trigger({{"externalId", "a@b"},
                  {"msisdn", "1"},
                  {"validityPeriod", -1},
                  {"applicationPortId", 70'000},
                  {"triggerPayload", "*"},
                  {"notificationDestination", "ftp://x"}},
                 complaints);
    std::vector<std::string> params;
    for (const InvalidParam& complaint : complaints) params.push_back(complaint.param);
    EXPECT_EQ(params, (std::vector<std::string>{"/externalId", "/priority", "/validityPeriod",
                                                "/applicationPortId", "/triggerPayload",
                                                "/notificationDestination"}));
}

}  // namespace
}  // namespace scef::scef_simulator
