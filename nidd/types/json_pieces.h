#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "nidd/types/member_reader.h"
#include "nidd/types/strict_json.h"
#include "nidd/types/t8_types.h"

/// What the readers and writers of several T8 bodies have in common.
namespace scef::nidd {

/// For an answer about one resource.
inline constexpr JsonLimits answer_limits{std::size_t{256} * 1024, 16, 1024, 64};

template <typename T>
void put(nlohmann::json& object, const char* name, const std::optional<T>& value) {
    if (value) object[name] = *value;
}

/// Leaves an empty text out.
inline void put_text(nlohmann::json& object, const char* name, const std::string& value) {
    if (!value.empty()) object[name] = value;
}

nlohmann::json json_of(const RdsPort& port);
RdsPort rds_port_of(const nlohmann::json& value, MemberReader& parent);
/// The member `rdsPort`.
std::optional<RdsPort> optional_rds_port(MemberReader& reader);

}  // namespace scef::nidd
