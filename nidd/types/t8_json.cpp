#include "nidd/types/t8_json.h"

#include <algorithm>
#include <utility>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/json_pieces.h"
#include "nidd/types/member_reader.h"
#include "nidd/types/strict_json.h"

namespace scef::nidd {
namespace {

using nlohmann::json;

/// All configurations of one SCS/AS in one answer: 100,000 and some more.
constexpr JsonLimits collection_limits{std::size_t{64} * 1024 * 1024, 16, 200'000, 64};

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

/// The members of an object, appended to its text one after the other: what a tree of values would
/// give, without the tree, for the body that is written most.
class ObjectText {
public:
    explicit ObjectText(std::size_t octets) { text_.reserve(octets); }

    void put(const char* name, std::string_view value) {
        begin(name);
        const bool plain = std::all_of(value.begin(), value.end(), [](char octet) {
            return octet >= ' ' && octet < '\x7f' && octet != '"' && octet != '\\';
        });
        if (plain) {
            text_.append(1, '"').append(value).append(1, '"');
        } else {
            text_ += dump(json(value));
        }
    }
    void put(const char* name, bool value) {
        begin(name);
        text_ += value ? "true" : "false";
    }
    void put(const char* name, std::uint32_t value) {
        begin(name);
        text_ += std::to_string(value);
    }
    void put(const char* name, const RdsPort& port) {
        begin(name);
        text_ += dump(json_of(port));
    }
    template <typename T>
    void put(const char* name, const std::optional<T>& value) {
        if (value) put(name, *value);
    }
    std::string take() {
        text_ += '}';
        return std::move(text_);
    }

private:
    void begin(const char* name) {
        text_.append(text_.empty() ? "{\"" : ",\"").append(name).append("\":");
    }

    std::string text_;
};

template <typename T>
Result<std::vector<T>> list_of(std::string_view text, const JsonLimits& limits,
                               Result<T> (*item_of)(const json&)) {
    auto list = parse_strict_json(text, limits);
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
    constexpr std::size_t members_octets = 256;
    const std::string data = to_base64(transfer.data);
    ObjectText body(data.size() + transfer.self.size() + members_octets);
    body.put("data", data);
    if (transfer.delivery_status) body.put("deliveryStatus", transfer.delivery_status->text);
    if (!transfer.external_id.empty()) body.put("externalId", transfer.external_id);
    body.put("maximumLatency", transfer.maximum_latency);
    body.put("pdnEstablishmentOption", transfer.pdn_establishment_option);
    body.put("priority", transfer.priority);
    body.put("rdsPort", transfer.rds_port);
    body.put("reliableDataService", transfer.reliable_data_service);
    if (transfer.requested_retransmission_time) {
        body.put("requestedRetransmissionTime",
                 to_rfc3339(*transfer.requested_retransmission_time));
    }
    if (!transfer.self.empty()) body.put("self", transfer.self);
    return body.take();
}

std::string to_json(const DeviceTriggering& trigger) {
    json body{{"validityPeriod", trigger.validity_period},
              {"priority", trigger.priority ? "PRIORITY" : "NO_PRIORITY"},
              {"applicationPortId", trigger.application_port_id},
              {"triggerPayload", to_base64(trigger.trigger_payload)},
              {"notificationDestination", trigger.notification_destination}};
    put_text(body, "self", trigger.self);
    put_text(body, "externalId", trigger.external_id);
    put(body, "supportedFeatures", trigger.supported_features);
    put(body, "deliveryResult", trigger.delivery_result);
    return dump(body);
}

std::string to_json(const MonitoringEventSubscription& subscription) {
    json body{{"monitoringType", subscription.monitoring_type},
              {"notificationDestination", subscription.notification_destination}};
    put_text(body, "self", subscription.self);
    put_text(body, "externalId", subscription.external_id);
    put_text(body, "reachabilityType", subscription.reachability_type);
    put(body, "maximumNumberOfReports", subscription.maximum_number_of_reports);
    if (subscription.monitor_expire_time) {
        body["monitorExpireTime"] = to_rfc3339(*subscription.monitor_expire_time);
    }
    if (subscription.idle_status_indication) body["idleStatusIndication"] = true;
    put(body, "supportedFeatures", subscription.supported_features);
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
    return list_of<NiddConfiguration>(text, collection_limits, configuration_of);
}

Result<NiddDownlinkDataTransfer> parse_transfer(std::string_view text) {
    return parse_strict_json(text, answer_limits).and_then(transfer_of);
}

Result<std::vector<NiddDownlinkDataTransfer>> parse_transfers(std::string_view text) {
    return list_of<NiddDownlinkDataTransfer>(text, answer_limits, transfer_of);
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

std::string problem_json(int status, std::string_view title, std::string_view detail,
                         std::string_view cause) {
    json problem{{"title", title}, {"status", status}};
    if (!detail.empty()) problem["detail"] = detail;
    if (!cause.empty()) problem["cause"] = cause;
    return dump(problem);
}

}  // namespace scef::nidd
