#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/scef-simulator/body_reader.h"
#include "simulators/scef-simulator/identity.h"

namespace scef::scef_simulator {

/// What an SCS/AS says in a DeviceTriggering (TS 29.122 5.7.2.1.1).
struct TriggerRequest {
    Identity identity;
    std::chrono::seconds validity{0};
    std::string priority;
    std::uint16_t application_port = 0;
    std::optional<std::uint16_t> source_port;
    Bytes payload;
    std::string destination;
    std::string supported_features;  ///< common ones; empty: none given
    bool test_notification_requested = false;
};

/// One device triggering transaction: an SMS on its way, or how it ended.
struct Trigger {
    std::string id;
    std::string scs_as_id;
    std::string self;
    std::string ue;
    TriggerRequest request;
    std::string result = "TRIGGERED";  ///< DeliveryResult
    Instant expires = never;
    Instant due = never;  ///< next attempt or repetition; `never`: waits for the UE
    std::optional<std::uint32_t> sequence;  ///< on the modem link, once it was sent
    Instant armed = never;
    unsigned attempts = 0;  ///< of this round of repetitions
    bool is_pending = true;
    /// Sent by the SCEF itself so that the UE sets up its PDN connection: no SCS/AS knows of it.
    bool is_for_pdn = false;
};

/// Reads a DeviceTriggering and tells what is wrong with it; the value is of use only if nothing
/// was.
TriggerRequest read_trigger(const nlohmann::json& body, std::vector<InvalidParam>& complaints);

/// The request as it is after a merge patch.
TriggerRequest read_trigger_patch(const nlohmann::json& body, TriggerRequest request,
                                  std::vector<InvalidParam>& complaints);

nlohmann::json to_json(const Trigger& trigger);
nlohmann::json trigger_report_body(const Trigger& trigger);

}  // namespace scef::scef_simulator
