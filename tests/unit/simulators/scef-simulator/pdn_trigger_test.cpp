#include "simulators/scef-simulator/triggering.h"
#include "tests/unit/simulators/scef-simulator/operator_fixture.h"

/// SEND_TRIGGER of pdnEstablishmentOption (TS 23.682 5.13.3): data for a UE without PDN connection.
namespace scef::scef_simulator {
namespace {

using modem_link::Kind;

Settings with_port_5000() {
    Settings settings;
    settings.triggers.pdn_port = 5000;
    return settings;
}

class PdnTrigger : public OperatorFixture {
protected:
    PdnTrigger() : OperatorFixture(with_port_5000()) { attach("psm"); }

    void configure(const std::string& option = "") {
        ConfigurationRequest request;
        request.configuration.identity = {Identity::Kind::external_id, ue};
        request.configuration.pdn_establishment_option = option;
        ASSERT_TRUE(dut.scef().create(std::move(request), "dm", "http://scef/dm", turn()));
    }

    void post(const std::string& option, std::optional<std::chrono::seconds> latency = {}) {
        Transfer transfer;
        transfer.identity = {Identity::Kind::external_id, ue};
        transfer.data = {1};
        transfer.pdn_establishment_option = option;
        transfer.maximum_latency = latency;
        dut.scef().submit(*dut.scef().configurations().for_ue(ue), transfer, turn());
        take();
    }

    /// How the POSTs were answered: status and deliveryStatus.
    std::vector<std::string> answered() const {
        std::vector<std::string> texts;
        for (const DeliveryAnswer& answer : answers) {
            texts.push_back(std::to_string(answer.status) + " " + answer.delivery.status);
        }
        return texts;
    }

    std::vector<std::string> statuses() const {
        std::vector<std::string> texts;
        for (const nlohmann::json& body : told(Notification::Kind::delivery_status)) {
            texts.push_back(body["deliveryStatus"]);
        }
        return texts;
    }

    std::size_t sms() const { return frames_of(Kind::trigger).size(); }
};

TEST_F(PdnTrigger, an_sms_asks_the_ue_for_a_connection_and_the_data_go_when_it_is_there) {
    configure();
    enter(UeState::no_pdn);
    post("SEND_TRIGGER");
    EXPECT_EQ(answered(), std::vector<std::string>{"201 TRIGGERED"});
    run(2s);
    EXPECT_EQ(sms(), 0U);
    run(1s);
    ASSERT_EQ(sms(), 1U);
    EXPECT_EQ(frames_of(Kind::trigger)[0].port, 5000);
    EXPECT_TRUE(frames_of(Kind::trigger)[0].data.empty());
    acknowledge(frames_of(Kind::trigger)[0].sequence);
    EXPECT_TRUE(frames_of(Kind::downlink).empty());
    attach("idle");
    ASSERT_EQ(frames_of(Kind::downlink).size(), 1U);
    acknowledge(frames_of(Kind::downlink)[0].sequence);
    EXPECT_EQ(statuses(), std::vector<std::string>{"SUCCESS_NEXT_HOP_ACKNOWLEDGED"});
}

TEST_F(PdnTrigger, the_option_of_the_configuration_counts_unless_the_transfer_has_its_own) {
    configure("SEND_TRIGGER");
    enter(UeState::no_pdn);
    post("WAIT_FOR_UE");
    run(4s);
    EXPECT_EQ(sms(), 0U);
    post("");
    run(4s);
    EXPECT_GT(sms(), 0U);
    EXPECT_EQ(answered(), (std::vector<std::string>{"201 BUFFERING", "201 TRIGGERED"}));
}

TEST_F(PdnTrigger, without_a_connection_indicate_error_is_answered_500_and_no_sms_goes_out) {
    configure("INDICATE_ERROR");
    enter(UeState::no_pdn);
    post("");
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].status, 500);
    run(10s);
    EXPECT_EQ(sms(), 0U);
}

TEST_F(PdnTrigger, data_in_a_configuration_trigger_too) {
    enter(UeState::no_pdn);
    ConfigurationRequest request;
    request.configuration.identity = {Identity::Kind::external_id, ue};
    request.configuration.pdn_establishment_option = "SEND_TRIGGER";
    request.transfers.resize(1);
    request.transfers[0].identity = request.configuration.identity;
    request.transfers[0].data = {1};
    ASSERT_TRUE(dut.scef().create(std::move(request), "dm", "http://scef/dm", turn()));
    take();
    run(3s);
    EXPECT_EQ(sms(), 1U);
}

TEST_F(PdnTrigger, several_deliveries_share_one_sms_which_is_no_transaction_of_theirs) {
    configure();
    enter(UeState::no_pdn);
    post("SEND_TRIGGER");
    post("SEND_TRIGGER");
    run(3s);
    EXPECT_EQ(sms(), 1U);
    EXPECT_TRUE(dut.triggering().of_scs_as("dm").empty());
    EXPECT_TRUE(dut.triggering().of_scs_as("").empty());
    acknowledge(frames_of(Kind::trigger)[0].sequence);
    run(60s);
    EXPECT_EQ(sms(), 1U);
    EXPECT_TRUE(told(Notification::Kind::trigger_report).empty());
}

TEST_F(PdnTrigger, none_goes_out_when_the_connection_is_there_before) {
    configure();
    enter(UeState::detached);
    post("SEND_TRIGGER");
    run(10s);
    attach("connected");
    run(10s);
    EXPECT_EQ(sms(), 0U);
    EXPECT_EQ(answered(), std::vector<std::string>{"201 TRIGGERED"});
    EXPECT_FALSE(frames_of(Kind::downlink).empty());
}

TEST_F(PdnTrigger, it_is_given_up_with_the_data_after_their_maximum_latency) {
    configure();
    enter(UeState::no_pdn);
    post("SEND_TRIGGER", 5s);
    run(5s);
    EXPECT_EQ(statuses(), std::vector<std::string>{"FAILURE_TIMEOUT"});
    const std::size_t before = sms();
    EXPECT_GT(before, 0U);
    run(60s);
    EXPECT_EQ(sms(), before);
}

TEST_F(PdnTrigger, buffered_data_trigger_when_the_connection_is_lost) {
    configure();
    post("SEND_TRIGGER");
    EXPECT_EQ(answered(), std::vector<std::string>{"201 BUFFERING_TEMPORARILY_NOT_REACHABLE"});
    run(4s);
    EXPECT_EQ(sms(), 0U);
    enter(UeState::no_pdn);
    run(3s);
    EXPECT_EQ(sms(), 1U);
    const Configuration& configuration = *dut.scef().configurations().for_ue(ue);
    const auto buffered = dut.scef().network().buffered_of(ue, configuration.id);
    ASSERT_EQ(buffered.size(), 1U);
    EXPECT_EQ(buffered[0]->status, "TRIGGERED");
}

TEST_F(PdnTrigger, what_may_not_be_buffered_fails_but_the_ue_is_triggered) {
    configure();
    enter(UeState::no_pdn);
    post("SEND_TRIGGER", 0s);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].status, 500);
    EXPECT_EQ(answers[0].cause, "TEMPORARILY_NOT_REACHABLE");
    run(3s);
    EXPECT_EQ(sms(), 1U);
}

}  // namespace
}  // namespace scef::scef_simulator
