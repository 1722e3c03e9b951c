#include "nidd/client/beast_t8_client.h"
#include "nidd/client/percent_encoding.h"

namespace scef::nidd {
namespace {

constexpr const char* json_type = "application/json";
constexpr const char* merge_patch_type = "application/merge-patch+json";

/// One path segment (RFC 3986 3.3).
std::string segment(std::string_view text) { return "/" + percent_encode(text, "-._~"); }

}  // namespace

HttpCall http_call_of(const T8Request& request, const std::string& path_prefix,
                      const std::string& scs_as_id) {
    using Operation = T8Request::Operation;
    const std::string collection = path_prefix + segment(scs_as_id) + "/configurations";
    const std::string configuration = collection + segment(request.configuration_id);
    const std::string deliveries = configuration + "/downlink-data-deliveries";
    switch (request.operation) {
        case Operation::create_configuration:
            return {"POST", collection, json_type};
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
        case Operation::delete_delivery:
            return {"DELETE", deliveries + segment(request.transfer_id), {}};
    }
    return {};
}

}  // namespace scef::nidd
