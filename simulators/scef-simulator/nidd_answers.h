#pragma once

#include <optional>

#include <nlohmann/json.hpp>

#include "simulators/scef-simulator/effects.h"
#include "simulators/scef-simulator/http_message.h"
#include "simulators/scef-simulator/refusal.h"
#include "simulators/scef-simulator/scef.h"
#include "simulators/scef-simulator/t8_answers.h"
#include "simulators/scef-simulator/t8_target.h"

/// The answers that the resources of the NIDD API have in common, beside those of all T8 APIs.
namespace scef::scef_simulator {

HttpAnswer refused(const Refusal& refusal);

/// NiddDownlinkDataDeliveryFailure of TS 29.122 5.6.2.1.8, which is no problem document.
HttpAnswer delivery_failure(const Problem& problem, const std::optional<WallTime>& again);

/// How a POST of a delivery ended.
HttpAnswer answer_of(const DeliveryAnswer& answer);

/// The body of a request as JSON, or the answer that refuses it.
struct T8Body {
    std::optional<nlohmann::json> json;
    HttpAnswer refusal;
};

enum class BodyKind : std::uint8_t { json, merge_patch };

/// A merge patch may come as application/json too, as the API has it for deliveries.
T8Body body_of(const HttpRequest& request, BodyKind kind);

/// The configuration that the path names, if it exists and its SCS/AS is authorised; else nullptr
/// and the answer that says so, in this order (TS 29.122 4.4.5.3.1).
Configuration* find_configuration(Scef& scef, const T8Target& target, HttpAnswer& refusal);

}  // namespace scef::scef_simulator
