#include "lwm2m-core/client/device_objects.h"

#include <algorithm>
#include <utility>

#include "lwm2m-core/client/object_rules.h"
#include "lwm2m-core/client/objects/definitions.h"
#include "lwm2m-core/client/objects/initial_values.h"

namespace scef::client {
namespace {

const Path current_time(ids::device, 0, 13);
const Path package(ids::firmware_update, 0, 0), package_uri(ids::firmware_update, 0, 1),
    update(ids::firmware_update, 0, 2);
const Path start_collection(ids::connectivity_statistics, 0, 6),
    stop_collection(ids::connectivity_statistics, 0, 7);

}  // namespace

void DeviceObjects::reset() {
    model_ = ObjectModel{};
    add_initial_objects(model_, settings_);
    firmware_.on_factory_reset();
    traffic_.on_restart();
    traffic_.stop();
    clock_ = DeviceClock{};
}

std::vector<Path> DeviceObjects::refresh(Turn& turn) {
    constexpr Duration pause = std::chrono::minutes(1);
    clock_.refresh(model_, turn.wall);
    for (const Path& path : traffic_.publish()) {
        if (std::ranges::find(untold_counters_, path) == untold_counters_.end()) {
            untold_counters_.push_back(path);
        }
    }
    const bool is_due =
        counters_told_at_ == Instant::min() || turn.now - counters_told_at_ >= pause;
    if (untold_counters_.empty() || !is_due) return {};
    counters_told_at_ = turn.now;
    return std::exchange(untold_counters_, {});
}

std::optional<coap::Code> DeviceObjects::refuse(const Records& records) const {
    for (const Record& record : records) {
        if (const auto refused = firmware_.refuse(record)) return refused;
    }
    return std::nullopt;
}

bool DeviceObjects::may_execute(const Path& path) const {
    return path != update || firmware_.state() == FirmwareState::downloaded;
}

std::vector<Path> DeviceObjects::on_changed(const Path& path, WallTime wall) {
    if (path == current_time) clock_.on_written(model_, wall);
    if (path == package) return firmware_.on_package_written();
    if (path == package_uri) return firmware_.on_uri_written();
    if (path.depth() == 2) complete_instance(model_, path, wall);
    return apply_rules_on_change(model_, path, wall);
}

std::vector<Path> DeviceObjects::on_executed(const Path& path, Instant now) {
    if (path == update) return firmware_.update(now).value_or(std::vector<Path>{});
    if (path == start_collection) {
        traffic_.start(now);
        return traffic_.publish();
    }
    if (path == stop_collection) traffic_.stop();
    return apply_rules_on_execute(model_, path);
}

std::vector<Path> DeviceObjects::on_time(Instant now, bool& restarts) {
    traffic_.on_time(now);
    return firmware_.on_time(now, restarts);
}

void DeviceObjects::on_restart() {
    firmware_.on_restart();
    traffic_.on_restart();
}

}  // namespace scef::client
