#include "simulators/scef-simulator/t8_collection.h"

#include "simulators/scef-simulator/t8_answers.h"

namespace scef::scef_simulator {

std::optional<T8Call> T8Collection::call_of(const HttpRequest& request) {
    const std::optional<ResourcePath> path =
        resource_path(request.path, place_.api_path, place_.collection);
    if (!path) return std::nullopt;
    T8Call call;
    call.operation = place_.operation;
    if (path->id.empty()) {
        call.external_id = external_id_in(request.body);
    } else {
        call.external_id = host_.with_operator([&](SimulatedOperator& simulated, const Turn&) {
            return ue_of(simulated, path->scs_as_id, path->id);
        });
    }
    return call;
}

HttpAnswer T8Collection::serve(const HttpRequest& request) {
    const std::optional<ResourcePath> path =
        resource_path(request.path, place_.api_path, place_.collection);
    if (!path) return not_found("resource");
    const std::string method = request.method == "HEAD" ? "GET" : request.method;
    if (path->id.empty()) {
        if (method == "GET") return list(path->scs_as_id);
        if (method == "POST") return create(path->scs_as_id, request);
        return method_not_allowed("GET, POST");
    }
    if (method == "GET") return get(path->scs_as_id, path->id);
    if (method == "PUT") return change(path->scs_as_id, path->id, request, /*is_patch=*/false);
    if (method == "PATCH") return change(path->scs_as_id, path->id, request, /*is_patch=*/true);
    if (method == "DELETE") return remove(path->scs_as_id, path->id);
    return method_not_allowed("GET, PUT, PATCH, DELETE");
}

}  // namespace scef::scef_simulator
