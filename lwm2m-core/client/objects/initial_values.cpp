#include "lwm2m-core/client/objects/initial_values.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lwm2m-core/client/device_clock.h"
#include "lwm2m-core/client/objects/definitions.h"

namespace scef::client {
namespace {

using Integer = std::int64_t;

std::string text(std::string_view value) { return std::string(value); }

Bytes octets(std::initializer_list<std::uint8_t> values) { return Bytes(values); }

void add_bootstrap_account(ObjectModel& model, const ClientSettings& settings) {
    if (settings.bootstrap == BootstrapUse::none) return;
    Instance& account = model.add_instance(ids::security, 0);
    account.set(0, text("coap+nidd://"));
    account.set(1, true);
    account.set(2, Integer{3});
    account.set(11, Integer{settings.bootstrap_hold_off.count()});
    account.set(12, Integer{settings.bootstrap_account_timeout.count()});
}

void add_account(ObjectModel& model, const ClientSettings& settings, std::uint16_t number) {
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    const auto short_id = Integer{number} + 1;
    Instance& security = model.add_instance(ids::security, static_cast<std::uint16_t>(number + 1));
    security.set(0, text("coap+nidd://"));
    security.set(1, false);
    security.set(2, Integer{3});
    security.set(10, short_id);
    Instance& server = model.add_instance(ids::server, number);
    server.set(0, short_id);
    server.set(1, Integer{settings.lifetime.count()});
    server.set(2, Integer{0});
    server.set(3, Integer{0});
    server.set(6, true);
    server.set(7, text("N"));
    server.set(17, settings.retry.retry_count);
    server.set(18, Integer{duration_cast<seconds>(settings.retry.retry_timer).count()});
    server.set(19, Integer{duration_cast<seconds>(settings.retry.sequence_delay).count()});
    server.set(20, settings.retry.sequence_count);
    server.set(22, text("N"));
    server.set(23, false);
}

void add_device(ObjectModel& model, const DeviceDescription& description) {
    Instance& device = model.add_instance(ids::device, 0);
    device.set(0, description.manufacturer);
    device.set(1, description.model);
    device.set(2, description.serial_number);
    device.set(3, description.firmware_version);
    constexpr Integer internal_battery = 1, usb = 5;
    device.resource(6)->set(0, internal_battery);
    device.resource(6)->set(1, usb);
    device.resource(7)->set(0, Integer{3600});
    device.resource(7)->set(1, Integer{5000});
    device.set(9, Integer{92});
    device.set(10, Integer{148});
    device.resource(11)->set(0, Integer{0});
    device.set(13, Integer{0});
    device.set(14, text("+00:00"));
    device.set(15, text("Etc/UTC"));
    device.set(16, text("N"));
    device.set(17, text("sensor"));
    device.set(18, description.hardware_version);
    device.set(19, description.software_version);
    device.set(20, Integer{0});
    device.set(21, Integer{256});
}

/// Bearer 7 is NB-IoT.
void add_connectivity_monitoring(ObjectModel& model) {
    Instance& radio = model.add_instance(ids::connectivity_monitoring, 0);
    radio.set(0, Integer{7});
    radio.resource(1)->set(0, Integer{7});
    radio.resource(1)->set(1, Integer{6});
    radio.set(2, Integer{-97});
    radio.set(3, Integer{-11});
    radio.resource(7)->set(0, text("iot"));
    radio.set(8, Integer{26'385'921});
    radio.set(9, Integer{1});
    radio.set(10, Integer{1});
    radio.set(11, Integer{9});
}

/// Pull by CoAP (protocol 0) and push are both offered (delivery method 2).
void add_firmware_update(ObjectModel& model) {
    Instance& firmware = model.add_instance(ids::firmware_update, 0);
    firmware.set(1, std::string());
    firmware.set(3, Integer{0});
    firmware.set(5, Integer{0});
    firmware.resource(8)->set(0, Integer{0});
    firmware.set(9, Integer{2});
}

void add_location(ObjectModel& model) {
    Instance& location = model.add_instance(ids::location, 0);
    location.set(0, 52.3731);
    location.set(1, 4.8922);
    location.set(2, -2.0);
    location.set(3, 15.0);
    location.set(5, Integer{0});
    location.set(6, 0.0);
}

void add_connectivity_statistics(ObjectModel& model) {
    Instance& statistics = model.add_instance(ids::connectivity_statistics, 0);
    for (const int counter : {0, 1, 2, 3, 4, 5, 8}) {
        statistics.set(static_cast<std::uint16_t>(counter), Integer{0});
    }
}

/// Power saving modes: bit 0 PSM, bit 1 eDRX. Release assistance: bit 0, it is not used.
void add_cellular_connectivity(ObjectModel& model) {
    Instance& cellular = model.add_instance(ids::cellular_connectivity, 0);
    cellular.set(4, Integer{86'400});
    cellular.set(5, Integer{20});
    cellular.set(9, octets({0x25}));
    cellular.resource(11)->set(0, text("11:0"));
    cellular.set(12, Integer{3});
    cellular.set(13, Integer{1});
    cellular.set(14, Integer{1});
}

void add_apn_profile(ObjectModel& model) {
    constexpr Integer no_authentication = 3, non_ip = 0;
    Instance& profile = model.add_instance(ids::apn_profile, 0);
    profile.set(0, text("nidd"));
    profile.set(1, text("iot"));
    profile.set(3, true);
    profile.set(4, no_authentication);
    profile.set(13, Integer{0});
    profile.set(14, Integer{0});
    profile.set(23, Integer{0});
    profile.set(24, non_ip);
}

void add_bearer_selection(ObjectModel& model) {
    Instance& selection = model.add_instance(ids::bearer_selection, 0);
    constexpr Integer nb_iot_control_plane = 14;
    selection.resource(0)->set(0, nb_iot_control_plane);
    selection.set(7, false);
    selection.set(8, text("00101"));
    selection.set(10, Integer{-140});
    selection.set(12, false);
}

void add_sensor(ObjectModel& model, const Path& path, double value, std::string_view unit,
                std::string_view place, std::pair<double, double> range) {
    Instance& sensor = model.add_instance(path.object(), path.instance());
    sensor.set(5601, value);
    sensor.set(5602, value);
    sensor.set(5603, range.first);
    sensor.set(5604, range.second);
    sensor.set(5700, value);
    sensor.set(5701, text(unit));
    sensor.set(5750, text(place));
}

void add_digital_input(ObjectModel& model) {
    Instance& input = model.add_instance(ids::digital_input, 0);
    input.set(5500, false);
    input.set(5501, Integer{0});
    input.set(5502, false);
    input.set(5503, Integer{0});
    input.set(5504, Integer{3});
    input.set(5750, text("door"));
}

void add_light(ObjectModel& model) {
    Instance& light = model.add_instance(ids::light_control, 0);
    light.set(5850, false);
    light.set(5851, Integer{0});
    light.set(5750, text("status light"));
}

void add_display(ObjectModel& model) {
    Instance& display = model.add_instance(ids::text_display, 0);
    display.set(5527, std::string());
    display.set(5750, text("display"));
}

void fill(ObjectModel& model, const ClientSettings& settings, std::uint16_t object) {
    switch (object) {
        case ids::device:
            return add_device(model, settings.description);
        case ids::connectivity_monitoring:
            return add_connectivity_monitoring(model);
        case ids::firmware_update:
            return add_firmware_update(model);
        case ids::location:
            return add_location(model);
        case ids::connectivity_statistics:
            return add_connectivity_statistics(model);
        case ids::cellular_connectivity:
            return add_cellular_connectivity(model);
        case ids::apn_profile:
            return add_apn_profile(model);
        case ids::bearer_selection:
            return add_bearer_selection(model);
        case ids::digital_input:
            return add_digital_input(model);
        case ids::illuminance:
            return add_sensor(model, Path(object, 0), 320, "lx", "window", {0, 100'000});
        case ids::temperature:
            add_sensor(model, Path(object, 0), 21.5, "Cel", "indoor", {-40, 85});
            return add_sensor(model, Path(object, 1), 7.25, "Cel", "outdoor", {-40, 85});
        case ids::light_control:
            return add_light(model);
        case ids::text_display:
            return add_display(model);
        default:
            return;  // an object that begins without an instance
    }
}

const std::array all_definitions{&objects::security,
                                 &objects::server,
                                 &objects::access_control,
                                 &objects::device,
                                 &objects::connectivity_monitoring,
                                 &objects::firmware_update,
                                 &objects::location,
                                 &objects::connectivity_statistics,
                                 &objects::cellular_connectivity,
                                 &objects::apn_profile,
                                 &objects::bearer_selection,
                                 &objects::binary_app_data,
                                 &objects::digital_input,
                                 &objects::illuminance,
                                 &objects::temperature,
                                 &objects::light_control,
                                 &objects::text_display};

/// Everything is open to every server; an account can be read by all and changed by its own server.
void grant_initial_rights(ObjectModel& model, std::uint16_t servers) {
    constexpr std::uint8_t read = 1, all_of_instance = 15, create = 16;
    if (servers < 2) return;
    AccessControl access(model);
    for (const Object& object : std::vector<Object>(model.objects())) {
        const std::uint16_t id = object.definition->id;
        if (id == ids::security || id == ids::access_control) continue;
        if (object.definition->servers_may_create()) {
            access.grant(Path(id), AccessControl::maker, create);
        }
        for (const Instance& instance : object.instances) {
            const Path path(id, instance.id);
            const bool is_account = id == ids::server;
            access.grant(path, AccessControl::maker, is_account ? read : all_of_instance);
            if (is_account) {
                access.grant_to(path, static_cast<std::uint16_t>(instance.id + 1), all_of_instance);
            }
        }
    }
}

}  // namespace

namespace object_sets {

const std::vector<std::uint16_t>& basic() {
    static const std::vector<std::uint16_t> ids{ids::device, ids::temperature};
    return ids;
}

const std::vector<std::uint16_t>& all() {
    static const std::vector<std::uint16_t> ids = [] {
        std::vector<std::uint16_t> all;
        for (const ObjectDefinition* definition : all_definitions) all.push_back(definition->id);
        return all;
    }();
    return ids;
}

}  // namespace object_sets

Status set_initial(ObjectModel& model, const Path& path, std::string_view text) {
    const ResourceDefinition* const definition = model.definition(path);
    if (definition == nullptr || definition->is_executable() || !model.exists(path.prefix(2))) {
        return fail(Errc::not_found, "the device has no resource " + path.text());
    }
    auto value = from_plain_text(text, definition->type);
    if (!value || !model.set(path, std::move(*value))) {
        return fail(Errc::invalid_argument,
                    "the value does not fit " + path.text() + ", " + std::string(definition->name));
    }
    return {};
}

void add_initial_objects(ObjectModel& model, const ClientSettings& settings) {
    const bool starts_without_account = settings.bootstrap == BootstrapUse::at_start;
    for (const ObjectDefinition* definition : all_definitions) {
        const std::uint16_t id = definition->id;
        const bool needs_access_control = id == ids::access_control && settings.servers > 1;
        const bool is_wanted = id <= ids::server || id == ids::device || needs_access_control ||
                               std::ranges::find(settings.objects, id) != settings.objects.end();
        if (!is_wanted) continue;
        model.add(*definition);
        fill(model, settings, id);
    }
    add_bootstrap_account(model, settings);
    const std::uint16_t accounts = starts_without_account ? std::uint16_t{0} : settings.servers;
    for (std::uint16_t number = 0; number < accounts; ++number) {
        add_account(model, settings, number);
    }
    grant_initial_rights(model, accounts);
    for (const auto& [path, value] : settings.initial_values) (void)set_initial(model, path, value);
}

void complete_instance(ObjectModel& model, const Path& instance, WallTime wall) {
    const auto complete = [&](std::uint16_t id, Value value) {
        if (model.peek(instance.child(id)) == nullptr) {
            (void)model.set(instance.child(id), std::move(value));
        }
    };
    switch (instance.object()) {
        case ids::temperature:
        case ids::illuminance: {
            const bool is_temperature = instance.object() == ids::temperature;
            complete(5700, is_temperature ? 20.0 : 100.0);
            const Value measured = *model.peek(instance.child(5700));
            complete(5601, measured);
            complete(5602, measured);
            return complete(5701, text(is_temperature ? "Cel" : "lx"));
        }
        case ids::digital_input:
            complete(5500, false);
            return complete(5501, Integer{0});
        case ids::light_control:
            return complete(5850, false);
        case ids::text_display:
            return complete(5527, std::string());
        case ids::apn_profile:
            complete(0, "profile " + std::to_string(instance.instance()));
            return complete(4, Integer{3});
        case ids::binary_app_data:
            return complete(2, unix_seconds(wall));
        default:
            return;
    }
}

}  // namespace scef::client
