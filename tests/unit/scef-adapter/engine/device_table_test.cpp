#include "scef-adapter/engine/device_table.h"

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/engine/full_device.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;

struct Devices : ::testing::Test {
    Device& add(queueing::DeviceIndex index) {
        auto device = test::bare_device(*config, index, name(index).text());
        device->endpoints = {{2 * index, 0, "bootstrap"}, {2 * index + 1, 1, "management"}};
        return dut.insert(std::move(device), random);
    }
    static ExternalId name(queueing::DeviceIndex index) {
        return *ExternalId::parse("d" + std::to_string(index) + "@example.com");
    }

    std::shared_ptr<const Config> config = test::device_config();
    SeededRandom random{1};
    Instant now{5h};
    DeviceTable dut{config};
};

TEST_F(Devices, are_found_by_index_name_and_endpoint_also_when_packed) {
    for (queueing::DeviceIndex i = 0; i < 100; ++i) add(i);
    dut.settle(now);
    EXPECT_EQ(dut.find(7)->index, 7u);
    EXPECT_EQ(dut.find(name(8))->index, 8u);
    EXPECT_EQ(dut.find_by_endpoint(19)->index, 9u);
    EXPECT_EQ(dut.find(100), nullptr);
    EXPECT_EQ(dut.find(name(100)), nullptr);
    EXPECT_EQ(dut.find_by_endpoint(200), nullptr);
    EXPECT_EQ(dut.server_of(18), 0u);
    EXPECT_EQ(dut.server_of(19), 1u);
    EXPECT_EQ(dut.server_of(200), std::nullopt);
}

TEST_F(Devices, stay_where_they_are_until_the_turn_ends) {
    Device& first = add(0);
    for (queueing::DeviceIndex i = 1; i < 1000; ++i) add(i);
    EXPECT_EQ(dut.find(0), &first);
    EXPECT_EQ(dut.find(name(0)), &first);
}

TEST_F(Devices, keep_what_was_changed_when_they_are_packed) {
    add(0);
    dut.settle(now);
    dut.find(0)->nidd.configuration_id = "c1";
    dut.settle(now);
    EXPECT_EQ(dut.find(0)->nidd.configuration_id, "c1");
}

TEST_F(Devices, that_are_busy_or_not_yet_written_stay_unpacked) {
    add(0).active();
    add(1).dirty = true;
    add(2).usage_dirty = true;
    add(3);
    dut.settle(now);
    ASSERT_EQ(dut.page_of_busy(0, 10).size(), 3u);
    dut.find(1)->dirty = false;
    dut.settle(now);
    const auto busy = dut.page_of_busy(0, 10);
    ASSERT_EQ(busy.size(), 2u);
    EXPECT_EQ(busy[0]->index, 0u);
    EXPECT_EQ(busy[1]->index, 2u);
    EXPECT_EQ(dut.page_of_busy(1, 10).size(), 1u);
    EXPECT_EQ(dut.page_of_busy(0, 1).size(), 1u);
}

TEST_F(Devices, that_are_removed_are_no_longer_found_but_live_until_the_turn_ends) {
    add(0);
    add(1);
    dut.settle(now);
    Device& removed = *dut.find(0);
    dut.remove(removed);
    EXPECT_EQ(removed.spec.external_id, name(0));
    EXPECT_EQ(dut.find(0), nullptr);
    EXPECT_EQ(dut.find(name(0)), nullptr);
    EXPECT_EQ(dut.find_by_endpoint(1), nullptr);
    EXPECT_EQ(dut.server_of(1), std::nullopt);
    EXPECT_FALSE(dut.contains(0));
    dut.settle(now);
    EXPECT_EQ(dut.counts(now).devices, 1u);
    EXPECT_EQ(dut.find(name(1))->index, 1u);
}

TEST_F(Devices, a_view_of_a_packed_one_lasts_as_long_as_it_is_held) {
    add(0);
    dut.settle(now);
    const DeviceView view = dut.view(name(0));
    dut.remove(*dut.find(0));
    dut.settle(now);
    EXPECT_EQ(view->spec.external_id, name(0));
    EXPECT_EQ(dut.view(0), nullptr);
    EXPECT_EQ(dut.view(name(0)), nullptr);
}

TEST_F(Devices, pages_go_over_packed_and_busy_ones_in_order_and_leave_them_so) {
    for (queueing::DeviceIndex i = 0; i < 6; ++i) add(i);
    dut.find(3)->active();
    dut.remove(*dut.find(2));
    dut.settle(now);
    const auto page = dut.page(1, 3);
    ASSERT_EQ(page.size(), 3u);
    EXPECT_EQ(page[0]->index, 1u);
    EXPECT_EQ(page[1]->index, 3u);
    EXPECT_EQ(page[2]->index, 4u);
    EXPECT_EQ(dut.page_of_busy(0, 10).size(), 1u);
}

TEST_F(Devices, are_counted_whether_they_are_packed_or_not) {
    for (queueing::DeviceIndex i = 0; i < 4; ++i) add(i).nidd.status = NiddLink::Status::active;
    dut.settle(now);
    dut.find(1)->endpoints.back().registration = Registration{};
    dut.find(2)->nidd.status = NiddLink::Status::refused;
    for (int i = 0; i < 2; ++i, dut.settle(now)) {
        EXPECT_EQ(dut.counts(now).devices, 4u);
        EXPECT_EQ(dut.counts(now).registered, 1u);
        EXPECT_EQ(dut.counts(now).scefs[0].configurations[1], 3u);
        EXPECT_EQ(dut.counts(now).scefs[0].configurations[4], 1u);
    }
}

TEST_F(Devices, of_one_turn_are_visited_once_each) {
    add(0);
    add(1);
    add(2);
    dut.settle(now);
    dut.find(2);
    dut.find(name(2));
    dut.find(0)->active();
    std::vector<queueing::DeviceIndex> visited;
    dut.for_each_found([&](const Device& device) { visited.push_back(device.index); });
    EXPECT_EQ(visited, (std::vector<queueing::DeviceIndex>{2, 0}));
}

}  // namespace
}  // namespace scef::adapter
