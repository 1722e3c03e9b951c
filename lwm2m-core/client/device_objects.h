#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "lwm2m-core/client/client_settings.h"
#include "lwm2m-core/client/device_clock.h"
#include "lwm2m-core/client/firmware.h"
#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/client/traffic.h"

namespace scef::client {

/// What the device's objects do besides holding values: clock, firmware, traffic counters and the
/// rules of single objects. Each call gives the paths that changed, to be told to observers.
class DeviceObjects {
public:
    DeviceObjects(ObjectModel& model, const ClientSettings& settings)
        : model_(model),
          settings_(settings),
          firmware_(model, settings.firmware_update_time),
          traffic_(model) {}

    /// As the device leaves the factory; all that it knew is gone.
    void reset();
    /// Clock and counters as of now. Counters are told at most once a minute, so that telling them
    /// does not go on for ever.
    std::vector<Path> refresh(Turn& turn);

    /// Why a server may not write these values.
    std::optional<coap::Code> refuse(const Records& records) const;
    bool may_execute(const Path& path) const;
    /// Something was written, measured or created.
    std::vector<Path> on_changed(const Path& path, WallTime wall);
    std::vector<Path> on_executed(const Path& path, Instant now);
    /// `restarts` becomes true when the device starts with new firmware.
    std::vector<Path> on_time(Instant now, bool& restarts);
    void on_restart();
    Instant due() const { return std::min(firmware_.due(), traffic_.due()); }

    Firmware& firmware() { return firmware_; }
    const Firmware& firmware() const { return firmware_; }
    Traffic& traffic() { return traffic_; }

private:
    ObjectModel& model_;
    const ClientSettings& settings_;
    DeviceClock clock_;
    Firmware firmware_;
    Traffic traffic_;
    Instant counters_told_at_ = Instant::min();
    std::vector<Path> untold_counters_;
};

}  // namespace scef::client
