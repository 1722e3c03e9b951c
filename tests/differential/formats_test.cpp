#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "lwm2m-core/client/content_format.h"
#include "lwm2m-core/client/tlv.h"
#include "lwm2m-core/vocabulary/base64.h"
#include "simulators/lwm2m-server-simulator/senml.h"
#include "simulators/lwm2m-server-simulator/tlv_json.h"
#include "tests/differential/seed.h"

/// The client's codecs against those of lwm2m-server-simulator, which were written without them.
namespace scef::differential {
namespace {

using client::Access, client::DataType, client::Path, client::Record, client::Records;
using nlohmann::json;
namespace simulator = lwm2m_server_simulator;

constexpr auto many = true;

// Resources whose types the simulator knows (resource_types.cpp): of each type one, two with
// instances, and one with a wide id.
constexpr std::array device_resources{
    client::ResourceDefinition{0, "Manufacturer", DataType::text},
    client::ResourceDefinition{6, "Power Sources", DataType::integer, Access::read_write, many},
    client::ResourceDefinition{7, "Voltage", DataType::integer, Access::read_write, many},
    client::ResourceDefinition{9, "Battery Level", DataType::integer},
    client::ResourceDefinition{13, "Current Time", DataType::time},
    client::ResourceDefinition{14, "UTC Offset", DataType::text},
};
constexpr std::array location_resources{
    client::ResourceDefinition{0, "Latitude", DataType::floating},
    client::ResourceDefinition{1, "Longitude", DataType::floating},
    client::ResourceDefinition{4, "Velocity", DataType::opaque},
    client::ResourceDefinition{5, "Timestamp", DataType::time},
};
constexpr std::array sensor_resources{
    client::ResourceDefinition{5500, "Digital Input State", DataType::boolean},
    client::ResourceDefinition{5501, "Digital Input Counter", DataType::integer},
    client::ResourceDefinition{5700, "Sensor Value", DataType::floating},
    client::ResourceDefinition{5701, "Sensor Units", DataType::text},
};
const std::array definitions{
    client::ObjectDefinition{3, "Device", "", 9, client::Upkeep::device, device_resources},
    client::ObjectDefinition{6, "Location", "", 9, client::Upkeep::device, location_resources},
    client::ObjectDefinition{3303, "Sensor", "", 9, client::Upkeep::device, sensor_resources},
};

client::ObjectModel example_model() {
    client::ObjectModel model;
    for (const auto& definition : definitions) model.add(definition);
    return model;
}

lwm2m::Value some_value(Chance& chance, DataType type) {
    switch (type) {
        case DataType::text:
            return chance.text(chance.one_of({6U, 7U, 8U, 250U, 300U}));
        case DataType::boolean:
            return chance.flag();
        case DataType::opaque:
            return chance.octets(chance.one_of({1U, 8U, 255U, 300U}));
        case DataType::floating:
            return static_cast<double>(chance.integer()) / chance.one_of({1.0, 8.0, 1e3, 1e-6});
        default:
            return chance.integer();
    }
}

/// Values of an instance, a random part of its object's resources, in ascending order.
Records some_instance(Chance& chance, const Path& instance) {
    Records records;
    for (const auto& definition : definitions) {
        if (definition.id != instance.object()) continue;
        for (const auto& resource : definition.resources) {
            const Path path = instance.child(resource.id);
            if (!resource.multiple && chance.below(4) > 0) {
                records.push_back({path, resource.type, some_value(chance, resource.type), false});
            }
            std::uint16_t id = 0;
            for (auto left = resource.multiple ? chance.below(4) : 0; left > 0; --left) {
                records.push_back(
                    {path.child(id), resource.type, some_value(chance, resource.type), true});
                id = static_cast<std::uint16_t>(id + 1 + chance.below(400));
            }
        }
    }
    return records;
}

Path some_instance_path(Chance& chance) {
    return Path(chance.one_of<std::uint16_t>({3, 6, 3303}), chance.below(300));
}

json json_of(const lwm2m::Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
    if (const auto* number = std::get_if<double>(&value)) return *number;
    if (const auto* boolean = std::get_if<bool>(&value)) return *boolean;
    return to_base64(std::get<Bytes>(value));
}

json json_of(const Records& records) {
    json values = json::object();
    for (const Record& record : records) {
        json& place = values[std::to_string(record.path.resource())];
        (record.multiple ? place[std::to_string(record.path.id(3))] : place) =
            json_of(record.value);
    }
    return values;
}

std::vector<std::uint16_t> ids_of(const Path& path) {
    std::vector<std::uint16_t> ids;
    for (std::size_t level = 0; level < path.depth(); ++level) ids.push_back(path.id(level));
    return ids;
}

void expect_same(const Records& read, const Records& expected) {
    ASSERT_EQ(read.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        ASSERT_EQ(read[i].path, expected[i].path);
        ASSERT_EQ(read[i].value, expected[i].value) << expected[i].path.text();
    }
}

class FormatsAgainstTheSimulator : public testing::Test {
protected:
    std::string trace(int round) const {
        return "SCEF_SEED=" + std::to_string(seed_of_run()) + " round " + std::to_string(round);
    }
    client::ObjectModel model = example_model();
    Chance chance{seed_of_run()};
};

TEST_F(FormatsAgainstTheSimulator, tlv_of_the_client_is_read_by_the_simulator) {
    for (int round = 0; round < 1000; ++round) {
        SCOPED_TRACE(trace(round));
        const Path path = some_instance_path(chance);
        const Records records = some_instance(chance, path);
        const auto of_instance = simulator::parse_tlv(to_tlv(records, path));
        ASSERT_TRUE(of_instance);
        ASSERT_EQ(simulator::json_of_tlv(*of_instance, ids_of(path)), json_of(records));
        if (records.empty()) continue;
        const auto of_object = simulator::parse_tlv(to_tlv(records, path.prefix(1)));
        ASSERT_TRUE(of_object);
        ASSERT_EQ(simulator::json_of_tlv(*of_object, {path.object()}),
                  (json{{std::to_string(path.instance()), json_of(records)}}));
    }
}

/// The simulator writes each float in 8 octets and the client in 4 where that is the same number:
/// both are allowed (Core TS 7.4.3), so only the others are the same octets.
TEST_F(FormatsAgainstTheSimulator, tlv_of_the_simulator_is_read_by_the_client) {
    for (int round = 0; round < 1000; ++round) {
        SCOPED_TRACE(trace(round));
        const Path path = some_instance_path(chance);
        const Records records = some_instance(chance, path);
        const auto entries = simulator::tlv_of_json(json_of(records), ids_of(path));
        ASSERT_TRUE(entries) << json_of(records);
        const Bytes octets = simulator::serialize_tlv(*entries).value();
        const auto read = from_tlv(octets, path, model);
        ASSERT_TRUE(read) << to_hex(octets);
        expect_same(*read, records);
        const bool has_float = std::any_of(records.begin(), records.end(), [](const Record& one) {
            return one.type == DataType::floating;
        });
        if (has_float) continue;
        ASSERT_EQ(to_hex(octets), to_hex(to_tlv(records, path)));
    }
}

/// A damaged payload that the simulator cannot split is refused by the client, too, or has fewer
/// values: what lies in a resource that its object does not have is skipped unread. The client
/// refuses more, for it knows the types of its objects.
TEST_F(FormatsAgainstTheSimulator, damaged_tlv_that_the_simulator_refuses_is_no_write) {
    int refused = 0;
    for (int round = 0; round < 3000; ++round) {
        SCOPED_TRACE(trace(round));
        const Path path = some_instance_path(chance);
        const Records records = some_instance(chance, path);
        Bytes octets = to_tlv(records, path);
        if (octets.empty()) continue;
        octets[chance.below(octets.size())] = static_cast<std::uint8_t>(chance.below(256));
        if (simulator::parse_tlv(octets)) continue;
        ++refused;
        const auto read = from_tlv(octets, path, model);
        ASSERT_TRUE(!read || read->size() < records.size()) << to_hex(octets);
    }
    EXPECT_GT(refused, 300);
}

json expected_senml(const Records& records) {
    json expected = json::array();
    for (const Record& record : records) {
        json one{{"path", record.path.text()}};
        if (const auto* octets = std::get_if<Bytes>(&record.value)) {
            one["value"] = to_base64url(*octets);
        } else {
            one["value"] = json_of(record.value);
        }
        expected.push_back(std::move(one));
    }
    return expected;
}

/// Records of SenML JSON with their names resolved; the value under whatever label it has.
json resolved(const json& pack) {
    json records = json::array();
    std::string base;
    for (const json& record : pack) {
        if (record.contains("bn")) base = record["bn"];
        json one{{"path", base + record.value("n", "")}};
        for (const char* label : {"v", "vs", "vb", "vd"}) {
            if (record.contains(label)) one["value"] = record[label];
        }
        records.push_back(std::move(one));
    }
    return records;
}

TEST_F(FormatsAgainstTheSimulator, senml_cbor_of_the_client_is_read_by_the_simulator) {
    for (int round = 0; round < 1000; ++round) {
        SCOPED_TRACE(trace(round));
        const Path path = some_instance_path(chance);
        const Records records = some_instance(chance, path);
        const Path base = path.prefix(chance.below(3));
        const Bytes octets = to_senml(client::formats::senml_cbor, records, base, 1'790'000'000);
        const auto read = simulator::json_of_senml_cbor(octets);
        ASSERT_TRUE(read) << to_hex(octets);
        ASSERT_EQ(resolved(*read), expected_senml(records));
    }
}

/// nlohmann's JSON is the third implementation here: the simulator has no reader of its own.
TEST_F(FormatsAgainstTheSimulator, senml_json_goes_both_ways) {
    for (int round = 0; round < 1000; ++round) {
        SCOPED_TRACE(trace(round));
        const Path path = some_instance_path(chance);
        const Records records = some_instance(chance, path);
        const Bytes text = to_senml(client::formats::senml_json, records, path.prefix(2));
        const json read = json::parse(as_text(text));
        ASSERT_EQ(resolved(read), expected_senml(records));
        const bool escapes = chance.flag();
        const auto back = decode(to_bytes(read.dump(chance.one_of({-1, 2}), ' ', escapes)),
                                 client::formats::senml_json, path, model);
        ASSERT_TRUE(back) << as_text(text);
        expect_same(*back, records);
    }
}

}  // namespace
}  // namespace scef::differential
