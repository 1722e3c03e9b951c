#include "simulators/scef-simulator/t8_bodies.h"

#include <utility>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/scef-simulator/rds.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

constexpr std::int64_t latency_max = 4'294'967'295;

bool is_local_at_domain(const std::string& text) {
    const std::size_t at = text.find('@');
    return at != std::string::npos && at > 0 && at + 1 < text.size() &&
           text.find('@', at + 1) == std::string::npos;
}

bool is_msisdn(const std::string& text) {
    return !text.empty() && text.size() <= 15 &&
           text.find_first_not_of("0123456789") == std::string::npos;
}

Identity read_identity(BodyReader& reader) {
    Identity identity;
    int given = 0;
    for (const Identity::Kind kind :
         {Identity::Kind::external_id, Identity::Kind::msisdn, Identity::Kind::external_group_id}) {
        const char* name = member_of(kind);
        if (!reader.has(name)) continue;
        given += 1;
        const std::optional<std::string> text = reader.text(name);
        if (!text) continue;
        const bool is_number = kind == Identity::Kind::msisdn;
        if (is_number ? !is_msisdn(*text) : !is_local_at_domain(*text)) {
            reader.complain(
                name, is_number ? "1 to 15 digits are expected" : "local-part@domain is expected");
        }
        identity = {kind, *text};
    }
    if (given != 1) {
        reader.complain("externalId",
                        "exactly one of externalId, msisdn and externalGroupId is expected");
    }
    return identity;
}

std::optional<WallTime> read_duration(BodyReader& reader, WallTime wall) {
    const std::optional<std::string> text = reader.text("duration");
    if (!text) return std::nullopt;
    const Result<WallTime> end = from_rfc3339(*text);
    if (!end) {
        reader.complain("duration", "an RFC 3339 date-time is expected");
        return std::nullopt;
    }
    if (*end <= wall) reader.complain("duration", "it is in the past");
    return *end;
}

void check_destination(BodyReader& reader, const std::string& destination) {
    if (!destination.starts_with("http://") && !destination.starts_with("https://")) {
        reader.complain("notificationDestination", "an absolute http or https URI is expected");
    }
}

std::optional<Bytes> read_data(BodyReader& reader) {
    const std::optional<std::string> text = reader.text("data");
    if (!text) return std::nullopt;
    Result<Bytes> data = from_base64(*text);
    if (!data || data->empty()) {
        reader.complain("data", "base64 of at least one octet is expected");
        return std::nullopt;
    }
    return std::move(*data);
}

void read_delivery_options(BodyReader& reader, Transfer& transfer) {
    if (reader.has("reliableDataService")) {
        transfer.reliable_data_service = reader.boolean("reliableDataService");
    }
    if (reader.has("rdsPort")) transfer.rds_port = read_rds_port(reader);
    if (const auto latency = reader.integer("maximumLatency", 0, latency_max)) {
        transfer.maximum_latency = std::chrono::seconds(*latency);
    }
    if (const auto priority = reader.integer("priority", INT32_MIN, INT32_MAX)) {
        transfer.priority = *priority;
    }
    if (auto option = reader.text("pdnEstablishmentOption")) {
        transfer.pdn_establishment_option = std::move(*option);
    }
}

}  // namespace

ConfigurationRequest read_configuration(const json& body, WallTime wall,
                                        std::vector<InvalidParam>& complaints) {
    BodyReader reader(body, complaints);
    ConfigurationRequest request;
    Configuration& configuration = request.configuration;
    configuration.identity = read_identity(reader);
    if (auto destination = reader.text("notificationDestination")) {
        check_destination(reader, *destination);
        configuration.notification_destination = std::move(*destination);
    } else if (!reader.has("notificationDestination")) {
        reader.complain("notificationDestination", "it is required");
    }
    configuration.duration = read_duration(reader, wall);
    configuration.reliable_data_service = reader.boolean("reliableDataService");
    configuration.pdn_establishment_option = reader.text("pdnEstablishmentOption").value_or("");
    configuration.mtc_provider_id = reader.text("mtcProviderId").value_or("");
    configuration.rds_ports = read_rds_ports(reader);
    configuration.test_notification_requested =
        reader.boolean("requestTestNotification").value_or(false);
    if (const auto features = reader.text("supportedFeatures")) {
        if (features->find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
            reader.complain("supportedFeatures", "hexadecimal digits are expected");
        } else {
            configuration.supported_features = features->empty() ? "0" : *features;
        }
    }
    if (const json* transfers = reader.array("niddDownlinkDataTransfers")) {
        if (transfers->size() != 1) {
            reader.complain("niddDownlinkDataTransfers", "one transfer is expected");
        }
        for (std::size_t i = 0; i < transfers->size(); ++i) {
            request.transfers.push_back(read_transfer(
                (*transfers)[i], complaints, "/niddDownlinkDataTransfers/" + std::to_string(i)));
        }
    }
    return request;
}

ConfigurationPatch read_configuration_patch(const json& body, WallTime wall,
                                            std::vector<InvalidParam>& complaints) {
    BodyReader reader(body, complaints);
    ConfigurationPatch patch;
    patch.duration = read_duration(reader, wall);
    patch.changes_duration = patch.duration.has_value() || reader.is_null("duration");
    patch.reliable_data_service = reader.boolean("reliableDataService");
    patch.changes_reliable_data_service =
        patch.reliable_data_service.has_value() || reader.is_null("reliableDataService");
    patch.pdn_establishment_option = reader.text("pdnEstablishmentOption");
    if (reader.is_null("pdnEstablishmentOption")) patch.pdn_establishment_option = "";
    if (reader.has("rdsPorts")) patch.rds_ports = read_rds_ports(reader);
    if (reader.is_null("rdsPorts")) patch.rds_ports.emplace();
    if (reader.is_null("notificationDestination")) {
        reader.complain("notificationDestination", "it is required and cannot be removed");
    }
    if (const auto destination = reader.text("notificationDestination")) {
        check_destination(reader, *destination);
        patch.notification_destination = destination;
    }
    for (const char* fixed : {"externalId", "msisdn", "externalGroupId"}) {
        if (reader.has(fixed)) reader.complain(fixed, "the identity cannot be changed");
    }
    return patch;
}

Transfer read_transfer(const json& body, std::vector<InvalidParam>& complaints,
                       const std::string& prefix) {
    BodyReader reader(body, complaints, prefix);
    Transfer transfer;
    transfer.identity = read_identity(reader);
    if (auto data = read_data(reader)) {
        transfer.data = std::move(*data);
    } else if (!reader.has("data")) {
        reader.complain("data", "it is required");
    }
    read_delivery_options(reader, transfer);
    return transfer;
}

Transfer read_transfer_patch(const json& body, Transfer transfer,
                             std::vector<InvalidParam>& complaints) {
    BodyReader reader(body, complaints);
    if (auto data = read_data(reader)) transfer.data = std::move(*data);
    read_delivery_options(reader, transfer);
    return transfer;
}

json to_json(const Configuration& configuration, const std::vector<const Delivery*>& buffered) {
    json object{{"self", configuration.self},
                {member_of(configuration.identity.kind), configuration.identity.text},
                {"notificationDestination", configuration.notification_destination},
                {"maximumPacketSize", configuration.maximum_packet_size},
                {"status", "ACTIVE"}};
    if (configuration.duration) object["duration"] = to_rfc3339(*configuration.duration);
    if (configuration.reliable_data_service) {
        object["reliableDataService"] = *configuration.reliable_data_service;
    }
    if (!configuration.pdn_establishment_option.empty()) {
        object["pdnEstablishmentOption"] = configuration.pdn_establishment_option;
    }
    if (!configuration.mtc_provider_id.empty()) {
        object["mtcProviderId"] = configuration.mtc_provider_id;
    }
    if (!configuration.supported_features.empty()) {
        object["supportedFeatures"] = configuration.supported_features;
    }
    if (configuration.test_notification_requested) object["requestTestNotification"] = true;
    for (const RdsPort& port : configuration.rds_ports) {
        object["rdsPorts"].push_back(to_json(port));
    }
    for (const Delivery* delivery : buffered) {
        object["niddDownlinkDataTransfers"].push_back(to_json(*delivery));
    }
    return object;
}

json to_json(const Delivery& delivery) {
    const Transfer& transfer = delivery.transfer;
    json object{{member_of(transfer.identity.kind), transfer.identity.text},
                {"data", to_base64(transfer.data)},
                {"deliveryStatus", delivery.status}};
    // A delivery that was made at once is no resource (TS 29.122 4.4.5.3.1).
    if (delivery.answered) object["self"] = delivery.self;
    if (transfer.reliable_data_service) {
        object["reliableDataService"] = *transfer.reliable_data_service;
    }
    if (transfer.rds_port) object["rdsPort"] = to_json(*transfer.rds_port);
    if (transfer.maximum_latency) object["maximumLatency"] = transfer.maximum_latency->count();
    if (transfer.priority) object["priority"] = *transfer.priority;
    if (!transfer.pdn_establishment_option.empty()) {
        object["pdnEstablishmentOption"] = transfer.pdn_establishment_option;
    }
    return object;
}

json uplink_body(const Configuration& configuration, ByteView data,
                 const std::optional<modem_link::RdsPort>& rds) {
    json object{{"niddConfiguration", configuration.self}, {"data", to_base64(data)}};
    const bool is_group = configuration.identity.kind == Identity::Kind::external_group_id;
    object[is_group ? "externalId" : member_of(configuration.identity.kind)] =
        is_group ? configuration.ue : configuration.identity.text;
    if (configuration.reliable_data_service) {
        object["reliableDataService"] = *configuration.reliable_data_service;
    }
    if (rds) object["rdsPort"] = to_json(*rds);
    return object;
}

json delivery_status_body(const Delivery& delivery) {
    json object{{"niddDownlinkDataTransfer", delivery.self}, {"deliveryStatus", delivery.status}};
    if (delivery.requested_retransmission_time) {
        object["requestedRetransmissionTime"] = to_rfc3339(*delivery.requested_retransmission_time);
    }
    return object;
}

json configuration_status_body(const Configuration& configuration, const char* status) {
    json object{{"niddConfiguration", configuration.self}, {"status", status}};
    if (configuration.identity.kind != Identity::Kind::external_group_id) {
        object[member_of(configuration.identity.kind)] = configuration.identity.text;
    }
    return object;
}

json port_unknown_body(const Configuration& configuration, const RdsPort& port) {
    json object = configuration_status_body(configuration, "RDS_PORT_UNKNOWN");
    object["rdsPort"] = to_json(port);
    return object;
}

}  // namespace scef::scef_simulator
