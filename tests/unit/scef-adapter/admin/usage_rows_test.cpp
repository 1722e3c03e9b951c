#include "scef-adapter/admin/usage_rows.h"

#include <gtest/gtest.h>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::adapter {
namespace {

Charge charge_at(const char* time, Direction direction, std::uint32_t octets) {
    Charge charge;
    charge.id = MessageId::floor(*from_rfc3339(time));
    charge.external_id = "meter-1@iot.example";
    charge.direction = direction;
    charge.octets = octets;
    charge.octets_counted = 2 * octets;
    return charge;
}

const MessageId some_id = *MessageId::parse("019b8f3a-7c40-7000-8000-0123456789ab");

TEST(UsageRow, a_downlink_has_its_message_and_attempt) {
    Charge charge = charge_at("2026-04-01T12:00:00.001Z", Direction::downlink, 40);
    charge.attempt = 2;
    charge.subject = Charge::Subject::message;
    charge.subject_id = some_id;
    EXPECT_EQ(usage_row(charge),
              "2026-04-01T12:00:00.001Z,meter-1@iot.example,downlink,1,40,80,"
              "019b8f3a-7c40-7000-8000-0123456789ab,,2," +
                  charge.id.text() + "\r\n");
}

TEST(UsageRow, an_uplink_has_the_id_of_its_own_or_none) {
    Charge charge = charge_at("2026-04-01T12:00:00Z", Direction::uplink, 4);
    EXPECT_EQ(usage_row(charge), "2026-04-01T12:00:00.000Z,meter-1@iot.example,uplink,1,4,8,,,," +
                                     charge.id.text() + "\r\n");
    charge.subject = Charge::Subject::uplink;
    charge.subject_id = some_id;
    EXPECT_NE(usage_row(charge).find(",8,,019b8f3a-7c40-7000-8000-0123456789ab,,"),
              std::string::npos);
}

TEST(UsageRow, the_header_names_each_column) {
    const Charge charge = charge_at("2026-04-01T12:00:00Z", Direction::uplink, 4);
    const auto commas = [](const std::string& row) {
        return std::count(row.begin(), row.end(), ',');
    };
    EXPECT_EQ(commas(usage_header()), commas(usage_row(charge)));
    UsageSummary summary;
    summary.add(charge);
    EXPECT_EQ(commas(UsageSummary::header()), commas(summary.take_rows()));
}

TEST(UsageSummary, it_adds_up_each_device_and_direction) {
    UsageSummary dut;
    dut.add(charge_at("2026-04-01T12:00:00Z", Direction::downlink, 40));
    dut.add(charge_at("2026-04-01T12:00:01Z", Direction::uplink, 0));
    Charge more = charge_at("2026-04-01T12:00:02Z", Direction::downlink, 2);
    more.is_frame = false;
    dut.add(more);
    dut.add(charge_at("2026-04-01T12:00:03Z", Direction::uplink, 5));
    EXPECT_EQ(dut.size(), 2u);
    EXPECT_EQ(dut.take_rows(),
              "meter-1@iot.example,downlink,1,42,84,2026-04-01T12:00:00.000Z,"
              "2026-04-01T12:00:02.000Z\r\n"
              "meter-1@iot.example,uplink,2,5,10,2026-04-01T12:00:01.000Z,"
              "2026-04-01T12:00:03.000Z\r\n");
    EXPECT_EQ(dut.size(), 0u);
    EXPECT_EQ(dut.take_rows(), "");
}

}  // namespace
}  // namespace scef::adapter
