#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/scef-simulator/http_message.h"

namespace scef::scef_simulator {

/// The answers that the T8 APIs have in common.
HttpAnswer not_found(const char* what);
HttpAnswer bad_request(std::vector<InvalidParam> complaints);
HttpAnswer method_not_allowed(const char* allowed);

/// Whether a Content-Type, parameters aside, is this media type.
bool is_media_type(const std::string& content_type, std::string_view wanted);

/// The body as JSON; if it is none or of another type, nothing, and the answer that says so. A
/// patch may also be `patch_type`.
std::optional<nlohmann::json> body_of(const HttpRequest& request, bool is_patch,
                                      HttpAnswer& refusal,
                                      std::string_view patch_type = "application/merge-patch+json");

/// Where the resources of an SCS/AS begin, as this client reaches them: `http://host/api/scsAsId`.
std::string base_uri(const HttpRequest& request, const std::string& api_path,
                     const std::string& scs_as_id);

/// `{api}/{scsAsId}/{collection}[/{id}]`.
struct ResourcePath {
    std::string scs_as_id;
    std::string id;  ///< empty: the collection
};
std::optional<ResourcePath> resource_path(const std::string& path, const std::string& api_path,
                                          std::string_view collection);

/// The text member `externalId` of a body; empty if it has none.
std::string external_id_in(const std::string& body);

/// The current time, for what is dated on arrival.
WallTime wall_now();

}  // namespace scef::scef_simulator
