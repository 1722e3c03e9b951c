#include "nidd/types/json_pieces.h"

namespace scef::nidd {

using nlohmann::json;

json json_of(const RdsPort& port) {
    return {{"portUE", port.port_ue}, {"portSCEF", port.port_scef}};
}

RdsPort rds_port_of(const json& value, MemberReader& parent) {
    MemberReader reader(value);
    RdsPort port;
    port.port_ue = reader.required_number<std::uint16_t>("portUE");
    port.port_scef = reader.required_number<std::uint16_t>("portSCEF");
    parent.absorb(reader);
    return port;
}

std::optional<RdsPort> optional_rds_port(MemberReader& reader) {
    const json* value = reader.object("rdsPort");
    if (value == nullptr) return std::nullopt;
    return rds_port_of(*value, reader);
}

}  // namespace scef::nidd
