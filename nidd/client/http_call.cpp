#include "nidd/client/beast_t8_client.h"
#include "nidd/client/percent_encoding.h"

namespace scef::nidd {
namespace {

constexpr const char* json_type = "application/json";
constexpr const char* merge_patch_type = "application/merge-patch+json";

/// One path segment (RFC 3986 3.3).
std::string segment(std::string_view text) { return "/" + percent_encode(text, "-._~"); }

/// A resource of one API: `POST` to its collection, `GET` and `DELETE` below it.
struct Collection {
    std::string path;
    std::string item;
};

HttpCall nidd_call_of(const T8Request& request, const Collection& configurations) {
    using Operation = T8Request::Operation;
    const std::string& configuration = configurations.item;
    const std::string deliveries = configuration + "/downlink-data-deliveries";
    const std::string delivery = deliveries + segment(request.transfer_id);
    switch (request.operation) {
        case Operation::create_configuration:
            return {"POST", configurations.path, json_type};
        case Operation::list_configurations:
            return {"GET", configurations.path, {}};
        case Operation::patch_configuration:
            return {"PATCH", configuration, merge_patch_type};
        case Operation::read_configuration:
            return {"GET", configuration, {}};
        case Operation::delete_configuration:
            return {"DELETE", configuration, {}};
        case Operation::create_delivery:
            return {"POST", deliveries, json_type};
        case Operation::list_deliveries:
            return {"GET", deliveries, {}};
        case Operation::read_delivery:
            return {"GET", delivery, {}};
        case Operation::replace_delivery:
            return {"PUT", delivery, json_type};
        case Operation::delete_delivery:
            return {"DELETE", delivery, {}};
        case Operation::list_rds_ports:
            return {"GET", configuration + "/rds-ports", {}};
        default:
            return {};
    }
}

}  // namespace

HttpCall http_call_of(const T8Request& request, const T8Prefixes& prefixes,
                      const std::string& scs_as_id) {
    using Operation = T8Request::Operation;
    const auto collection = [&](const std::string& prefix, const char* name,
                                const std::string& id) {
        const std::string path = prefix + segment(scs_as_id) + name;
        return Collection{path, path + segment(id)};
    };
    const auto transactions = collection(prefixes.trigger, "/transactions", request.resource_id);
    const auto subscriptions =
        collection(prefixes.monitoring, "/subscriptions", request.resource_id);
    switch (request.operation) {
        case Operation::create_trigger:
            return {"POST", transactions.path, json_type};
        case Operation::read_trigger:
            return {"GET", transactions.item, {}};
        case Operation::delete_trigger:
            return {"DELETE", transactions.item, {}};
        case Operation::create_subscription:
            return {"POST", subscriptions.path, json_type};
        case Operation::read_subscription:
            return {"GET", subscriptions.item, {}};
        case Operation::delete_subscription:
            return {"DELETE", subscriptions.item, {}};
        default:
            return nidd_call_of(
                request, collection(prefixes.nidd, "/configurations", request.configuration_id));
    }
}

}  // namespace scef::nidd
