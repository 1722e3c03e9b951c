#include <gtest/gtest.h>

#include "lwm2m-core/client/content_format.h"
#include "lwm2m-core/client/objects/initial_values.h"
#include "lwm2m-core/client/tlv.h"

namespace scef::client {
namespace {

ObjectModel model() {
    ClientSettings settings;
    settings.lifetime = std::chrono::hours(24);
    ObjectModel model;
    add_initial_objects(model, settings);
    return model;
}

TEST(Tlv, integers_take_the_fewest_octets) {
    const auto records = model().read(Path(1, 0, 1));
    ASSERT_TRUE(records);
    EXPECT_EQ(to_hex(to_tlv(*records, Path(1, 0, 1))), "c40100015180");
}

TEST(Tlv, several_instances_of_a_resource_nest) {
    const auto records = model().read(Path(3, 0, 6));
    ASSERT_TRUE(records);
    EXPECT_EQ(to_hex(to_tlv(*records, Path(3, 0, 6))), "8606410001410105");
}

TEST(Tlv, an_object_nests_its_instances) {
    const auto records = model().read(Path(3303));
    ASSERT_TRUE(records);
    const Bytes octets = to_tlv(*records, Path(3303));
    EXPECT_EQ(to_hex(ByteView(octets).first(2)), "0800");
}

TEST(Tlv, what_is_written_reads_back) {
    const ObjectModel given = model();
    const auto records = given.read(Path(3, 0));
    ASSERT_TRUE(records);
    const auto back = from_tlv(to_tlv(*records, Path(3, 0)), Path(3, 0), given);
    ASSERT_TRUE(back);
    ASSERT_EQ(back->size(), records->size());
    for (std::size_t i = 0; i < back->size(); ++i) {
        EXPECT_EQ((*back)[i].path, (*records)[i].path);
        EXPECT_EQ((*back)[i].value, (*records)[i].value);
    }
}

TEST(Tlv, every_cut_of_a_document_is_refused_or_shorter) {
    const ObjectModel given = model();
    const Bytes octets = to_tlv(*given.read(Path(3, 0)), Path(3, 0));
    for (std::size_t size = 0; size < octets.size(); ++size) {
        const auto read = from_tlv(ByteView(octets).first(size), Path(3, 0), given);
        EXPECT_TRUE(!read || read->size() < given.read(Path(3, 0))->size());
    }
}

}  // namespace
}  // namespace scef::client
