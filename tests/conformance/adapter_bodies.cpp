#include "nidd/types/t8_json.h"
#include "tests/conformance/body_lines.h"

/// Prints T8 bodies as the adapter writes them, many of each kind, one JSON object a line. The seed
/// is the first argument.
namespace scef::conformance {
namespace {

constexpr const char* direction = "to_scef";

std::vector<nidd::RdsPort> ports(Chance& chance) {
    std::vector<nidd::RdsPort> some;
    if (!chance.maybe()) return some;
    some.resize(chance.number(1, 3));
    for (nidd::RdsPort& port : some) port = {chance.port(), chance.port()};
    return some;
}

std::string configuration(Chance& chance) {
    nidd::NiddConfiguration body;
    body.external_id = chance.external_id();
    body.notification_destination = "https://adapter.example/t8/v1/notifications/abc";
    if (chance.maybe()) body.supported_features = chance.features();
    if (chance.maybe()) body.mtc_provider_id = "provider \"1\"\n\xc3\xa9";
    if (chance.maybe()) body.duration = chance.time();
    if (chance.maybe()) body.reliable_data_service = chance.flag();
    body.rds_ports = ports(chance);
    if (chance.maybe()) body.pdn_establishment_option = chance.pdn_option();
    if (chance.maybe()) body.request_test_notification = chance.flag();
    return nidd::to_json(body);
}

std::string configuration_patch(Chance& chance) {
    return nidd::configuration_patch_json(chance.time(), ports(chance));
}

std::string transfer(Chance& chance) {
    nidd::NiddDownlinkDataTransfer body;
    body.external_id = chance.external_id();
    body.data = chance.octets();
    if (chance.maybe()) body.reliable_data_service = chance.flag();
    if (chance.maybe()) body.rds_port = nidd::RdsPort{chance.port(), chance.port()};
    if (chance.maybe()) body.maximum_latency = chance.number(0, 4294967295);
    if (chance.maybe()) body.priority = chance.number(0, 4294967295);
    if (chance.maybe()) body.pdn_establishment_option = chance.pdn_option();
    return nidd::to_json(body);
}

std::string trigger(Chance& chance) {
    nidd::DeviceTriggering body;
    body.external_id = chance.external_id();
    body.validity_period = chance.number(0, 4294967295);
    body.priority = chance.flag();
    body.application_port_id = chance.port();
    body.trigger_payload = chance.octets();
    body.notification_destination = "https://adapter.example/t8/v1/notifications/abc";
    if (chance.maybe()) body.supported_features = chance.features();
    return nidd::to_json(body);
}

std::string subscription(Chance& chance) {
    nidd::MonitoringEventSubscription body;
    body.external_id = chance.external_id();
    body.notification_destination = "https://adapter.example/t8/v1/notifications/abc";
    body.monitoring_type =
        chance.one_of<std::string>({"UE_REACHABILITY", "AVAILABILITY_AFTER_DDN_FAILURE"});
    if (chance.maybe()) body.reachability_type = chance.one_of<std::string>({"SMS", "DATA"});
    if (chance.maybe()) body.maximum_number_of_reports = chance.number(1, 4294967295);
    if (chance.maybe() || !body.maximum_number_of_reports) body.monitor_expire_time = chance.time();
    body.idle_status_indication = chance.maybe();
    if (chance.maybe()) body.supported_features = chance.features();
    return nidd::to_json(body);
}

std::string problem(Chance& chance) {
    return nidd::problem_json(static_cast<int>(chance.number(400, 503)), "Title",
                              chance.maybe() ? "what is wrong" : "",
                              chance.maybe() ? "QUOTA_EXCEEDED" : "");
}

}  // namespace
}  // namespace scef::conformance

int main(int argc, char** argv) {
    using namespace scef::conformance;
    Chance chance(argc > 1 ? std::stoull(argv[1]) : 1);
    print_many(chance, "NiddConfiguration", direction, configuration);
    print_many(chance, "NiddConfigurationPatch", direction, configuration_patch);
    print_many(chance, "NiddDownlinkDataTransfer", direction, transfer);
    print_many(chance, "DeviceTriggering", direction, trigger);
    print_many(chance, "MonitoringEventSubscription", direction, subscription);
    print_many(chance, "ProblemDetails", direction, problem);
}
