#include "lwm2m-core/client/object_rules.h"

#include <functional>

#include "lwm2m-core/client/device_clock.h"
#include "lwm2m-core/client/objects/definitions.h"

namespace scef::client {
namespace {

constexpr std::uint16_t min_measured = 5601, max_measured = 5602, reset_extremes = 5605,
                        sensor_value = 5700;
constexpr std::uint16_t input_state = 5500, input_counter = 5501, edge_selection = 5504,
                        reset_counter = 5505;
constexpr std::uint16_t display_text = 5527, clear_display = 5530;
constexpr std::uint16_t error_code = 11, reset_error_code = 12;
constexpr std::uint16_t location_timestamp = 5;

bool is_sensor(std::uint16_t object) {
    return object == ids::temperature || object == ids::illuminance;
}

void set(ObjectModel& model, const Path& path, Value value, std::vector<Path>& changed) {
    if (model.set(path, std::move(value))) changed.push_back(path);
}

void track_extremes(ObjectModel& model, const Path& instance, std::vector<Path>& changed) {
    const Value* const now = model.peek(instance.child(sensor_value));
    if (now == nullptr) return;
    const double value = std::get<double>(*now);
    const auto keep = [&](std::uint16_t id, auto beyond) {
        const Value* const extreme = model.peek(instance.child(id));
        if (extreme != nullptr && !beyond(value, std::get<double>(*extreme))) return;
        set(model, instance.child(id), value, changed);
    };
    keep(min_measured, std::less<double>{});
    keep(max_measured, std::greater<double>{});
}

/// Edge selection: 1 falling, 2 rising, 3 both.
void count_edge(ObjectModel& model, const Path& instance, std::vector<Path>& changed) {
    const bool is_high = boolean_at(model, instance.child(input_state));
    const std::int64_t edges = integer_at(model, instance.child(edge_selection), 3);
    if ((edges & (is_high ? 2 : 1)) == 0) return;
    const Path counter = instance.child(input_counter);
    set(model, counter, integer_at(model, counter) + 1, changed);
}

}  // namespace

std::vector<Path> apply_rules_on_change(ObjectModel& model, const Path& changed, WallTime wall) {
    std::vector<Path> moved;
    const Path instance = changed.prefix(2);
    if (is_sensor(changed.object()) && changed.resource() == sensor_value) {
        track_extremes(model, instance, moved);
    } else if (changed.object() == ids::digital_input && changed.resource() == input_state) {
        count_edge(model, instance, moved);
    } else if (changed.object() == ids::location && changed.resource() != location_timestamp) {
        set(model, instance.child(location_timestamp), unix_seconds(wall), moved);
    }
    return moved;
}

std::vector<Path> apply_rules_on_execute(ObjectModel& model, const Path& executed) {
    std::vector<Path> moved;
    const Path instance = executed.prefix(2);
    const std::uint16_t resource = executed.resource();
    if (is_sensor(executed.object()) && resource == reset_extremes) {
        const Value* const now = model.peek(instance.child(sensor_value));
        if (now == nullptr) return moved;
        const Value value = *now;
        for (const auto id : {min_measured, max_measured}) {
            set(model, instance.child(id), value, moved);
        }
    } else if (executed.object() == ids::digital_input && resource == reset_counter) {
        set(model, instance.child(input_counter), std::int64_t{0}, moved);
    } else if (executed.object() == ids::text_display && resource == clear_display) {
        set(model, instance.child(display_text), std::string(), moved);
    } else if (executed.object() == ids::device && resource == reset_error_code) {
        model.clear(instance.child(error_code));
        set(model, instance.child(error_code).child(0), std::int64_t{0}, moved);
        moved.push_back(instance.child(error_code));
    }
    return moved;
}

}  // namespace scef::client
