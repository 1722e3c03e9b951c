#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace scef::scef_simulator {

/// What a path of the NIDD API names (TS 29.122 5.6.3); an empty text is a part that it does not
/// have.
struct T8Target {
    enum class Below : std::uint8_t { nothing, deliveries, rds_ports };

    std::string scs_as_id;
    std::string configuration;
    Below below = Below::nothing;
    std::string item;  ///< the delivery or the RDS port

    /// The name that fault rules have for it.
    const char* operation() const {
        return below == Below::deliveries ? "delivery" : "configuration";
    }
};

/// Nothing for a path that is no resource of the API.
std::optional<T8Target> t8_target_of(const std::string& base_path, const std::string& path);

}  // namespace scef::scef_simulator
