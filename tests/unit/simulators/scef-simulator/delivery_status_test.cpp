#include "tests/unit/simulators/scef-simulator/network_fixture.h"

namespace scef::scef_simulator {
namespace {

/// One test for each way to a delivery status, in the order of TS 29.122 5.6.2.3.3.
class DeliveryStatus : public ScefFixture {
protected:
    explicit DeliveryStatus(const Settings& given = {}) : ScefFixture(given) { configure(); }

    DeliveryId post_reliable(const std::string& data) {
        Transfer wanted = transfer(data);
        wanted.reliable_data_service = true;
        return post(std::move(wanted));
    }

    void report_by(HopReport hop) {
        change_ue([hop](UeProfile& profile) { profile.hop = hop; });
    }

    void conduct_rds(RdsConduct rds) {
        change_ue([rds](UeProfile& profile) { profile.rds = rds; });
    }

    /// The status of the last notification.
    std::string told() const {
        if (notifications.empty()) return "";
        const auto body = nlohmann::json::parse(notifications.back().body);
        return body.value("deliveryStatus", "");
    }
};

TEST_F(DeliveryStatus, SUCCESS_when_the_hop_gives_no_details) {
    attach("connected");
    report_by(HopReport::unspecified);
    post("hello");
    EXPECT_EQ(answers.at(0).status, 200);
    EXPECT_EQ(answers.at(0).delivery.status, "SUCCESS");
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(DeliveryStatus, SUCCESS_NEXT_HOP_ACKNOWLEDGED_when_the_radio_acknowledges) {
    attach("connected");
    post("hello");
    acknowledge_last();
    EXPECT_EQ(answers.at(0).delivery.status, "SUCCESS_NEXT_HOP_ACKNOWLEDGED");
}

TEST_F(DeliveryStatus, SUCCESS_NEXT_HOP_UNACKNOWLEDGED_when_the_mme_only_sends) {
    attach("psm");
    report_by(HopReport::unacknowledged);
    post("1");
    post("2");
    uplink(1);
    EXPECT_EQ(told(), "SUCCESS_NEXT_HOP_UNACKNOWLEDGED");
    EXPECT_EQ(sent(), (std::vector<std::string>{"1", "2"}));
}

TEST_F(DeliveryStatus, SUCCESS_ACKNOWLEDGED_when_the_ue_acknowledges_by_rds) {
    attach("connected");
    report_by(HopReport::unacknowledged);
    post_reliable("hello");
    EXPECT_TRUE(answers.empty());
    acknowledge_last();
    EXPECT_EQ(answers.at(0).delivery.status, "SUCCESS_ACKNOWLEDGED");
}

TEST_F(DeliveryStatus, SUCCESS_UNACKNOWLEDGED_when_the_ue_does_not_acknowledge_by_rds) {
    attach("connected");
    conduct_rds(RdsConduct::silent);
    const DeliveryId id = post_reliable("1");
    acknowledge_last();
    EXPECT_EQ(dut.cancel(id, turn()), CoreNetwork::Change::absent);
    run(9'999ms);
    EXPECT_TRUE(answers.empty());
    run(1ms);
    EXPECT_EQ(answers.at(0).status, 200);
    EXPECT_EQ(answers.at(0).delivery.status, "SUCCESS_UNACKNOWLEDGED");
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(DeliveryStatus, what_waits_for_the_ue_is_not_sent_again_and_holds_nobody_up) {
    attach("connected");
    conduct_rds(RdsConduct::silent);
    post_reliable("1");
    acknowledge_last();
    post("2");
    EXPECT_EQ(sent(), (std::vector<std::string>{"1", "2"}));
    acknowledge_last();
    EXPECT_TRUE(dut.set_state(ue, UeState::psm, std::nullopt, turn()));
    uplink(1);
    EXPECT_EQ(sent().size(), 2U);
}

TEST_F(DeliveryStatus, TRIGGERED_when_the_ue_without_pdn_connection_gets_an_sms) {
    Transfer wanted = transfer("hello");
    wanted.pdn_establishment_option = "SEND_TRIGGER";
    post(std::move(wanted));
    EXPECT_EQ(answers.at(0).delivery.status, "TRIGGERED");
}

TEST_F(DeliveryStatus, BUFFERING_when_there_is_no_pdn_connection) {
    post("hello");
    EXPECT_EQ(answers.at(0).status, 201);
    EXPECT_EQ(answers.at(0).delivery.status, "BUFFERING");
}

TEST_F(DeliveryStatus, BUFFERING_TEMPORARILY_NOT_REACHABLE_when_the_ue_sleeps) {
    attach("psm");
    post("hello");
    EXPECT_EQ(answers.at(0).delivery.status, "BUFFERING_TEMPORARILY_NOT_REACHABLE");
}

TEST_F(DeliveryStatus, FAILURE_when_the_configuration_ends) {
    attach("psm");
    post("hello");
    dut.set_authorized(ue, false, turn());
    take();
    EXPECT_NE(notifications.at(0).body.find(R"("FAILURE")"), std::string::npos);
}

TEST_F(DeliveryStatus, FAILURE_RDS_DISABLED_once_the_ue_has_said_so_at_its_attach) {
    conduct_rds(RdsConduct::disabled);
    post_reliable("hello");
    EXPECT_EQ(answers.at(0).status, 201);
    attach("connected");
    EXPECT_EQ(told(), "FAILURE_RDS_DISABLED");
    post_reliable("hello");
    EXPECT_EQ(answers.at(1).status, 500);
    post("without");
    EXPECT_EQ(sent(), std::vector<std::string>{"without"});
}

TEST_F(DeliveryStatus, FAILURE_NEXT_HOP_when_the_mme_cannot_be_reached) {
    attach("psm");
    post("hello");
    report_by(HopReport::failing);
    uplink(1);
    EXPECT_EQ(told(), "FAILURE_NEXT_HOP");
    post("hello");
    EXPECT_EQ(answers.at(1).status, 500);
    EXPECT_TRUE(sent().empty());
}

TEST_F(DeliveryStatus, FAILURE_TIMEOUT_when_the_latency_is_over) {
    attach("psm");
    post("hello", 60s);
    run(60s);
    EXPECT_EQ(told(), "FAILURE_TIMEOUT");
}

TEST_F(DeliveryStatus, can_be_forced_whatever_it_is) {
    attach("psm");
    const DeliveryId id = post("hello");
    EXPECT_TRUE(dut.force_status(id, "SOMETHING_NEW", turn()));
    take();
    EXPECT_EQ(told(), "SOMETHING_NEW");
    EXPECT_NE(dut.network().buffered(id), nullptr);
    EXPECT_TRUE(dut.force_status(id, "FAILURE_NEXT_HOP", turn()));
    take();
    EXPECT_EQ(told(), "FAILURE_NEXT_HOP");
    EXPECT_FALSE(dut.force_status(id, "SUCCESS", turn()));
}

class ImpatientScef : public DeliveryStatus {
protected:
    ImpatientScef() : DeliveryStatus(impatient()) { attach("connected"); }

    static Settings impatient() {
        Settings given;
        given.answer_wait = 1s;
        return given;
    }
};

TEST_F(ImpatientScef, SENDING_when_the_hop_takes_longer_than_the_answer_may) {
    const DeliveryId id = post("hello");
    run(1s);
    EXPECT_EQ(answers.at(0).status, 201);
    EXPECT_EQ(answers.at(0).delivery.status, "SENDING");
    EXPECT_EQ(dut.cancel(id, turn()), CoreNetwork::Change::sending);
    acknowledge_last();
    EXPECT_EQ(told(), "SUCCESS_NEXT_HOP_ACKNOWLEDGED");
}

TEST_F(ImpatientScef, what_was_sending_and_not_heard_is_buffered) {
    const DeliveryId id = post("hello");
    run(3s);
    EXPECT_EQ(dut.network().buffered(id)->status, "BUFFERING_TEMPORARILY_NOT_REACHABLE");
    EXPECT_TRUE(notifications.empty());
}

TEST_F(ImpatientScef, FAILURE_TEMPORARILY_NOT_REACHABLE_when_it_may_not_be_buffered) {
    post("hello", 0s);
    run(1s);
    EXPECT_EQ(answers.at(0).delivery.status, "SENDING");
    run(2s);
    EXPECT_EQ(told(), "FAILURE_TEMPORARILY_NOT_REACHABLE");
    EXPECT_NE(notifications.back().body.find("requestedRetransmissionTime"), std::string::npos);
}

}  // namespace
}  // namespace scef::scef_simulator
