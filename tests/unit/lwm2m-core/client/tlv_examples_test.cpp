#include "tests/vectors/tlv_examples.h"

#include <array>

#include <gtest/gtest.h>

#include "lwm2m-core/client/content_format.h"
#include "lwm2m-core/client/tlv.h"
#include "tests/vectors/senml_examples.h"

namespace scef::client {
namespace {

constexpr auto many = true;

constexpr std::array server_resources{
    ResourceDefinition{0, "Short Server ID", DataType::integer},
    ResourceDefinition{1, "Lifetime", DataType::integer},
    ResourceDefinition{6, "Notification Storing", DataType::boolean},
    ResourceDefinition{7, "Binding", DataType::text},
};
constexpr std::array access_control_resources{
    ResourceDefinition{0, "Object ID", DataType::integer},
    ResourceDefinition{1, "Object Instance ID", DataType::integer},
    ResourceDefinition{2, "ACL", DataType::integer, Access::read, many},
    ResourceDefinition{3, "Access Control Owner", DataType::integer},
};
constexpr std::array device_resources{
    ResourceDefinition{0, "Manufacturer", DataType::text},
    ResourceDefinition{1, "Model Number", DataType::text},
    ResourceDefinition{2, "Serial Number", DataType::text},
    ResourceDefinition{3, "Firmware Version", DataType::text},
    ResourceDefinition{6, "Available Power Sources", DataType::integer, Access::read, many},
    ResourceDefinition{7, "Power Source Voltage", DataType::integer, Access::read, many},
    ResourceDefinition{8, "Power Source Current", DataType::integer, Access::read, many},
    ResourceDefinition{9, "Battery Level", DataType::integer},
    ResourceDefinition{10, "Memory Free", DataType::integer},
    ResourceDefinition{11, "Error Code", DataType::integer, Access::read, many},
    ResourceDefinition{13, "Current Time", DataType::time},
    ResourceDefinition{14, "UTC Offset", DataType::text},
    ResourceDefinition{16, "Supported Binding", DataType::text},
};
constexpr std::array object_65_resources{
    ResourceDefinition{0, "Res 0", DataType::object_link, Access::read, many},
    ResourceDefinition{1, "Res 1", DataType::text},
    ResourceDefinition{2, "Res 2", DataType::integer},
};
constexpr std::array object_66_resources{
    ResourceDefinition{0, "Res 0", DataType::text},
    ResourceDefinition{1, "Res 1", DataType::text},
    ResourceDefinition{2, "Res 2", DataType::object_link},
};

const std::array definitions{
    ObjectDefinition{1, "Server", "", 9, Upkeep::server, server_resources},
    ObjectDefinition{2, "Access Control", "", 9, Upkeep::server, access_control_resources},
    ObjectDefinition{3, "Device", "", 1, Upkeep::server, device_resources},
    ObjectDefinition{65, "Example", "", 1, Upkeep::server, object_65_resources},
    ObjectDefinition{66, "Example", "", 9, Upkeep::server, object_66_resources},
};

/// The objects that the examples of the Core TS read, without instances.
ObjectModel example_model() {
    ObjectModel model;
    for (const ObjectDefinition& definition : definitions) model.add(definition);
    return model;
}

/// The values that `hex` has for the object, put into the model.
ObjectModel model_of(const char* hex, std::uint16_t object) {
    ObjectModel model = example_model();
    const auto instances = instances_from_tlv(from_hex(hex), object, model);
    EXPECT_TRUE(instances) << hex;
    for (const NewInstance& instance : instances.value_or(std::vector<NewInstance>{})) {
        EXPECT_TRUE(
            model.create(object, instance.id, instance.records, Authority::bootstrap_server));
    }
    return model;
}

std::string written(const ObjectModel& model, const Path& path) {
    const auto records = model.read(path);
    EXPECT_TRUE(records) << path.text();
    return to_hex(to_tlv(records.value_or(Records{}), path));
}

std::string digits(const char* hex) { return to_hex(from_hex(hex)); }

const Value& value_at(const ObjectModel& model, const Path& path) {
    static const Value none = std::string("nothing there");
    const Value* const value = model.peek(path);
    EXPECT_NE(value, nullptr) << path.text();
    return value == nullptr ? none : *value;
}

TEST(TlvExamples, core_ts_7_4_3_1_a_single_object_instance) {
    const ObjectModel model = model_of(vectors::tlv_device_instance, 3);
    EXPECT_EQ(value_at(model, Path(3, 0, 0)), Value(std::string("Open Mobile Alliance")));
    EXPECT_EQ(value_at(model, Path(3, 0, 7, 1)), Value(std::int64_t{5000}));
    EXPECT_EQ(value_at(model, Path(3, 0, 8, 0)), Value(std::int64_t{125}));
    EXPECT_EQ(value_at(model, Path(3, 0, 13)), Value(std::int64_t{1367491215}));
    EXPECT_EQ(written(model, Path(3, 0)), digits(vectors::tlv_device_instance));
}

TEST(TlvExamples, core_ts_7_4_3_1_reads_for_a_write_with_and_without_its_instance) {
    const ObjectModel model = example_model();
    for (const char* hex : {vectors::tlv_device_instance, vectors::tlv_device_object}) {
        const auto records = from_tlv(from_hex(hex), Path(3, 0), model);
        ASSERT_TRUE(records);
        EXPECT_EQ(records->size(), 16U);
        EXPECT_EQ(to_hex(to_tlv(*records, Path(3, 0))), digits(vectors::tlv_device_instance));
    }
}

TEST(TlvExamples, core_ts_7_4_3_2_a_an_object_of_a_single_instance) {
    EXPECT_EQ(written(model_of(vectors::tlv_device_object, 3), Path(3)),
              digits(vectors::tlv_device_object));
}

TEST(TlvExamples, core_ts_7_4_3_2_b_an_object_of_several_instances) {
    const ObjectModel model = model_of(vectors::tlv_access_control_object, 2);
    EXPECT_EQ(value_at(model, Path(2, 0, 2, 127)), Value(std::int64_t{7}));
    EXPECT_EQ(value_at(model, Path(2, 2, 2, 310)), Value(std::int64_t{1}));
    EXPECT_EQ(value_at(model, Path(2, 2, 3)), Value(std::int64_t{127}));
    EXPECT_EQ(written(model, Path(2)), digits(vectors::tlv_access_control_object));
}

TEST(TlvExamples, core_ts_7_4_3_2_c_one_instance_of_an_object_that_may_have_several) {
    const ObjectModel model = model_of(vectors::tlv_server_object, 1);
    EXPECT_EQ(value_at(model, Path(1, 0, 1)), Value(std::int64_t{86400}));
    EXPECT_EQ(value_at(model, Path(1, 0, 6)), Value(true));
    EXPECT_EQ(written(model, Path(1)), digits(vectors::tlv_server_object));
}

TEST(TlvExamples, core_ts_7_4_3_3_object_links_of_an_instance) {
    const ObjectModel model = model_of(vectors::tlv_object_65_instance, 65);
    EXPECT_EQ(value_at(model, Path(65, 0, 0, 0)), Value(std::string("66:0")));
    EXPECT_EQ(value_at(model, Path(65, 0, 0, 1)), Value(std::string("66:1")));
    EXPECT_EQ(value_at(model, Path(65, 0, 2)), Value(std::int64_t{0x12345678}));
    EXPECT_EQ(written(model, Path(65, 0)), digits(vectors::tlv_object_65_instance));
}

TEST(TlvExamples, core_ts_7_4_3_3_object_links_of_an_object) {
    const ObjectModel model = model_of(vectors::tlv_object_66_object, 66);
    EXPECT_EQ(value_at(model, Path(66, 0, 2)), Value(std::string("67:0")));
    EXPECT_EQ(value_at(model, Path(66, 1, 2)), Value(std::string("65535:65535")));
    EXPECT_EQ(written(model, Path(66)), digits(vectors::tlv_object_66_object));
}

TEST(TlvExamples, the_device_of_the_core_ts_is_the_same_in_all_its_formats) {
    const ObjectModel model = model_of(vectors::tlv_device_instance, 3);
    const auto records = model.read(Path(3, 0));
    ASSERT_TRUE(records);
    std::string json = vectors::senml_json_device;
    std::erase(json, '\n');
    const auto in = [&](std::uint32_t format) {
        return encode(*records, Path(3, 0), format).value().payload;
    };
    EXPECT_EQ(as_text(in(formats::senml_json)), json);
    EXPECT_EQ(to_hex(in(formats::senml_cbor)), digits(vectors::senml_cbor_device));
    for (const std::uint32_t format : {formats::tlv, formats::senml_json, formats::senml_cbor}) {
        const auto back = decode(in(format), format, Path(3, 0), model);
        ASSERT_TRUE(back) << format;
        EXPECT_EQ(to_hex(to_tlv(*back, Path(3, 0))), digits(vectors::tlv_device_instance));
    }
}

TEST(Tlv, numbers_that_are_not_finite_are_refused) {
    constexpr std::array resources{ResourceDefinition{0, "Float", DataType::floating}};
    const ObjectDefinition definition{70, "Float", "", 1, Upkeep::device, resources};
    ObjectModel model;
    model.add(definition);
    const auto read = [&](const char* hex) { return from_tlv(from_hex(hex), Path(70, 0), model); };
    EXPECT_TRUE(read("c400 7f7fffff"));
    for (const char* hex : {"c400 7f800000", "c400 7fc00000", "c80008 7ff0000000000000",
                            "c80008 fff8000000000000", "c300 000000"}) {
        EXPECT_FALSE(read(hex)) << hex;
    }
}

}  // namespace
}  // namespace scef::client
