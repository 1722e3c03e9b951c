#include "simulators/scef-simulator/t8_target.h"

#include <vector>

#include "simulators/scef-simulator/http_message.h"

namespace scef::scef_simulator {

std::optional<T8Target> t8_target_of(const std::string& base_path, const std::string& path) {
    if (!path.starts_with(base_path + "/")) return std::nullopt;
    const std::vector<std::string> segments = segments_of(path.substr(base_path.size()));
    if (segments.size() < 2 || segments.size() > 5 || segments[1] != "configurations") {
        return std::nullopt;
    }
    T8Target target;
    target.scs_as_id = segments[0];
    if (segments.size() > 2) target.configuration = segments[2];
    if (segments.size() > 3) {
        if (segments[3] == "downlink-data-deliveries") {
            target.below = T8Target::Below::deliveries;
        } else if (segments[3] == "rds-ports") {
            target.below = T8Target::Below::rds_ports;
        } else {
            return std::nullopt;
        }
    }
    if (segments.size() > 4) target.item = segments[4];
    return target;
}

}  // namespace scef::scef_simulator
