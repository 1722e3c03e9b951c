#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/modem-link/frame.h"
#include "simulators/scef-simulator/identity.h"

namespace scef::scef_simulator {

using DeliveryId = std::string;
using ConfigurationId = std::string;

/// What an SCS/AS may say in a NiddDownlinkDataTransfer. Texts of open enumerations are kept as
/// they came; an unknown pdnEstablishmentOption counts as WAIT_FOR_UE.
struct Transfer {
    Identity identity;
    Bytes data;
    std::optional<bool> reliable_data_service;
    std::optional<modem_link::RdsPort> rds_port;
    std::optional<std::chrono::seconds> maximum_latency;
    std::optional<std::int64_t> priority;
    std::string pdn_establishment_option;
};

/// One transfer on its way to a UE. While `answered` is false the POST that brought it is still
/// open and it is no resource yet.
struct Delivery {
    DeliveryId id;
    ConfigurationId configuration;
    std::string self;
    std::string ue;  ///< key of the UE
    Transfer transfer;
    bool acknowledged_by_ue = false;       ///< reliable data service asked for
    std::string pdn_establishment_option;  ///< in force: the transfer's, else the configuration's
    std::string status;                    ///< DeliveryStatus
    Instant expires = never;
    bool answered = false;
    Instant answer_by = never;  ///< when an open POST is answered at the latest
    /// The frame was heard, or sent to a hop that does not tell; the UE's acknowledgement of the
    /// reliable data service is awaited until then.
    std::optional<Instant> awaits_ue_until;
    std::optional<WallTime> requested_retransmission_time;  ///< of a failure
    std::optional<std::uint32_t> sequence;                  ///< on the modem link, once it was sent
};

/// How the open POST of a delivery ends: the HTTP status, the delivery as it is then, and for 500
/// why and when to come again.
struct DeliveryAnswer {
    DeliveryId id;
    int status = 500;
    Delivery delivery;
    std::string cause;
    std::string detail;
    std::optional<WallTime> requested_retransmission_time;
};

}  // namespace scef::scef_simulator
