#include <chrono>
#include <utility>

#include "lwm2m-core/vocabulary/external_id.h"
#include "nidd/types/json_pieces.h"
#include "nidd/types/t8_json.h"

/// Reading what a SCEF reports: notifications, and reports within an answer.
namespace scef::nidd {
namespace {

using nlohmann::json;

/// Of durations in seconds; the same bound as that of the whole numbers.
constexpr double seconds_max = 4294967295.0;

std::string checked_external_id(MemberReader& reader, const std::string& text) {
    auto parsed = ExternalId::parse(text);
    if (parsed) return parsed->text();
    reader.refuse("externalId is no External Identifier");
    return {};
}

std::string checked_msisdn(MemberReader& reader, const std::string& text) {
    const bool digits = !text.empty() && text.size() <= 15 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    if (digits) return text;
    reader.refuse("msisdn is no number of 1 to 15 digits");
    return {};
}

/// The one identity that a notification must carry (`oneOf` of TS 29.122).
void read_identity(MemberReader& reader, std::string& external_id, std::string& msisdn) {
    const auto named = reader.text("externalId");
    const auto numbered = reader.text("msisdn");
    if (named.has_value() == numbered.has_value()) {
        reader.refuse("the body must have exactly one of externalId and msisdn");
        return;
    }
    if (named) external_id = checked_external_id(reader, *named);
    if (numbered) msisdn = checked_msisdn(reader, *numbered);
}

Result<Notification> uplink_of(MemberReader& reader) {
    NiddUplinkDataNotification uplink;
    uplink.nidd_configuration = reader.required_text("niddConfiguration");
    uplink.data = reader.required_data("data");
    read_identity(reader, uplink.external_id, uplink.msisdn);
    uplink.reliable_data_service = reader.boolean("reliableDataService");
    uplink.rds_port = optional_rds_port(reader);
    return reader.finish(Notification{std::move(uplink)});
}

Result<Notification> delivery_status_of(MemberReader& reader) {
    NiddDownlinkDataDeliveryStatusNotification status;
    status.nidd_downlink_data_transfer = reader.required_text("niddDownlinkDataTransfer");
    auto word = reader.word("deliveryStatus");
    if (!word) word = reader.word("status");
    status.delivery_status.text = word.value_or("");
    status.requested_retransmission_time = reader.time("requestedRetransmissionTime");
    return reader.finish(Notification{std::move(status)});
}

Result<Notification> configuration_status_of(MemberReader& reader) {
    NiddConfigurationStatusNotification status;
    status.nidd_configuration = reader.required_text("niddConfiguration");
    status.status = reader.word("status").value_or("");
    read_identity(reader, status.external_id, status.msisdn);
    return reader.finish(Notification{std::move(status)});
}

Result<Notification> test_of(MemberReader& reader) {
    TestNotification test{reader.required_text("subscription")};
    return reader.finish(Notification{std::move(test)});
}

Result<Notification> trigger_report_of(MemberReader& reader) {
    DeviceTriggeringDeliveryReport report;
    report.transaction = reader.required_text("transaction");
    report.result = reader.word("result").value_or("");
    return reader.finish(Notification{std::move(report)});
}

/// A member in seconds.
std::optional<Duration> seconds_of(MemberReader& reader, const char* name) {
    const auto seconds = reader.number<std::uint32_t>(name);
    if (!seconds) return std::nullopt;
    return std::chrono::seconds(*seconds);
}

IdleStatusInfo idle_status_of(MemberReader& reader) {
    IdleStatusInfo info;
    info.active_time = seconds_of(reader, "activeTime");
    if (const auto cycle = reader.real("edrxCycleLength", seconds_max)) {
        info.edrx_cycle_length =
            std::chrono::round<Duration>(std::chrono::duration<double>(*cycle));
    }
    info.periodic_au_timer = seconds_of(reader, "periodicAUTimer");
    info.suggested_number_of_dl_packets =
        reader.number<std::uint32_t>("suggestedNumberOfDlPackets");
    return info;
}

/// TS 29.122 5.3.2.3.2. A report may name the device in both ways or in none.
MonitoringEventReport report_of(const json& value, MemberReader& parent) {
    MemberReader reader(value);
    MonitoringEventReport report;
    const auto named = reader.text("externalId");
    const auto numbered = reader.text("msisdn");
    if (named) report.external_id = checked_external_id(reader, *named);
    if (numbered) report.msisdn = checked_msisdn(reader, *numbered);
    report.monitoring_type = reader.word("monitoringType").value_or("");
    if (report.monitoring_type.empty()) reader.refuse("member monitoringType is missing");
    report.reachability_type = reader.word("reachabilityType").value_or("");
    report.max_ue_availability_time = reader.time("maxUEAvailabilityTime");
    if (const json* idle = reader.object("idleStatusInfo")) {
        MemberReader inner(*idle);
        report.idle_status_info = idle_status_of(inner);
        reader.absorb(inner);
    }
    if (reader.has("lossOfConnectReason")) report.loss_of_connectivity = true;
    parent.absorb(reader);
    return report;
}

MonitoringNotification read_monitoring(MemberReader& reader) {
    MonitoringNotification notification;
    if (const json* reports = reader.array("monitoringEventReports")) {
        for (const json& report : *reports) {
            notification.reports.push_back(report_of(report, reader));
        }
    }
    notification.cancelled = reader.boolean("cancelInd").value_or(false);
    return notification;
}

Result<Notification> monitoring_of(MemberReader& reader) {
    MonitoringNotification notification = read_monitoring(reader);
    notification.subscription = reader.required_text("subscription");
    return reader.finish(Notification{std::move(notification)});
}

}  // namespace

Result<Notification> parse_notification(std::string_view text) {
    const auto value = parse_strict_json(text);
    if (!value) return tl::unexpected(value.error());
    MemberReader reader(*value);
    const bool configuration = reader.has("niddConfiguration");
    const bool transfer = reader.has("niddDownlinkDataTransfer");
    const bool uplink = reader.has("data") && configuration;
    const bool delivery = transfer && (reader.has("deliveryStatus") || reader.has("status")) &&
                          !reader.has("gmdResults");
    const bool status = reader.has("status") && configuration;
    const bool trigger = reader.has("transaction") && reader.has("result");
    const bool subscription = reader.has("subscription");
    const int kinds = int{uplink} + int{delivery} + int{status} + int{trigger} + int{subscription};
    if (kinds != 1 || (configuration && transfer)) {
        reader.refuse("the body is not one of the known notifications");
        return reader.finish(Notification{});
    }
    if (uplink) return uplink_of(reader);
    if (delivery) return delivery_status_of(reader);
    if (status) return configuration_status_of(reader);
    if (trigger) return trigger_report_of(reader);
    const bool reports = reader.has("monitoringEventReports") || reader.has("cancelInd");
    return reports ? monitoring_of(reader) : test_of(reader);
}

Result<MonitoringNotification> parse_immediate_report(std::string_view text) {
    const auto value = parse_strict_json(text, answer_limits);
    if (!value) return tl::unexpected(value.error());
    MemberReader reader(*value);
    if (reader.has("monitoringEventReports")) return reader.finish(read_monitoring(reader));
    const json* embedded = reader.object("monitoringEventReport");
    if (embedded == nullptr && !reader.has("monitoringType")) {
        reader.refuse("the body holds no report");
    }
    MonitoringNotification notification;
    notification.reports.push_back(report_of(embedded != nullptr ? *embedded : *value, reader));
    return reader.finish(std::move(notification));
}

}  // namespace scef::nidd
