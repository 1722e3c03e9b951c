#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/turn.h"

/// Data types of the T8 NIDD API, named as in TS 29.122 5.6; fields are the JSON names in
/// snake_case. Enumerations are open in T8, so they are texts here, with predicates.
namespace scef::nidd {

/// `DeliveryStatus` (TS 29.122 5.6.2.3.3), kept as it came; unknown values are pending.
struct DeliveryStatus {
    std::string text;

    bool is_success() const { return text.starts_with("SUCCESS"); }
    bool is_failure() const { return text.starts_with("FAILURE"); }
    bool is_pending() const { return !is_success() && !is_failure(); }
    /// `SUCCESS_ACKNOWLEDGED`: the reliable data service of the UE confirmed it.
    bool is_confirmed_by_device() const { return text == "SUCCESS_ACKNOWLEDGED"; }
    bool is_next_hop() const { return text.starts_with("SUCCESS_NEXT_HOP"); }
    friend bool operator==(const DeliveryStatus&, const DeliveryStatus&) = default;
};

struct RdsPort {
    std::uint16_t port_ue = 0;
    std::uint16_t port_scef = 0;
    friend bool operator==(const RdsPort&, const RdsPort&) = default;
};

struct ProblemDetails {
    std::string title;
    std::string detail;
    std::string cause;
    std::optional<int> status;
};

/// What we ask for and what the SCEF says it keeps (TS 29.122 5.6.2.1.2). Absent optionals are not
/// written.
struct NiddConfiguration {
    std::string self;
    std::optional<std::string> supported_features;
    std::optional<std::string> mtc_provider_id;
    std::string external_id;
    std::optional<WallTime> duration;  ///< absolute end, despite its name
    std::optional<bool> reliable_data_service;
    std::vector<RdsPort> rds_ports;
    std::optional<std::string> pdn_establishment_option;
    std::string notification_destination;
    std::optional<bool> request_test_notification;
    std::optional<std::uint32_t> maximum_packet_size;  ///< in bits; read-only
    std::optional<std::string> status;                 ///< NiddStatus; read-only
};

/// One downlink delivery (TS 29.122 5.6.2.1.3).
struct NiddDownlinkDataTransfer {
    std::string self;
    std::string external_id;
    Bytes data;
    std::optional<bool> reliable_data_service;
    std::optional<RdsPort> rds_port;
    std::optional<std::uint32_t> maximum_latency;  ///< seconds; 0 forbids buffering
    std::optional<std::uint32_t> priority;
    std::optional<std::string> pdn_establishment_option;
    std::optional<DeliveryStatus> delivery_status;
    std::optional<WallTime> requested_retransmission_time;
};

/// Body of a 500 to a delivery (TS 29.122 5.6.2.1.10).
struct NiddDownlinkDataDeliveryFailure {
    ProblemDetails problem_detail;
    std::optional<WallTime> requested_retransmission_time;
};

struct NiddUplinkDataNotification {
    std::string nidd_configuration;
    std::string external_id;  ///< empty if the SCEF names the device by `msisdn`
    std::string msisdn;
    Bytes data;
    std::optional<bool> reliable_data_service;
    std::optional<RdsPort> rds_port;
};

struct NiddDownlinkDataDeliveryStatusNotification {
    std::string nidd_downlink_data_transfer;
    DeliveryStatus delivery_status;
    std::optional<WallTime> requested_retransmission_time;
};

struct NiddConfigurationStatusNotification {
    std::string nidd_configuration;
    std::string external_id;
    std::string msisdn;
    std::string status;
};

struct TestNotification {
    std::string subscription;
};

/// A wake-up over SMS by External Identifier (TS 29.122 5.7.2.1.2).
struct DeviceTriggering {
    std::string self;
    std::string external_id;
    std::uint32_t validity_period = 0;  ///< seconds
    bool priority = false;              ///< PRIORITY, else NO_PRIORITY
    std::uint16_t application_port_id = 0;
    Bytes trigger_payload;
    std::string notification_destination;
    std::optional<std::string> supported_features;
    std::optional<std::string> delivery_result;  ///< read-only, DeliveryResult
};

struct DeviceTriggeringDeliveryReport {
    std::string transaction;
    std::string result;  ///< DeliveryResult: SUCCESS, UNKNOWN, FAILURE, TRIGGERED, EXPIRED, …
};

/// What we subscribe to (TS 29.122 5.3.2.1.2); only the members the adapter uses.
struct MonitoringEventSubscription {
    std::string self;
    std::string external_id;
    std::string monitoring_type;    ///< UE_REACHABILITY | AVAILABILITY_AFTER_DDN_FAILURE | …
    std::string reachability_type;  ///< SMS | DATA, with UE_REACHABILITY; empty: not written
    std::optional<std::uint32_t> maximum_number_of_reports;
    std::optional<WallTime> monitor_expire_time;
    bool idle_status_indication = false;
    std::string notification_destination;
    std::optional<std::string> supported_features;
};

/// TS 29.122 5.3.2.3.7 (IdleStatusInfo); durations in the JSON are seconds.
struct IdleStatusInfo {
    std::optional<Duration> active_time;        ///< T3324
    std::optional<Duration> edrx_cycle_length;  ///< may be a fraction of a second
    std::optional<Duration> periodic_au_timer;  ///< T3412
    std::optional<std::uint32_t> suggested_number_of_dl_packets;
};

struct MonitoringEventReport {
    std::string external_id;  ///< empty: the subscription's
    std::string msisdn;
    std::string monitoring_type;
    std::string reachability_type;
    std::optional<WallTime> max_ue_availability_time;
    std::optional<IdleStatusInfo> idle_status_info;
    std::optional<bool> loss_of_connectivity;  ///< a reason was given
};

struct MonitoringNotification {
    std::string subscription;
    std::vector<MonitoringEventReport> reports;
    bool cancelled = false;  ///< cancelInd: the SCEF ended the subscription
};

}  // namespace scef::nidd
