#include "nidd/types/t8_json.h"

#include <algorithm>
#include <utility>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/member_reader.h"
#include "nidd/types/strict_json.h"

namespace scef::nidd {
namespace {

using nlohmann::json;

constexpr JsonLimits answer_limits{std::size_t{256} * 1024, 16, 1024, 64};

template <typename T>
void put(json& object, const char* name, const std::optional<T>& value) {
    if (value) object[name] = *value;
}

void put_text(json& object, const char* name, const std::string& value) {
    if (!value.empty()) object[name] = value;
}

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

ProblemDetails problem_of(MemberReader& reader) {
    ProblemDetails problem;
    problem.title = reader.text("title").value_or("");
    problem.detail = reader.text("detail").value_or("");
    problem.cause = reader.text("cause").value_or("");
    if (const auto status = reader.number<std::uint16_t>("status")) problem.status = *status;
    return problem;
}

Result<NiddConfiguration> configuration_of(const json& value) {
    MemberReader reader(value);
    NiddConfiguration configuration;
    configuration.self = reader.text("self").value_or("");
    configuration.supported_features = reader.text("supportedFeatures");
    configuration.mtc_provider_id = reader.text("mtcProviderId");
    configuration.external_id = reader.text("externalId").value_or("");
    configuration.duration = reader.time("duration");
    configuration.reliable_data_service = reader.boolean("reliableDataService");
    if (const json* ports = reader.array("rdsPorts")) {
        for (const json& port : *ports) {
            configuration.rds_ports.push_back(rds_port_of(port, reader));
        }
    }
    configuration.pdn_establishment_option = reader.text("pdnEstablishmentOption");
    configuration.notification_destination = reader.text("notificationDestination").value_or("");
    configuration.request_test_notification = reader.boolean("requestTestNotification");
    configuration.maximum_packet_size = reader.number<std::uint32_t>("maximumPacketSize");
    configuration.status = reader.word("status");
    if (configuration.maximum_packet_size == 0u) reader.refuse("maximumPacketSize is zero");
    return reader.finish(std::move(configuration));
}

Result<NiddDownlinkDataTransfer> transfer_of(const json& value) {
    MemberReader reader(value);
    NiddDownlinkDataTransfer transfer;
    transfer.self = reader.text("self").value_or("");
    transfer.external_id = reader.text("externalId").value_or("");
    transfer.data = reader.required_data("data");
    transfer.reliable_data_service = reader.boolean("reliableDataService");
    transfer.rds_port = optional_rds_port(reader);
    transfer.maximum_latency = reader.number<std::uint32_t>("maximumLatency");
    transfer.priority = reader.number<std::uint32_t>("priority");
    transfer.pdn_establishment_option = reader.text("pdnEstablishmentOption");
    auto status = reader.word("deliveryStatus");
    if (!status) status = reader.word("status");
    if (status) transfer.delivery_status = DeliveryStatus{*status};
    transfer.requested_retransmission_time = reader.time("requestedRetransmissionTime");
    return reader.finish(std::move(transfer));
}

template <typename T>
Result<std::vector<T>> list_of(std::string_view text, Result<T> (*item_of)(const json&)) {
    auto list = parse_strict_json(text, answer_limits);
    if (!list) return tl::unexpected(list.error());
    if (!list->is_array()) return fail(Errc::malformed, "the body is no JSON array");
    std::vector<T> items;
    items.reserve(list->size());
    for (const json& value : *list) {
        auto item = item_of(value);
        if (!item) return tl::unexpected(item.error());
        items.push_back(std::move(*item));
    }
    return items;
}

/// The one identity that a notification must carry (`oneOf` of TS 29.122).
void read_identity(MemberReader& reader, std::string& external_id, std::string& msisdn) {
    const auto named = reader.text("externalId");
    const auto numbered = reader.text("msisdn");
    if (named.has_value() == numbered.has_value()) {
        reader.refuse("the body must have exactly one of externalId and msisdn");
        return;
    }
    if (named) {
        auto parsed = ExternalId::parse(*named);
        if (!parsed) {
            reader.refuse("externalId is no External Identifier");
            return;
        }
        external_id = parsed->text();
        return;
    }
    const bool digits = !numbered->empty() && numbered->size() <= 15 &&
                        numbered->find_first_not_of("0123456789") == std::string::npos;
    if (!digits) {
        reader.refuse("msisdn is no number of 1 to 15 digits");
        return;
    }
    msisdn = *numbered;
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

}  // namespace

std::string to_json(const NiddConfiguration& configuration) {
    json body = json::object();
    put_text(body, "self", configuration.self);
    put(body, "supportedFeatures", configuration.supported_features);
    put(body, "mtcProviderId", configuration.mtc_provider_id);
    put_text(body, "externalId", configuration.external_id);
    if (configuration.duration) body["duration"] = to_rfc3339(*configuration.duration);
    put(body, "reliableDataService", configuration.reliable_data_service);
    for (const RdsPort& port : configuration.rds_ports) body["rdsPorts"].push_back(json_of(port));
    put(body, "pdnEstablishmentOption", configuration.pdn_establishment_option);
    put_text(body, "notificationDestination", configuration.notification_destination);
    put(body, "requestTestNotification", configuration.request_test_notification);
    put(body, "maximumPacketSize", configuration.maximum_packet_size);
    put(body, "status", configuration.status);
    return dump(body);
}

std::string to_json(const NiddDownlinkDataTransfer& transfer) {
    json body = json::object();
    put_text(body, "self", transfer.self);
    put_text(body, "externalId", transfer.external_id);
    body["data"] = to_base64(transfer.data);
    put(body, "reliableDataService", transfer.reliable_data_service);
    if (transfer.rds_port) body["rdsPort"] = json_of(*transfer.rds_port);
    put(body, "maximumLatency", transfer.maximum_latency);
    put(body, "priority", transfer.priority);
    put(body, "pdnEstablishmentOption", transfer.pdn_establishment_option);
    if (transfer.delivery_status) body["deliveryStatus"] = transfer.delivery_status->text;
    if (transfer.requested_retransmission_time) {
        body["requestedRetransmissionTime"] = to_rfc3339(*transfer.requested_retransmission_time);
    }
    return dump(body);
}

std::string configuration_patch_json(WallTime duration, const std::vector<RdsPort>& rds_ports) {
    json body{{"duration", to_rfc3339(duration)}};
    if (!rds_ports.empty()) body["reliableDataService"] = true;
    for (const RdsPort& port : rds_ports) body["rdsPorts"].push_back(json_of(port));
    return dump(body);
}

Result<NiddConfiguration> parse_configuration(std::string_view text) {
    return parse_strict_json(text, answer_limits).and_then(configuration_of);
}

Result<std::vector<NiddConfiguration>> parse_configurations(std::string_view text) {
    return list_of<NiddConfiguration>(text, configuration_of);
}

Result<NiddDownlinkDataTransfer> parse_transfer(std::string_view text) {
    return parse_strict_json(text, answer_limits).and_then(transfer_of);
}

Result<std::vector<NiddDownlinkDataTransfer>> parse_transfers(std::string_view text) {
    return list_of<NiddDownlinkDataTransfer>(text, transfer_of);
}

Result<NiddDownlinkDataDeliveryFailure> parse_delivery_failure(std::string_view text) {
    const auto value = parse_strict_json(text, answer_limits);
    if (!value) return tl::unexpected(value.error());
    MemberReader reader(*value);
    NiddDownlinkDataDeliveryFailure failure;
    const json* problem = reader.object("problemDetail");
    if (problem != nullptr) {
        MemberReader inner(*problem);
        failure.problem_detail = problem_of(inner);
        reader.absorb(inner);
    }
    failure.requested_retransmission_time = reader.time("requestedRetransmissionTime");
    if (problem == nullptr && !failure.requested_retransmission_time) {
        reader.refuse("the body is no NiddDownlinkDataDeliveryFailure");
    }
    return reader.finish(std::move(failure));
}

Result<ProblemDetails> parse_problem(std::string_view text) {
    const auto value = parse_strict_json(text, answer_limits);
    if (!value) return tl::unexpected(value.error());
    MemberReader reader(*value);
    ProblemDetails problem = problem_of(reader);
    return reader.finish(std::move(problem));
}

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
    const bool test = reader.has("subscription");
    if (int{uplink} + int{delivery} + int{status} + int{test} != 1 || (configuration && transfer)) {
        reader.refuse("the body is not one of the known notifications");
        return reader.finish(Notification{});
    }
    if (uplink) return uplink_of(reader);
    if (delivery) return delivery_status_of(reader);
    if (status) return configuration_status_of(reader);
    return test_of(reader);
}

std::string problem_json(int status, std::string_view title, std::string_view detail,
                         std::string_view cause) {
    json problem{{"title", title}, {"status", status}};
    if (!detail.empty()) problem["detail"] = detail;
    if (!cause.empty()) problem["cause"] = cause;
    return dump(problem);
}

}  // namespace scef::nidd
