#include "lwm2m-core/client/objects/definitions.h"

#include <algorithm>
#include <set>

#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

TEST(Definitions, each_table_is_in_ascending_order_and_names_everything) {
    const Bench bench(Bench::with_objects(object_sets::all()));
    ASSERT_EQ(bench.dut.model().objects().size(), 17U);
    for (const Object& object : bench.dut.model().objects()) {
        std::set<std::uint16_t> known;
        EXPECT_FALSE(object.definition->name.empty()) << object.definition->id;
        for (const ResourceDefinition& resource : object.definition->resources) {
            EXPECT_TRUE(known.empty() || resource.id > *known.rbegin()) << resource.id;
            EXPECT_FALSE(resource.name.empty());
            known.insert(resource.id);
        }
    }
}

TEST(Definitions, a_device_begins_with_values_within_their_ranges) {
    const Bench bench(Bench::with_objects(object_sets::all()));
    for (const Object& object : bench.dut.model().objects()) {
        for (const Instance& instance : object.instances) {
            for (const Resource& resource : instance.resources) {
                EXPECT_LE(resource.definition->range.min, resource.definition->range.max);
                for (const auto& [id, value] : resource.values) {
                    EXPECT_TRUE(resource.definition->range.holds(value))
                        << Path(object.definition->id, instance.id, resource.definition->id).text();
                }
            }
        }
    }
}

TEST(Definitions, a_device_begins_with_every_mandatory_value) {
    const Bench bench(Bench::with_objects(object_sets::all()));
    for (const Object& object : bench.dut.model().objects()) {
        // Without DTLS there are no keys, without IP no addresses, before a package none to read.
        const std::set<Path> none{Path(0, 1, 3), Path(0, 1, 4), Path(0, 1, 5), Path(4, 0, 4),
                                  Path(5, 0, 0)};
        for (const Instance& instance : object.instances) {
            for (const Resource& resource : instance.resources) {
                const Path path(object.definition->id, instance.id, resource.definition->id);
                EXPECT_TRUE(!resource.definition->mandatory || resource.is_present() ||
                            none.contains(path))
                    << path.text();
            }
        }
    }
}

}  // namespace
}  // namespace scef::client
