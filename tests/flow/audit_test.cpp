#include <gtest/gtest.h>

#include "tests/flow/world.h"

/// The SCEF's list of configurations against ours (scef-adapter/engine/configuration_audit.cpp).
namespace scef::flow {
namespace {

using adapter::NiddLink;

void list(World& w) {
    w.deliver(adapter::ConfigurationsListed{0, w.scef.list()});
    w.settle();
}

TEST(Audit, what_the_scef_lost_while_we_were_away_is_made_anew) {
    World w;
    w.scef.forget_configurations();
    list(w);
    EXPECT_EQ(w.scef.creations, 2);
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
    EXPECT_EQ(w.scef.configurations(), 1u);
}

TEST(Audit, a_list_that_is_older_than_a_configuration_ends_nothing) {
    World w;
    w.deliver(adapter::ConfigurationsListed{0, {}});
    w.settle();
    EXPECT_EQ(w.scef.creations, 1);
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
}

TEST(Audit, a_creation_whose_answer_was_lost_is_found_and_taken_up) {
    World w;
    ModelDevice other(w, "other@sim.example");
    w.scef.creates_without_word = true;
    w.add_device(other);
    w.settle();
    EXPECT_EQ(w.engine().find_device(1)->nidd.status, NiddLink::Status::active);
    EXPECT_EQ(w.engine().counters().configurations_adopted, 1u);
    w.advance(2min);
    EXPECT_EQ(w.scef.creations, 2) << "one for each device";
}

TEST(Audit, one_of_ours_without_a_device_is_deleted_and_a_strangers_stays) {
    World w;
    const std::string ours = w.engine().config().notifications.public_url;
    w.scef.add_configuration("gone@sim.example", ours + "/t8/v1/notifications/00ff");
    w.scef.add_configuration("theirs@sim.example",
                             "https://elsewhere.example/t8/v1/notifications/1");
    list(w);
    EXPECT_EQ(w.engine().counters().configurations_orphaned, 1u);
    EXPECT_EQ(w.scef.configurations(), 2u) << "that of our device and the stranger's";
}

TEST(Audit, one_that_stands_in_the_way_of_a_devices_own_is_deleted) {
    World w;
    const std::string ours = w.engine().config().notifications.public_url;
    w.scef.refuses_duplicates = true;
    w.scef.add_configuration("other@sim.example", ours + "/t8/v1/notifications/00ff");
    ModelDevice other(w, "other@sim.example");
    w.add_device(other);
    w.advance(2min);
    EXPECT_EQ(w.engine().find_device(1)->nidd.status, NiddLink::Status::active);
    EXPECT_EQ(w.scef.configurations(), 2u);
}

TEST(Audit, a_list_that_tells_nothing_new_writes_nothing) {
    World w;
    list(w);  // takes the terms over
    auto told = w.scef.list();
    told[0].duration = w.known().nidd.expires_at;
    const int before = w.turns_with_records();
    w.deliver(adapter::ConfigurationsListed{0, told});
    EXPECT_EQ(w.turns_with_records(), before);
    told[0].maximum_packet_size = 800;
    w.deliver(adapter::ConfigurationsListed{0, told});
    EXPECT_EQ(w.turns_with_records(), before + 1);
}

TEST(Audit, the_terms_are_taken_from_the_list) {
    World w;
    w.scef.packet_bits = 800;
    list(w);
    EXPECT_EQ(w.known().frame_octets_max(), 100u);
}

}  // namespace
}  // namespace scef::flow
