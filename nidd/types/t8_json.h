#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"
#include "nidd/types/t8_types.h"

/// T8 bodies to and from JSON text. Reading is strict in form (RFC 8259, base64 of RFC 4648, RFC
/// 3339, ranges) and tolerant in content: unknown members are ignored, enumerations are open.
/// Pure; every function may be called from any thread.
namespace scef::nidd {

std::string to_json(const NiddConfiguration& configuration);
std::string to_json(const NiddDownlinkDataTransfer& transfer);
std::string to_json(const DeviceTriggering& trigger);
/// T8 wants one of `maximum_number_of_reports` and `monitor_expire_time`.
std::string to_json(const MonitoringEventSubscription& subscription);
/// Merge-patch of a configuration's `duration` (TS 29.122 4.4.5.2.3); `rds_ports` are left out if
/// there are none, for they cannot be taken back.
std::string configuration_patch_json(WallTime duration, const std::vector<RdsPort>& rds_ports = {});

Result<NiddConfiguration> parse_configuration(std::string_view json);
Result<std::vector<NiddConfiguration>> parse_configurations(std::string_view json);
Result<NiddDownlinkDataTransfer> parse_transfer(std::string_view json);
Result<std::vector<NiddDownlinkDataTransfer>> parse_transfers(std::string_view json);
/// A 500's body: NiddDownlinkDataDeliveryFailure; `malformed` if it is none (it must have
/// `problemDetail` or `requestedRetransmissionTime`).
Result<NiddDownlinkDataDeliveryFailure> parse_delivery_failure(std::string_view json);
Result<ProblemDetails> parse_problem(std::string_view json);

/// What the answer to a subscription may carry at once (TS 29.122 4.4.2.2.2), as a notification
/// with an empty `subscription`: a report, several, or a subscription with a report in it;
/// `malformed` if there is none.
Result<MonitoringNotification> parse_immediate_report(std::string_view json);

using Notification =
    std::variant<NiddUplinkDataNotification, NiddDownlinkDataDeliveryStatusNotification,
                 NiddConfigurationStatusNotification, TestNotification,
                 DeviceTriggeringDeliveryReport, MonitoringNotification>;

/// Reads what a SCEF POSTs to a notification destination. The bodies are told apart by their
/// members, because the official schema's `oneOf` cannot be satisfied: `data` +
/// `niddConfiguration`; `deliveryStatus` (or the deviation `status`) + `niddDownlinkDataTransfer`;
/// `status` + `niddConfiguration`; `transaction` + `result`; `subscription` with
/// `monitoringEventReports` or `cancelInd`; `subscription` alone (a test). A body that fits none or
/// several, a NIDD body that does not name exactly one of `externalId` and `msisdn`, and empty
/// `data` are `malformed`.
Result<Notification> parse_notification(std::string_view json);

/// RFC 9457 document.
std::string problem_json(int status, std::string_view title, std::string_view detail,
                         std::string_view cause = {});

}  // namespace scef::nidd
