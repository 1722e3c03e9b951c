#include "simulators/modem-simulator/settings.h"

namespace scef::modem_simulator {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
}

std::string_view local_part(const ExternalId& id) {
    return std::string_view(id.text()).substr(0, id.text().find('@'));
}

}  // namespace

std::string endpoint_name(std::string_view endpoint_template, const ExternalId& id) {
    std::string name(endpoint_template);
    replace_all(name, "{local}", local_part(id));
    replace_all(name, "{extid}", id.text());
    return name;
}

DeviceSettings device_settings(const Settings& settings, const ExternalId& id, Instant attach_at) {
    constexpr std::size_t fleet_log_entries = 20;
    DeviceSettings device;
    device.id = id;
    device.start_state = settings.start_state;
    device.attach_at = attach_at;
    if (!settings.fleet.empty()) device.log_entries_max = fleet_log_entries;
    device.register_at_start = settings.register_at_start;
    device.power = settings.power;
    device.assists_release = settings.assists_release;
    device.client = settings.client;
    device.rds = settings.rds;
    device.client->endpoint = endpoint_name(settings.endpoint_template, id);
    device.client->description.serial_number = std::string(local_part(id));
    return device;
}

}  // namespace scef::modem_simulator
