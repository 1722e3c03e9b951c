#include "scef-adapter/engine/charge_record.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

MessageId id_of(std::uint64_t seed) {
    SeededRandom random{seed};
    return MessageId::make(3, {Instant{}, WallTime(std::chrono::seconds(1'790'000'000)), random});
}

Charge full_charge() {
    Charge charge;
    charge.id = id_of(1);
    charge.external_id = "meter-1@iot.example";
    charge.direction = Direction::uplink;
    charge.is_frame = false;
    charge.octets = 70'000;
    charge.octets_counted = 70'656;
    charge.attempt = 9;
    charge.subject = Charge::Subject::message;
    charge.subject_id = id_of(2);
    return charge;
}

Result<Charge> read_back(const Charge& charge) {
    return charge_from_record(charge_key(charge.id), to_record(charge));
}

TEST(ChargeRecord, it_comes_back_as_it_was) {
    const auto back = read_back(full_charge());
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, full_charge());
}

TEST(ChargeRecord, one_about_nothing_comes_back_too) {
    Charge charge = full_charge();
    charge.direction = Direction::downlink;
    charge.is_frame = true;
    charge.subject = Charge::Subject::none;
    charge.subject_id = MessageId();
    const auto back = read_back(charge);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, charge);
}

TEST(ChargeRecord, its_key_is_its_id_so_that_charges_lie_in_order_of_time) {
    const Bytes key = charge_key(id_of(1));
    EXPECT_EQ(key.size(), 16u);
    EXPECT_TRUE(std::equal(key.begin(), key.end(), id_of(1).octets().begin()));
}

TEST(ChargeRecord, one_that_breaks_off_or_goes_on_is_refused) {
    const Bytes key = charge_key(full_charge().id);
    Bytes value = to_record(full_charge());
    for (std::size_t size = 0; size < value.size(); ++size) {
        EXPECT_FALSE(charge_from_record(key, ByteView(value).first(size))) << size;
    }
    value.push_back(0);
    EXPECT_FALSE(charge_from_record(key, value));
}

TEST(ChargeRecord, unknown_versions_directions_and_subjects_and_foreign_keys_are_refused) {
    const Charge charge = full_charge();
    const Bytes good = to_record(charge);
    const std::size_t direction = 1 + 4 + charge.external_id.size();
    const std::size_t subject = good.size() - 16 - 1;
    for (const std::size_t at : {std::size_t{0}, direction, subject}) {
        Bytes bad = good;
        bad[at] = 3;
        const auto read = charge_from_record(charge_key(charge.id), bad);
        ASSERT_FALSE(read) << at;
        EXPECT_EQ(read.error().code, Errc::corrupt);
    }
    EXPECT_FALSE(charge_from_record(Bytes(15, 1), good));
    EXPECT_FALSE(charge_from_record(Bytes(18, 1), good));
}

TEST(ChargeRecord, it_takes_less_than_a_hundred_octets_for_a_usual_device) {
    Charge charge = full_charge();
    charge.external_id = "dev000000@iot.operator-a.example";
    EXPECT_LT(charge_key(charge.id).size() + to_record(charge).size(), 100u);
}

}  // namespace
}  // namespace scef::adapter
