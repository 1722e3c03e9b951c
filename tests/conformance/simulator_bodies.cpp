#include "simulators/scef-simulator/http_message.h"
#include "simulators/scef-simulator/nidd_answers.h"
#include "simulators/scef-simulator/t8_bodies.h"
#include "simulators/scef-simulator/t8_members.h"
#include "tests/conformance/body_lines.h"
#include "tests/conformance/simulator_event_bodies.h"

/// Prints T8 bodies as scef-simulator writes them, many of each kind, one JSON object a line. The
/// seed is the first argument.
namespace scef::conformance {
namespace {

using namespace scef_simulator;

constexpr const char* direction = "from_scef";
constexpr const char* configuration_path = "/3gpp-nidd/v1/dm/configurations/c-1";

std::optional<modem_link::RdsPort> port(Chance& chance) {
    if (!chance.maybe()) return std::nullopt;
    return modem_link::RdsPort{chance.port(), chance.port()};
}

/// Of one UE.
Identity identity(Chance& chance) {
    if (chance.flag()) return {Identity::Kind::msisdn, "491701234567"};
    return {Identity::Kind::external_id, chance.external_id()};
}

Configuration configuration(Chance& chance) {
    Configuration made;
    made.self = chance.link(configuration_path);
    made.identity = identity(chance);
    made.notification_destination = "http://adapter.example:8080/t8/v1/notifications/abc";
    made.maximum_packet_size = chance.number(1, 4294967295);
    if (chance.maybe()) made.duration = chance.time();
    if (chance.maybe()) made.reliable_data_service = chance.flag();
    if (chance.maybe()) made.pdn_establishment_option = chance.pdn_option();
    if (chance.maybe()) made.supported_features = chance.features();
    if (chance.maybe()) made.mtc_provider_id = "provider";
    made.test_notification_requested = chance.maybe();
    if (const auto pair = port(chance)) made.rds_ports = {*pair, *pair};
    return made;
}

Delivery delivery(Chance& chance) {
    Delivery made;
    made.self = chance.link(std::string(configuration_path) + "/downlink-data-deliveries/t-1");
    made.transfer.identity = identity(chance);
    made.transfer.data = chance.octets();
    if (chance.maybe()) made.transfer.reliable_data_service = chance.flag();
    made.transfer.rds_port = port(chance);
    if (chance.maybe()) {
        made.transfer.maximum_latency = std::chrono::seconds(chance.number(0, 4294967295));
    }
    if (chance.maybe()) made.transfer.priority = chance.number(0, 4294967295);
    if (chance.maybe()) made.transfer.pdn_establishment_option = chance.pdn_option();
    made.status = chance.delivery_status();
    made.answered = chance.maybe();
    if (chance.maybe()) made.requested_retransmission_time = chance.time();
    return made;
}

std::string configuration_body(Chance& chance) {
    Configuration made = configuration(chance);
    const bool is_group = chance.flag();
    if (is_group) made.identity = {Identity::Kind::external_group_id, "group@iot.example"};
    Delivery buffered = delivery(chance);
    buffered.answered = true;
    std::vector<const Delivery*> list;
    if (chance.maybe()) list = {&buffered, &buffered};
    return to_json(made, list).dump();
}

std::string uplink(Chance& chance) {
    const Configuration made = configuration(chance);
    const Bytes data = chance.octets();
    return uplink_body(made, data, port(chance)).dump();
}

Problem problem(Chance& chance) {
    Problem made;
    made.status = static_cast<int>(chance.number(400, 503));
    if (chance.maybe()) made.detail = "what is wrong";
    if (chance.maybe()) made.cause = "QUOTA_EXCEEDED";
    if (chance.maybe()) made.invalid_params = {{"/data", "is no base64"}, {"/rdsPort", ""}};
    return made;
}

std::string delivery_failure_body(Chance& chance) {
    std::optional<WallTime> again;
    if (chance.maybe()) again = chance.time();
    return delivery_failure(problem(chance), again).body;
}

}  // namespace
}  // namespace scef::conformance

int main(int argc, char** argv) {
    using namespace scef::conformance;
    Chance chance(argc > 1 ? std::stoull(argv[1]) : 1);
    print_many(chance, "NiddConfiguration", direction, configuration_body);
    print_many(chance, "NiddDownlinkDataTransfer", direction,
               [](Chance& drawn) { return to_json(delivery(drawn)).dump(); });
    print_many(chance, "NiddUplinkDataNotification", direction, uplink);
    print_many(chance, "NiddDownlinkDataDeliveryStatusNotification", direction,
               [](Chance& drawn) { return delivery_status_body(delivery(drawn)).dump(); });
    print_many(chance, "NiddConfigurationStatusNotification", direction, [](Chance& drawn) {
        const auto status = drawn.one_of<const char*>(
            {"ACTIVE", "TERMINATED", "TERMINATED_UE_NOT_AUTHORIZED", "RDS_PORT_UNKNOWN"});
        return configuration_status_body(configuration(drawn), status).dump();
    });
    print_many(chance, "NiddConfigurationStatusNotification", direction, [](Chance& drawn) {
        return port_unknown_body(configuration(drawn), {drawn.port(), drawn.port()}).dump();
    });
    print_many(chance, "TestNotification", direction,
               [](Chance& drawn) { return test_body(configuration(drawn).self).dump(); });
    print_many(chance, "NiddDownlinkDataDeliveryFailure", direction, delivery_failure_body);
    print_many(chance, "ProblemDetails", direction,
               [](Chance& drawn) { return to_json(problem(drawn)).dump(); });
    print_event_bodies(chance);
}
