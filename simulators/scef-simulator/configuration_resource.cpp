#include "simulators/scef-simulator/configuration_resource.h"

#include <utility>

#include "simulators/scef-simulator/nidd_answers.h"
#include "simulators/scef-simulator/t8_bodies.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

json described(const Scef& scef, const Configuration& configuration) {
    return to_json(configuration, scef.network().buffered_of(configuration.ue, configuration.id));
}

}  // namespace

HttpAnswer ConfigurationResource::handle(const T8Target& target, const HttpRequest& request,
                                         const std::string& method) {
    if (target.configuration.empty()) {
        if (method == "GET") return list(target);
        if (method == "POST") return create(target, request);
        return method_not_allowed("GET, POST");
    }
    if (method == "GET") return get(target);
    if (method == "PATCH") return patch(target, request);
    if (method == "DELETE") return remove(target);
    return method_not_allowed("GET, PATCH, DELETE");
}

HttpAnswer ConfigurationResource::list(const T8Target& target) {
    return host_.with([&](Scef& scef, const Turn&) {
        if (const auto barred = scef.admission().refusal_of_scs_as(target.scs_as_id)) {
            return refused(*barred);
        }
        json list = json::array();
        for (const Configuration* configuration :
             scef.configurations().of_scs_as(target.scs_as_id)) {
            list.push_back(described(scef, *configuration));
        }
        return json_answer(200, list);
    });
}

HttpAnswer ConfigurationResource::create(const T8Target& target, const HttpRequest& request) {
    const T8Body body = body_of(request, BodyKind::json);
    const std::string base = base_uri(request, base_path_, target.scs_as_id) + "/configurations";
    return host_.with([&](Scef& scef, const Turn& turn) {
        if (const auto barred = scef.admission().refusal_of_scs_as(target.scs_as_id)) {
            return refused(*barred);
        }
        if (!body.json) return body.refusal;
        if (request.host.empty()) return problem_answer({400, "a Host is required", "", {}});
        std::vector<InvalidParam> complaints;
        ConfigurationRequest wanted = read_configuration(*body.json, turn.wall, complaints);
        if (!complaints.empty()) return bad_request(std::move(complaints));
        const auto id = scef.create(std::move(wanted), target.scs_as_id, base, turn);
        if (!id) return refused(id.error());
        const Configuration* configuration = scef.configurations().find(target.scs_as_id, *id);
        HttpAnswer created = json_answer(201, described(scef, *configuration));
        created.headers.emplace_back("Location", configuration->self);
        return created;
    });
}

HttpAnswer ConfigurationResource::get(const T8Target& target) {
    return host_.with([&](Scef& scef, const Turn&) {
        HttpAnswer refusal;
        const Configuration* configuration = find_configuration(scef, target, refusal);
        if (configuration == nullptr) return refusal;
        return json_answer(200, described(scef, *configuration));
    });
}

HttpAnswer ConfigurationResource::patch(const T8Target& target, const HttpRequest& request) {
    const T8Body body = body_of(request, BodyKind::merge_patch);
    return host_.with([&](Scef& scef, const Turn& turn) {
        HttpAnswer refusal;
        Configuration* configuration = find_configuration(scef, target, refusal);
        if (configuration == nullptr) return refusal;
        if (!body.json) return body.refusal;
        std::vector<InvalidParam> complaints;
        const ConfigurationPatch patch =
            read_configuration_patch(*body.json, turn.wall, complaints);
        if (!complaints.empty()) return bad_request(std::move(complaints));
        scef.patch(*configuration, patch, turn);
        return json_answer(200, described(scef, *configuration));
    });
}

HttpAnswer ConfigurationResource::remove(const T8Target& target) {
    return host_.with([&](Scef& scef, const Turn& turn) {
        HttpAnswer refusal;
        if (find_configuration(scef, target, refusal) == nullptr) return refusal;
        scef.remove(target.configuration, turn);
        return HttpAnswer{};
    });
}

}  // namespace scef::scef_simulator
