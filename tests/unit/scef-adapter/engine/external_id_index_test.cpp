#include "scef-adapter/engine/external_id_index.h"

#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace scef::adapter {
namespace {

struct Names {
    std::map<queueing::DeviceIndex, std::string> names;
    std::size_t asked = 0;
    ExternalIdIndex dut{KeyedHash(1, 2),
                        [this](queueing::DeviceIndex index, std::string_view name) {
                            ++asked;
                            return names.at(index) == name;
                        }};
    void insert(const std::string& name, queueing::DeviceIndex index) {
        names[index] = name;
        dut.insert(name, index);
    }
};

TEST(ExternalIdIndex, that_is_empty_finds_nothing) {
    Names world;
    EXPECT_EQ(world.dut.find("a@b"), ExternalIdIndex::none);
    world.dut.erase("a@b", 1);
}

TEST(ExternalIdIndex, finds_each_device_and_hardly_looks_at_another) {
    Names world;
    for (std::uint32_t i = 0; i < 100'000; ++i) world.insert(std::to_string(i) + "@b", i);
    world.asked = 0;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        ASSERT_EQ(world.dut.find(std::to_string(i) + "@b"), i);
    }
    EXPECT_LT(world.asked, 100'100u);
    EXPECT_EQ(world.dut.find("100000@b"), ExternalIdIndex::none);
}

TEST(ExternalIdIndex, a_name_given_anew_stands_for_the_newer_device) {
    Names world;
    world.insert("a@b", 1);
    world.insert("a@b", 2);
    EXPECT_EQ(world.dut.find("a@b"), 2u);
    world.dut.erase("a@b", 1);
    EXPECT_EQ(world.dut.find("a@b"), 2u);
    EXPECT_EQ(world.dut.size(), 1u);
}

RC_GTEST_PROP(ExternalIdIndex, does_what_a_map_does, ()) {
    Names world;
    std::map<std::string, queueing::DeviceIndex> model;
    queueing::DeviceIndex next = 0;
    const auto steps = *rc::gen::container<std::vector<std::pair<bool, std::uint8_t>>>(
        rc::gen::arbitrary<std::pair<bool, std::uint8_t>>());
    for (const auto& [inserts, letter] : steps) {
        const std::string name = std::to_string(letter % 24) + "@b";
        if (inserts && !model.contains(name)) {
            model[name] = next;
            world.insert(name, next++);
        } else if (!inserts && model.contains(name)) {
            world.dut.erase(name, model[name]);
            model.erase(name);
        }
        RC_ASSERT(world.dut.size() == model.size());
        for (int i = 0; i < 24; ++i) {
            const auto known = model.find(std::to_string(i) + "@b");
            const auto expected = known == model.end() ? ExternalIdIndex::none : known->second;
            RC_ASSERT(world.dut.find(std::to_string(i) + "@b") == expected);
        }
    }
}

}  // namespace
}  // namespace scef::adapter
