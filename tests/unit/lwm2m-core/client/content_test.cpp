#include <gtest/gtest.h>

#include "lwm2m-core/client/content_format.h"
#include "lwm2m-core/client/senml_json.h"
#include "lwm2m-core/client/standard_objects.h"
#include "lwm2m-core/client/tlv.h"

namespace scef::client {
namespace {

ObjectModel model() {
    ObjectModel model;
    add_server_object(model, 86400);
    add_device_object(model, {});
    add_temperature_object(model);
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

TEST(Senml, base_names_numbers_texts_and_octets_are_read) {
    const auto records = from_senml_json(
        as_bytes(R"([{"bn":"/3/0/","n":"1","vs":"a\"\u00e9"},{"n":"9","v":-1.5e1},)"
                 R"({"bn":"/1/0/6","vb":true},{"bn":"/","n":"5/0/0","vd":"AQI"}])"));
    ASSERT_TRUE(records);
    ASSERT_EQ(records->size(), 4U);
    EXPECT_EQ(records->at(0).value, Value(std::string("a\"\xc3\xa9")));
    EXPECT_EQ(records->at(1).value, Value(-15.0));
    EXPECT_EQ(records->at(2).path, Path(1, 0, 6));
    EXPECT_EQ(records->at(3).path, Path(5, 0, 0));
    EXPECT_EQ(records->at(3).value, Value(Bytes{1, 2}));
}

TEST(Senml, what_is_no_senml_is_refused) {
    for (const std::string_view text :
         {"", "[", "{}", "[{]", "[{\"n\":1}]", "[{\"n\":\"/x\"}]", "[{\"v\":1e999}]", "[{}] x",
          "[{\"n\":\"/3\",\"v\":[1]}]", "[{\"n\":\"/3\",\"zz_\":1}]", "[{\"n\":\"\\ud800\"}]"}) {
        EXPECT_FALSE(from_senml_json(as_bytes(text))) << text;
    }
}

TEST(Value, text_of_the_wrong_type_is_refused) {
    EXPECT_FALSE(from_plain_text("1.5", DataType::integer));
    EXPECT_FALSE(from_plain_text("", DataType::integer));
    EXPECT_FALSE(from_plain_text("nan", DataType::floating));
    EXPECT_FALSE(from_plain_text("true", DataType::boolean));
    EXPECT_EQ(from_plain_text("AQI=", DataType::opaque), Value(Bytes{1, 2}));
}

TEST(Value, only_whole_numbers_become_integers) {
    EXPECT_EQ(convert(Value(3.0), DataType::integer), Value(std::int64_t{3}));
    EXPECT_FALSE(convert(Value(3.5), DataType::integer));
    EXPECT_FALSE(convert(Value(true), DataType::integer));
}

TEST(Path, only_numbers_up_to_65534_make_a_path) {
    EXPECT_EQ(Path::parse("/3303/0/5700"), Path(3303, 0, 5700));
    EXPECT_EQ(Path::parse("/"), Path());
    for (const std::string_view text :
         {"/a", "/3/", "//", "/-1", "/65535", "/1/2/3/4/5", "/3/+1"}) {
        EXPECT_FALSE(Path::parse(text)) << text;
    }
}

}  // namespace
}  // namespace scef::client
