#include "scef-adapter/engine/usage_ledger.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;
using Subject = Charge::Subject;

/// A ledger with a device, at a time that a test may set.
class UsageLedgerTest : public testing::Test {
protected:
    UsageLedgerTest() {
        device.spec.external_id = *ExternalId::parse("meter-1@iot.example");
        message.id = new_id();
        message.attempts = 2;
    }
    MessageId new_id() { return MessageId::make(0, {Instant{}, wall, random}); }
    std::vector<Charge> written() {
        queueing::Batch batch;
        dut.write(batch, {Instant{}, wall, random});
        std::vector<Charge> charges;
        for (const queueing::RecordWrite& write : batch.writes) {
            EXPECT_EQ(write.kind, queueing::RecordKind::charge);
            charges.push_back(*charge_from_record(write.key, *write.value));
        }
        return charges;
    }

    WallTime wall{1'790'000'000s};
    SeededRandom random{5};
    Device device;
    queueing::Message message;
    UsageLedger dut{true};
};

TEST_F(UsageLedgerTest, what_was_charged_is_written_once) {
    dut.sent(device, message, 40, 1024);
    dut.sent_more(device, message, 3, 1024);
    dut.received(device, 12, 12);
    const auto charges = written();
    ASSERT_EQ(charges.size(), 3u);
    EXPECT_EQ(charges[0].external_id, "meter-1@iot.example");
    EXPECT_EQ(charges[0].attempt, 2u);
    EXPECT_EQ(charges[0].octets, 40u);
    EXPECT_EQ(charges[0].octets_counted, 1024u);
    EXPECT_EQ(charges[0].subject_id, message.id);
    EXPECT_FALSE(charges[1].is_frame);
    EXPECT_EQ(charges[2].subject, Subject::none);
    EXPECT_TRUE(written().empty());
}

TEST_F(UsageLedgerTest, the_first_word_of_what_came_counts_and_only_of_what_came) {
    const MessageId first = new_id(), second = new_id();
    dut.received_is_about(Subject::uplink, first);  // nothing came yet
    dut.received(device, 12, 12);
    dut.received_is_about(Subject::uplink, MessageId());
    dut.sent(device, message, 4, 4);
    dut.received_is_about(Subject::message, first);
    dut.received_is_about(Subject::uplink, second);
    const auto charges = written();
    ASSERT_EQ(charges.size(), 2u);
    EXPECT_EQ(charges[0].subject, Subject::message);
    EXPECT_EQ(charges[0].subject_id, first);
    EXPECT_EQ(charges[1].subject_id, message.id);
}

TEST_F(UsageLedgerTest, ids_have_the_time_of_the_turn_and_the_order_of_the_charges) {
    std::vector<Charge> charges;
    for (const Duration step : {0us, 300us, 200us}) {
        wall += step;
        for (int i = 0; i < 3; ++i) dut.received(device, 1, 1);
        for (Charge& charge : written()) charges.push_back(std::move(charge));
    }
    ASSERT_EQ(charges.size(), 9u);
    for (std::size_t i = 0; i < charges.size(); ++i) {
        EXPECT_EQ(charges[i].id.created_at(), WallTime{1'790'000'000s});
        if (i > 0) EXPECT_LT(charges[i - 1].id, charges[i].id);
    }
}

TEST_F(UsageLedgerTest, a_clock_that_was_set_back_gives_no_id_twice) {
    dut.received(device, 1, 1);
    const auto before = written();
    wall += 1s;
    dut.received(device, 1, 1);
    written();
    wall -= 1s;
    dut.received(device, 1, 1);
    const auto after = written();
    EXPECT_EQ(after[0].id.created_at(), before[0].id.created_at());
    EXPECT_NE(after[0].id, before[0].id);
}

TEST_F(UsageLedgerTest, one_that_is_not_kept_writes_nothing) {
    UsageLedger off{false};
    off.sent(device, message, 40, 40);
    off.received(device, 12, 12);
    off.received_is_about(Subject::message, message.id);
    queueing::Batch batch;
    off.write(batch, {Instant{}, wall, random});
    EXPECT_TRUE(batch.empty());
}

}  // namespace
}  // namespace scef::adapter
