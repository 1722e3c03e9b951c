#include "lwm2m-core/client/standard_objects.h"

#include <array>

namespace scef::client {
namespace {

using enum Access;
using enum DataType;

// Ids and types as in the OMA registry: 0 v1.1, 1 v1.1, 3 v1.1, 3303 v1.0.
constexpr std::array security_resources{
    ResourceDefinition{0, text, none, false, true},
    ResourceDefinition{1, boolean, none, false, true},
    ResourceDefinition{2, integer, none, false, true},
    ResourceDefinition{3, opaque, none, false, true},
    ResourceDefinition{4, opaque, none, false, true},
    ResourceDefinition{5, opaque, none, false, true},
    ResourceDefinition{10, integer, none, false, false},
    ResourceDefinition{11, integer, none, false, false},
    ResourceDefinition{12, integer, none, false, false},
};

constexpr std::array server_resources{
    ResourceDefinition{0, integer, read, false, true},
    ResourceDefinition{1, integer, read_write, false, true},
    ResourceDefinition{2, integer, read_write, false, false},
    ResourceDefinition{3, integer, read_write, false, false},
    ResourceDefinition{6, boolean, read_write, false, true},
    ResourceDefinition{7, text, read_write, false, true},
    ResourceDefinition{8, text, execute, false, true},
    ResourceDefinition{22, text, read_write, false, false},
    ResourceDefinition{23, boolean, read_write, false, false},
};

constexpr std::array device_resources{
    ResourceDefinition{0, text, read, false, false},
    ResourceDefinition{1, text, read, false, false},
    ResourceDefinition{2, text, read, false, false},
    ResourceDefinition{3, text, read, false, false},
    ResourceDefinition{4, text, execute, false, true},
    ResourceDefinition{6, integer, read, true, false},
    ResourceDefinition{7, integer, read, true, false},
    ResourceDefinition{9, integer, read, false, false},
    ResourceDefinition{10, integer, read, false, false},
    ResourceDefinition{11, integer, read, true, true},
    ResourceDefinition{12, text, execute, false, false},
    ResourceDefinition{13, DataType::time, read_write, false, false},
    ResourceDefinition{14, text, read_write, false, false},
    ResourceDefinition{15, text, read_write, false, false},
    ResourceDefinition{16, text, read, false, true},
    ResourceDefinition{17, text, read, false, false},
    ResourceDefinition{18, text, read, false, false},
    ResourceDefinition{19, text, read, false, false},
    ResourceDefinition{20, integer, read, false, false},
    ResourceDefinition{21, integer, read, false, false},
};

constexpr std::array temperature_resources{
    ResourceDefinition{5601, floating, read, false, false},
    ResourceDefinition{5602, floating, read, false, false},
    ResourceDefinition{5603, floating, read, false, false},
    ResourceDefinition{5604, floating, read, false, false},
    ResourceDefinition{5605, text, execute, false, false},
    ResourceDefinition{5700, floating, read, false, true},
    ResourceDefinition{5701, text, read, false, false},
    ResourceDefinition{5750, text, read_write, false, false},
};

constexpr ObjectDefinition security_definition{ids::security, "1.1", 1, security_resources};
constexpr ObjectDefinition server_definition{ids::server, "1.1", 1, server_resources};
constexpr ObjectDefinition device_definition{ids::device, "1.1", 1, device_resources};
constexpr ObjectDefinition temperature_definition{ids::temperature, "", 8, temperature_resources};

constexpr std::uint16_t min_measured = 5601, max_measured = 5602, sensor_value = 5700;

void add_thermometer(Object& object, std::uint16_t id, double celsius, std::string place) {
    Instance& instance = object.instances.emplace_back(id, temperature_definition);
    instance.set(min_measured, celsius);
    instance.set(max_measured, celsius);
    instance.set(5603, -40.0);
    instance.set(5604, 85.0);
    instance.set(sensor_value, celsius);
    instance.set(5701, std::string("Cel"));
    instance.set(5750, std::move(place));
}

}  // namespace

Object& add_security_object(ObjectModel& model) { return model.add(security_definition); }

Object& add_empty_server_object(ObjectModel& model) { return model.add(server_definition); }

Object& add_server_object(ObjectModel& model, std::int64_t lifetime_seconds) {
    Object& object = model.add(server_definition);
    Instance& instance = object.instances.emplace_back(std::uint16_t{0}, server_definition);
    instance.set(0, std::int64_t{1});
    instance.set(1, lifetime_seconds);
    instance.set(2, std::int64_t{0});
    instance.set(3, std::int64_t{0});
    instance.set(6, true);
    instance.set(7, std::string("N"));
    instance.set(22, std::string("N"));
    instance.set(23, false);
    return object;
}

Object& add_device_object(ObjectModel& model, const DeviceDescription& description) {
    Object& object = model.add(device_definition);
    Instance& instance = object.instances.emplace_back(std::uint16_t{0}, device_definition);
    instance.set(0, description.manufacturer);
    instance.set(1, description.model);
    instance.set(2, description.serial_number);
    instance.set(3, description.firmware_version);
    constexpr std::int64_t internal_battery = 1, usb = 5;
    instance.resource(6)->set(0, internal_battery);
    instance.resource(6)->set(1, usb);
    instance.resource(7)->set(0, std::int64_t{3600});
    instance.resource(7)->set(1, std::int64_t{5000});
    instance.set(9, std::int64_t{92});
    instance.set(10, std::int64_t{148});
    instance.resource(11)->set(0, std::int64_t{0});
    instance.set(13, std::int64_t{0});
    instance.set(14, std::string("+00:00"));
    instance.set(15, std::string("Etc/UTC"));
    instance.set(16, std::string("N"));
    instance.set(17, std::string("sensor"));
    instance.set(18, description.hardware_version);
    instance.set(19, description.software_version);
    instance.set(20, std::int64_t{0});
    instance.set(21, std::int64_t{256});
    return object;
}

Object& add_temperature_object(ObjectModel& model) {
    Object& object = model.add(temperature_definition);
    add_thermometer(object, 0, 21.5, "indoor");
    add_thermometer(object, 1, 7.25, "outdoor");
    return object;
}

void complete_temperature(ObjectModel& model, const Path& instance) {
    const auto complete = [&](std::uint16_t id, Value value) {
        if (model.peek(instance.child(id)) == nullptr) {
            (void)model.set(instance.child(id), std::move(value));
        }
    };
    complete(sensor_value, 20.0);
    const Value measured = *model.peek(instance.child(sensor_value));
    complete(min_measured, measured);
    complete(max_measured, measured);
    complete(5701, std::string("Cel"));
}

std::int64_t unix_seconds(WallTime wall) {
    return std::chrono::duration_cast<std::chrono::seconds>(wall.time_since_epoch()).count();
}

void refresh_clock(ObjectModel& model, WallTime wall, Duration offset) {
    (void)model.set(Path(ids::device, 0, 13), unix_seconds(wall + offset));
}

std::vector<Path> track_extremes(ObjectModel& model, const Path& changed) {
    if (changed.object() != ids::temperature || changed.resource() != sensor_value) return {};
    const Value* const now = model.peek(changed);
    if (now == nullptr) return {};
    const double value = std::get<double>(*now);
    std::vector<Path> moved;
    const auto keep = [&](std::uint16_t id, auto beyond) {
        const Path path = changed.prefix(2).child(id);
        const Value* const extreme = model.peek(path);
        if (extreme != nullptr && !beyond(value, std::get<double>(*extreme))) return;
        if (model.set(path, value)) moved.push_back(path);
    };
    keep(min_measured, std::less<double>{});
    keep(max_measured, std::greater<double>{});
    return moved;
}

std::vector<Path> reset_extremes(ObjectModel& model, const Path& instance) {
    const Value* const now = model.peek(instance.child(sensor_value));
    if (now == nullptr) return {};
    const Value value = *now;
    std::vector<Path> moved{instance.child(min_measured), instance.child(max_measured)};
    for (const Path& path : moved) (void)model.set(path, value);
    return moved;
}

}  // namespace scef::client
