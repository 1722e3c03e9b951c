#pragma once

#include <cstdint>
#include <string>

namespace scef::scef_simulator {

/// Whom a NIDD configuration or transfer is about: exactly one of the three names that T8 has.
struct Identity {
    enum class Kind : std::uint8_t { external_id, msisdn, external_group_id };
    Kind kind = Kind::external_id;
    std::string text;

    friend bool operator==(const Identity&, const Identity&) = default;
};

/// The JSON member that carries this kind of name.
inline const char* member_of(Identity::Kind kind) {
    switch (kind) {
        case Identity::Kind::external_id:
            return "externalId";
        case Identity::Kind::msisdn:
            return "msisdn";
        case Identity::Kind::external_group_id:
            return "externalGroupId";
    }
    return "externalId";
}

}  // namespace scef::scef_simulator
